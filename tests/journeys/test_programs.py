"""A program is called when its business has a new score, tries things on the sandbox, and is counted."""

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from accounts.engine.webhooks import verify
from tests.journeys.callers import Caller, eventually
from tests.product import Product

pytestmark = pytest.mark.integration
Calls = list[tuple[dict[str, str], bytes]]


@pytest.fixture
def receiver() -> Iterator[tuple[str, Calls]]:
    """A server of ours, and what it was sent."""
    calls: Calls = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            calls.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/hook", calls
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_new_score_is_told_to_the_owners_server(running_product: Product, receiver: tuple[str, Calls]) -> None:
    url, calls = receiver
    priya = Caller(running_product.address, "priya")
    made = priya.post("webhooks", {"url": url, "events": ["score.issued"]})
    assert made.status_code == 201, made.text
    address = f"webhooks/{made.json()['id']}"
    try:
        priya.await_score(priya.request_score(priya.business()["gstin"]))
        headers, body = eventually(lambda: list(calls), bool)[0]
        verify(secret=made.json()["secret"], headers=headers, body=body, now=time.time())
        assert priya.business()["id"] in body.decode()
        log = eventually(lambda: priya.get(f"{address}/deliveries?state=delivered").json()["results"], bool)
        assert log[0]["id"] == headers["webhook-id"]
    finally:
        priya.session.delete(f"{priya.base}/{address}", timeout=30)


def test_a_test_key_scores_a_made_up_business_and_sees_nothing_real(running_product: Product) -> None:
    priya = Caller(running_product.address, "priya")
    assert priya.post("sandbox/reset", {}).status_code == 202
    eventually(lambda: priya.get("sandbox").json(), lambda shown: shown["reset"]["state"] == "done")
    made_up = priya.get("sandbox").json()["businesses"]
    terms = {"name": "try", "scopes": ["view_score", "request_score"], "sandbox": "officer"}
    key = priya.post("keys", terms).json()
    program = Caller(running_product.address)
    program.session.headers["Authorization"] = f"Api-Key {key['key']}"
    asked = program.post("score/by_key", {"gstin": made_up[0]["gstin"]})
    assert asked.headers["Sandbox"] == "true"
    assert program.await_score(asked.json()["task_id"])["status"] == "complete"
    assert program.post("score/by_key", {"gstin": priya.business()["gstin"]}).status_code == 404
    used = eventually(lambda: priya.get(f"analytics/{key['id']}").json(), lambda shown: shown["total"]["calls"] >= 3)
    assert "POST /api/v1/score/by_key" in {operation["name"] for operation in used["operations"]}
    priya.session.delete(f"{priya.base}/keys/{key['id']}", timeout=30)
