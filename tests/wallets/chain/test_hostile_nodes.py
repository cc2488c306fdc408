"""Nodes that lie, flood, dawdle or point elsewhere: nothing is concluded, nothing inside is reached."""

import json
import resource
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from web3 import HTTPProvider

from creditiq.kernel import outgoing
from wallets.chain import ranges
from wallets.chain.port import ChainUnreachable, LogFilter, TooManyLogs
from wallets.chain.web3_node import Web3Node, connect

Answer = Callable[[BaseHTTPRequestHandler], None]


@contextmanager
def serving(answer: Answer) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            answer(self)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def says(document: object, status: int = 200) -> Answer:
    content = document if isinstance(document, bytes) else json.dumps(document).encode()

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        request.send_header("Content-Length", str(len(content)))
        request.end_headers()
        try:
            request.wfile.write(content)
        except OSError:
            request.close_connection = True

    return answer


def refuses(code: int, message: str, data: object = None) -> Answer:
    return says({"jsonrpc": "2.0", "id": 0, "error": {"code": code, "message": message, "data": data}})


@pytest.mark.parametrize(
    "nonsense",
    [
        b"", b"<html>", b"[]", b"null", b'{"jsonrpc":"2.0","id":0}', b'{"result": []}', b'{"result": "latest"}',
        b'{"result": {"number": 1}}', b"[" * 100_000, b'{"error": {"code": "x"}}',
    ],
)  # fmt: skip
def test_nonsense_is_no_answer(nonsense: bytes) -> None:
    with serving(says(nonsense)) as url:
        node = connect(url)
        for question in (node.chain_id, node.head, node.genesis_hash, lambda: node.transactions(1)):
            with pytest.raises(ChainUnreachable):
                question()


def test_an_answer_larger_than_five_megabytes_is_not_read() -> None:
    flood = b'{"result": "' + b"0" * (outgoing.MOST_BYTES + 1) + b'"}'
    with serving(says(flood)) as url, pytest.raises(ChainUnreachable, match="TooLarge"):
        connect(url).chain_id()


def bomb(megabytes: int) -> bytes:
    """An answer of a few hundred kilobytes that unpacks to so much."""
    packing = zlib.compressobj(wbits=31)
    parts = [packing.compress(b'{"result": "0x')]
    parts += [packing.compress(b"0" * 2**20) for _ in range(megabytes)]
    return b"".join((*parts, packing.compress(b'"}'), packing.flush()))


def test_a_packed_answer_is_unpacked_no_further_than_five_megabytes() -> None:
    content = bomb(300)

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Encoding", "gzip")
        request.send_header("Content-Length", str(len(content)))
        request.end_headers()
        with suppress(OSError):
            request.wfile.write(content)

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with serving(answer) as url, pytest.raises(ChainUnreachable, match="TooLarge"):
        connect(url).chain_id()
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60 * 1024  # kilobytes


def test_an_answer_that_drips_is_given_up() -> None:
    def drip(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Length", "100000")
        request.end_headers()
        try:
            for _ in range(40):
                request.wfile.write(b"0" * 70_000 if _ < 1 else b"0")
                request.wfile.flush()
                time.sleep(0.05)
        except OSError:
            request.close_connection = True

    session = outgoing.GuardedSession(local=True, seconds=0.4)
    with serving(drip) as url, pytest.raises(ChainUnreachable):
        Web3Node(HTTPProvider(url, session=session, exception_retry_configuration=None)).chain_id()


def test_a_byte_now_and_then_holds_nobody_whatever_becomes_of_the_connection() -> None:
    """An answer of HTTP/1.0 ends its connection, which gives its socket away."""

    def drip(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Length", "100000")
        request.end_headers()
        with suppress(OSError):
            for _ in range(100):
                request.wfile.write(b" ")
                request.wfile.flush()
                time.sleep(0.05)

    session, started = outgoing.GuardedSession(local=True, seconds=0.4), time.monotonic()
    with serving(drip) as url, pytest.raises(ChainUnreachable):
        Web3Node(HTTPProvider(url, session=session, exception_retry_configuration=None)).chain_id()
    assert time.monotonic() - started < 3


def test_redirects_are_not_followed() -> None:
    reached = []

    def elsewhere(request: BaseHTTPRequestHandler) -> None:
        reached.append(request.path)
        request.send_response(307)
        request.send_header("Location", "/secret")
        request.send_header("Content-Length", "0")
        request.end_headers()

    with serving(elsewhere) as url, pytest.raises(ChainUnreachable, match="Hostile"):
        connect(url).chain_id()
    assert reached == ["/"]


def test_a_name_that_leads_inside_is_not_talked_to() -> None:
    reached = []
    with serving(lambda request: reached.append(request.path)) as url:
        session = outgoing.GuardedSession(local=False)
        with pytest.raises(ChainUnreachable):
            Web3Node(HTTPProvider(url, session=session, exception_retry_configuration=None)).chain_id()
    assert reached == []


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://localhost:8545", True), ("http://127.0.0.1:8545", True), ("http://[::1]:8545", True),
        ("http://10.0.0.7", True), ("https://node.example", False), ("https://localhost.example", False),
    ],
)  # fmt: skip
def test_an_endpoint_is_local_only_when_it_is_written_so(url: str, local: bool) -> None:
    assert outgoing.is_local(url) is local


@pytest.mark.parametrize(
    ("code", "message", "data", "suggested"),
    [
        (-32005, "query returned more than 10000 results", {"from": "0x10", "to": "0x20"}, (16, 32)),
        (-32602, "Log response size exceeded. this block range should work: [0x1, 0x7d0]", None, (1, 2000)),
        (-32000, "block range is too large, retry with the range 100-2100", None, (100, 2100)),
        (-32614, "eth_getLogs is limited to a 10,000 range", None, None),
    ],
)
def test_refusals_of_ranges_are_understood(code: int, message: str, data: object, suggested: object) -> None:
    with serving(refuses(code, message, data)) as url, pytest.raises(TooManyLogs) as refusal:
        connect(url).logs(LogFilter(0, 5_000))
    assert refusal.value.suggested == suggested


def test_another_refusal_is_not_taken_for_a_range() -> None:
    with serving(refuses(-32000, "unauthorized")) as url, pytest.raises(ChainUnreachable):
        connect(url).logs(LogFilter(0, 5_000))


def test_a_node_that_refuses_single_blocks_is_given_up() -> None:
    refusal = refuses(-32005, "more than 10000 results")
    with serving(refusal) as url, pytest.raises(ChainUnreachable, match="less than one block"):
        list(ranges.read(connect(url), LogFilter(5, 9)))
