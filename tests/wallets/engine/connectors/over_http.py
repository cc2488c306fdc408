"""A far end behind real HTTP."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qsl, urlsplit

from tests.wallets.engine.connectors.far_ends import Aggregator, GstNetwork
from wallets.engine.connectors.protocol import Question


class _Door(BaseHTTPRequestHandler):
    """HTTP in front of a far end."""

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def _serve(self) -> None:
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = dict(self.headers.items())
        question = Question(
            self.command, parts.path.removeprefix("/base/"), headers, dict(parse_qsl(parts.query)), body
        )
        told = self.server.far_end.ask(question)
        self.send_response(told.status)
        for name, value in {**told.headers, "Content-Length": str(len(told.body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(told.body)

    def log_message(self, *_: object) -> None:
        """Nothing on the terminal of the tests."""


def served(far_end: GstNetwork | Aggregator) -> ThreadingHTTPServer:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Door)
    server.far_end = far_end
    Thread(target=server.serve_forever, daemon=True).start()
    return server
