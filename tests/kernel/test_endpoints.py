"""Strangers name addresses for us to call: nothing inside is ever among them, however it is spelled."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests

from creditiq.kernel.endpoints import UnfitAddress, endpoint, is_public
from creditiq.kernel.outgoing import GuardedSession, Hostile, addresses_of

SPELLINGS = (
    "127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "0x7f.1", "0177.0.0.1", "017700000001",
    "127.0.0.1.", "0", "0.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1",
    "255.255.255.255", "224.0.0.1", "localhost", "LOCALHOST", "localhost.", "app.localhost", "printer.local",
    "metadata.google.internal", "router.lan", "1.0.0.127.in-addr.arpa", "[::1]", "[::]", "[0:0:0:0:0:0:0:1]",
    "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[fd00::1]", "[fe80::1%25eth0]",
    "①②⑦.⓪.⓪.①", "127。0。0。1", "%31%32%37.0.0.1", "example.com@127.0.0.1", "127.0.0.1:443\\@example.com",
    "example.com#@127.0.0.1", "127.0.0.1\t", "127.0.0.1\n.example.com", "intranet", "a..example.com", "-a.example.com",
)  # fmt: skip


@pytest.mark.parametrize("host", SPELLINGS)
def test_no_spelling_of_a_private_address_is_taken(host: str) -> None:
    assert len(SPELLINGS) >= 35
    with pytest.raises(UnfitAddress):
        endpoint(f"https://{host}/hook")


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.com/",
        "ftp://hooks.example.com/",
        "file:///etc/passwd",
        "gopher://hooks.example.com/",
        "//hooks.example.com/",
        "https://",
        "https://hooks.example.com:22/",
        "https://hooks.example.com:99999/",
        "https://user:password@hooks.example.com/",
        "https://hooks.example.com/#part",
        "https://[hooks.example.com/",
        "",
    ],
)
def test_only_https_on_a_harmless_port_is_taken(url: str) -> None:
    with pytest.raises(UnfitAddress):
        endpoint(url)


@pytest.mark.parametrize(
    "url", ["https://hooks.example.com", "https://hooks.example.com:8443/a?b=c", "https://xn--bcher-kva.example.com./"]
)
def test_a_public_name_is_taken(url: str) -> None:
    assert endpoint(url).local is False


def test_the_settings_may_name_hosts_of_our_own_and_the_only_ones() -> None:
    assert endpoint("http://127.0.0.1:9000/", local_hosts=["127.0.0.1:9000"]).local
    assert endpoint("http://localhost:9000/", local_hosts=["localhost:*"]).local
    with pytest.raises(UnfitAddress):
        endpoint("http://127.0.0.1:9001/", local_hosts=["127.0.0.1:9000"])
    assert endpoint("https://a.partner.example/", only_hosts=["partner.example"])
    for other in ("https://evilpartner.example/", "https://example.com/"):
        with pytest.raises(UnfitAddress, match="operator"):
            endpoint(other, only_hosts=["partner.example"])


def test_an_address_inside_an_address_is_seen() -> None:
    private = (
        "::ffff:10.0.0.1",
        "::10.0.0.1",
        "64:ff9b::a00:1",
        "2002:a00:1::",
        "fe80::1%eth0",
        "ff02::1",
        "240.0.0.1",
    )
    assert [one for one in private if is_public(one)] == []
    assert all(map(is_public, ("8.8.8.8", "2606:4700::1111", "64:ff9b::808:808")))


@contextmanager
def canary() -> Iterator[tuple[int, list[str]]]:
    """A server inside; whatever reaches it is a hit."""
    hits: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        stop = threading.Event()

        def listen() -> None:
            while not stop.is_set():
                try:
                    connection, _ = server.accept()
                except TimeoutError:
                    continue
                hits.append("connected")
                connection.close()

        thread = threading.Thread(target=listen)
        thread.start()
        try:
            yield server.getsockname()[1], hits
        finally:
            stop.set()
            thread.join()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.1", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]"])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_name_that_leads_inside_gets_not_even_a_connection(scheme: str, host: str) -> None:
    with canary() as (port, hits), GuardedSession(local=False) as session:
        with pytest.raises((requests.RequestException, Hostile)):
            session.post(f"{scheme}://{host}:{port}/", data=b"x")
        assert hits == []


def test_a_name_is_looked_up_before_it_is_kept() -> None:
    with pytest.raises(Hostile):
        addresses_of("localhost", 443)
    assert addresses_of("nowhere.invalid", 443) == ()


def test_a_name_without_an_address_is_not_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    lookups: list[str] = []

    def second_thoughts(host: str, port: int, *_: object, **__: object) -> list[tuple[object, ...]]:
        lookups.append(host)
        if len(lookups) == 1:
            raise socket.gaierror(socket.EAI_AGAIN, "try again")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.5", port))]

    monkeypatch.setattr(socket, "getaddrinfo", second_thoughts)
    with GuardedSession(local=False) as session:
        with pytest.raises(requests.ConnectionError, match="no address"):
            session.post("http://hooks.example.com/", data=b"x")
        assert lookups == ["hooks.example.com"]
        with pytest.raises(requests.ConnectionError, match="private address"):
            session.post("http://hooks.example.com/", data=b"x")
    assert len(lookups) == 2


def test_who_answers_from_inside_is_hung_up_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """A checked address that leads inside after all: nothing is sent."""
    with canary() as (port, _):
        open_line = socket.create_connection
        monkeypatch.setattr(
            "urllib3.util.connection.create_connection", lambda *_, **__: open_line(("127.0.0.1", port))
        )
        with GuardedSession(local=False) as session, pytest.raises(requests.ConnectionError, match="private address"):
            session.post(f"http://8.8.8.8:{port}/", data=b"x")


def test_a_server_that_drips_is_cut_off() -> None:
    class Dripping(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            for _ in range(100):
                try:
                    self.wfile.write(b" ")
                    self.wfile.flush()
                except OSError:
                    return
                threading.Event().wait(0.1)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Dripping)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        with GuardedSession(local=True, seconds=0.5) as session, pytest.raises((requests.RequestException, Hostile)):
            session.post(f"http://127.0.0.1:{server.server_port}/", data=b"x")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
