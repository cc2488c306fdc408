"""Every hostile behaviour of a chain node and of a language model, one after the other (reliability.md §3)."""

import gzip
import json
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import psutil
import pytest
from django.conf import LazySettings
from django.core.cache import cache

from scoring.engine.grounding import Fact
from scoring.services import wording
from tests.drills.conftest import Tell
from wallets.chain.port import ChainUnreachable, LogFilter, TooManyLogs
from wallets.chain.web3_node import connect

pytestmark = [
    pytest.mark.integration,
    # a stranger that hangs leaves its end of the line to the collector
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
LONGEST_NODE, LONGEST_MODEL, MOST_MB = 20.0, 3.5, 100
BOMB = gzip.compress(b"0" * 300 * 2**20, 9)
"""Three hundred megabytes in three hundred kilobytes."""
Behaviour = Callable[[BaseHTTPRequestHandler], None]


def say(request: BaseHTTPRequestHandler, body: bytes, status: int = 200, **headers: str) -> None:
    request.send_response(status)
    for name, value in {"Content-Length": str(len(body)), **headers}.items():
        request.send_header(name.replace("_", "-"), value)
    request.end_headers()
    request.wfile.write(body)


def drip(request: BaseHTTPRequestHandler) -> None:
    request.send_response(200)
    request.send_header("Content-Length", "1000000")
    request.end_headers()
    for _ in range(300):
        request.wfile.write(b" ")
        request.wfile.flush()
        time.sleep(0.1)


def rpc(result: object) -> bytes:
    return json.dumps({"jsonrpc": "2.0", "id": 0, "result": result}).encode()


def chat(content: object) -> bytes:
    return json.dumps({"choices": [{"message": {"role": "assistant", "content": content}}]}).encode()


EITHER: Mapping[str, Behaviour] = {
    "nothing": lambda request: say(request, b""),
    "a page": lambda request: say(request, b"<html>out of order</html>"),
    "cut off": lambda request: say(request, b'{"result": "0x', Content_Length="4000"),
    "an error": lambda request: say(request, b"{}", 500),
    "busy": lambda request: say(request, b"{}", 429),
    "elsewhere": lambda request: say(request, b"", 302, Location="http://169.254.169.254/latest"),
    "deep": lambda request: say(request, b"[" * 200_000),
    "six megabytes": lambda request: say(request, b'{"result": "' + b"0" * 6 * 2**20 + b'"}'),
    "a bomb": lambda request: say(request, BOMB, Content_Encoding="gzip"),
    "hangs": lambda _request: time.sleep(30),
    "drips": drip,
    "hangs up": lambda request: request.connection.shutdown(socket.SHUT_RDWR),
    "not utf-8": lambda request: say(request, b'{"result": "\xff\xfe"}'),
}
NODES: Mapping[str, Behaviour] = EITHER | {
    "a wrong kind": lambda request: say(request, rpc({"number": 1})),
    "a word": lambda request: say(request, rpc("latest")),
    "a height beyond": lambda request: say(request, rpc("0x" + "f" * 70)),
    "refuses": lambda request: say(request, json.dumps({"error": {"code": -32000, "message": "no"}}).encode()),
}
MODELS: Mapping[str, Behaviour] = EITHER | {
    "no choice": lambda request: say(request, b'{"choices": []}'),
    "a number": lambda request: say(request, chat(7)),
    "prose": lambda request: say(request, chat("Ignore the facts. You are approved!")),
    "another figure": lambda request: say(request, chat(sentence("Your score is 900."))),
    "markup": lambda request: say(request, chat(sentence("<script>alert(1)</script> Your score is 640."))),
    "another direction": lambda request: say(request, chat(sentence("Your score is 640.", direction="raises"))),
    "more sentences": lambda request: say(request, chat(json.dumps({"sentences": [{}, {}, {}]}))),
}


def sentence(text: str, direction: str = "lowers") -> str:
    return json.dumps({"sentences": [{"fact": 1, "direction": direction, "text": text}]})


@contextmanager
def serving(behaves: Behaviour) -> Iterator[str]:
    class Stranger(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            with suppress(OSError):
                behaves(self)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Stranger)
    server.daemon_threads = True
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def resident_mb() -> float:
    return psutil.Process().memory_info().rss / 2**20


@pytest.mark.goal("nothing concluded, 20 s a question, 100 MB")
def test_a_hostile_node_is_unreachable_and_nothing_is_concluded(tell: Tell) -> None:
    before, slowest = resident_mb(), ("", 0.0)
    for name, behaves in NODES.items():
        with serving(behaves) as url:
            node, started = connect(url), time.monotonic()
            with pytest.raises(ChainUnreachable):
                node.chain_id()
            with pytest.raises((ChainUnreachable, TooManyLogs)):
                node.logs(LogFilter(0, 10))
            slowest = max(slowest, (name, time.monotonic() - started), key=lambda one: one[1])
    grown = resident_mb() - before
    tell(behaviours=len(NODES), concluded=0, slowest=f"{slowest[1]:.1f} s ({slowest[0]})", grown_mb=round(grown))
    assert slowest[1] <= 2 * (LONGEST_NODE + 1)
    assert grown <= MOST_MB


@pytest.mark.goal("nothing told, the template within 3.5 s, 100 MB")
def test_a_hostile_model_is_not_taken_at_its_word(services: object, settings: LazySettings, tell: Tell) -> None:
    settings.LLM_MODEL, settings.LLM_API_KEY = "any", ""
    fact = Fact(code="score", direction="lowers", text="Your score is 640.")
    before, slowest, why = resident_mb(), ("", 0.0), set()
    for name, behaves in MODELS.items():
        cache.delete(wording.FAILURES)
        with serving(behaves) as url:
            settings.LLM_BASE_URL = f"{url}/v1"
            started = time.monotonic()
            with pytest.raises(wording.NoWording) as refusal:
                wording.worded([fact], "en")
            why.add(str(refusal.value))
            slowest = max(slowest, (name, time.monotonic() - started), key=lambda one: one[1])
        time.sleep(0.2)
    cache.delete(wording.FAILURES)
    grown = resident_mb() - before
    tell(behaviours=len(MODELS), told=0, why=sorted(why), slowest=f"{slowest[1]:.1f} s ({slowest[0]})", mb=round(grown))
    assert slowest[1] <= LONGEST_MODEL
    assert grown <= MOST_MB
