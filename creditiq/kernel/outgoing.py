"""HTTP to strangers who may be hostile: bounded time and size, no redirects, no way into our own network.

A name is looked up once, every address it has is checked, and the connection goes to one that was checked: a name that
leads to a private address, now or on second thoughts, gets not even a connection. An endpoint of the settings is
local by configuration: its host is written as `localhost` or as a number. What strangers register is judged by
`kernel.endpoints` before that.
"""

import socket
import threading
import time
from collections.abc import Callable
from contextlib import closing, suppress
from contextvars import ContextVar
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from creditiq.kernel.endpoints import is_public
from creditiq.kernel.nesting import depth

if TYPE_CHECKING:
    from urllib3._base_connection import BaseHTTPConnection

CONNECT_SECONDS, READ_SECONDS = 5.0, 20.0
MOST_BYTES = 5 * 2**20
PIECE = 64 * 1024
DEEPEST = 64
"""Nesting of an answer. A hundred thousand open brackets end the interpreter inside its JSON parser."""


class Hostile(OSError):
    """The other side did what no honest server does."""


class TooLarge(Hostile):
    """The answer has more bytes than the asker takes."""


class Line(HTTPConnection):
    """A connection that can be cut off while it answers: an answer that ends the connection takes its socket along."""

    line: socket.socket | None = None

    def connect(self) -> None:
        """Keep hold of the socket."""
        super().connect()
        self.line = self.sock


_under_way: ContextVar[list[Line] | None] = ContextVar("connections_under_way", default=None)
"""The connections of the request that is being made, for whoever must cut it off."""


def addresses_of(name: str, port: int) -> tuple[str, ...]:
    """Every address of a name; none when it has none. Raises Hostile when one of them is not public."""
    try:
        found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError):
        return ()
    addresses = tuple(str(entry[4][0]) for entry in found)
    if not all(map(is_public, addresses)):
        raise Hostile("the name leads to a private address")
    return addresses


def _noted(connection: Line) -> None:
    under_way = _under_way.get()
    if under_way is not None:
        under_way.append(connection)


def _connected(connection: Line, connect: Callable[[], socket.socket]) -> socket.socket:
    """To the first address that answers, of those that were checked; the name stays what the certificate must say."""
    name = connection._dns_host
    try:
        addresses = addresses_of(name, connection.port or 0)
        if not addresses:  # to connect by the name would look it up once more, unchecked
            raise Hostile("the name has no address")
        for address in addresses[:-1]:
            connection._dns_host = address
            with suppress(NewConnectionError, ConnectTimeoutError):
                return _public(connect())
        connection._dns_host = addresses[-1]
        return _public(connect())
    finally:
        connection._dns_host = name


def _public(reached: socket.socket) -> socket.socket:
    """The second belt: who is at the other end of the line has a public address too."""
    if is_public(str(reached.getpeername()[0])):
        return reached
    reached.close()
    raise Hostile("the connection leads to a private address")


class PublicConnection(Line):
    """A connection that goes only to a public address."""

    def _new_conn(self) -> socket.socket:
        return _connected(self, super()._new_conn)


class PublicTlsConnection(Line, HTTPSConnection):
    """The same under TLS."""

    def _new_conn(self) -> socket.socket:
        return _connected(self, super()._new_conn)


class OwnConnection(Line):
    """A connection to an endpoint that the settings name."""


class OwnTlsConnection(Line, HTTPSConnection):
    """The same under TLS."""


class Watched(HTTPConnectionPool):
    """A pool that says which connection carries a request, one that was open before too."""

    def _get_conn(self, timeout: float | None = None) -> "BaseHTTPConnection":
        connection = super()._get_conn(timeout)
        if isinstance(connection, Line):
            _noted(connection)
        return connection


class PublicPool(Watched):
    """Pool of such connections."""

    ConnectionCls = PublicConnection


class PublicTlsPool(Watched, HTTPSConnectionPool):
    """The same under TLS."""

    ConnectionCls = PublicTlsConnection


class OwnPool(Watched):
    """Pool of connections to our own network."""

    ConnectionCls = OwnConnection


class OwnTlsPool(Watched, HTTPSConnectionPool):
    """The same under TLS."""

    ConnectionCls = OwnTlsConnection


class GuardedSession(requests.Session):
    """A session that follows nothing, waits for nobody long, and reads no more than MOST_BYTES."""

    def __init__(self, *, local: bool, most_bytes: int = MOST_BYTES, seconds: float = READ_SECONDS) -> None:
        super().__init__()
        self.trust_env = False
        self.most_bytes = most_bytes
        self.seconds = seconds
        adapter = HTTPAdapter()
        plain, tls = (OwnPool, OwnTlsPool) if local else (PublicPool, PublicTlsPool)
        adapter.poolmanager.pool_classes_by_scheme = {"http": plain, "https": tls}
        for scheme in ("http://", "https://"):
            self.mount(scheme, adapter)

    def send(self, request: requests.PreparedRequest, **options: object) -> requests.Response:
        """One request, cut off when its time is over. Raises Hostile and what requests raises."""
        began = time.monotonic()
        connections: list[Line] = []
        before = _under_way.set(connections)
        watch = threading.Timer(self.seconds, _cut, [connections])
        watch.start()
        try:
            bounds = {"stream": True, "allow_redirects": False, "timeout": (CONNECT_SECONDS, self.seconds)}
            response = super().send(request, **{**options, **bounds})
            with closing(response):  # all of it is read, or none of it is wanted
                if response.is_redirect:
                    raise Hostile("the answer is a redirect")
                response._content = self._read(response, began)
        finally:
            watch.cancel()
            _under_way.reset(before)
        return response

    def _read(self, response: requests.Response, began: float) -> bytes:
        content = bytearray()
        for piece in response.iter_content(PIECE):
            content += piece
            if len(content) > self.most_bytes:
                raise TooLarge("the answer is too large")
            if time.monotonic() - began > self.seconds:
                raise Hostile("the answer is too slow")
        if depth(bytes(content)) > DEEPEST:
            raise Hostile("the answer is nested too deep")
        return bytes(content)


def _cut(connections: list[Line]) -> None:
    """A byte now and then would hold a worker for hours: time is over for the whole answer."""
    for connection in connections:
        for line in (connection.sock, connection.line):
            if line is not None:
                with suppress(OSError):
                    line.shutdown(socket.SHUT_RDWR)


def is_local(url: str) -> bool:
    """Whether the settings name an endpoint of our own network."""
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or bool(ip_address(host))
    except ValueError:
        return False


def session_for(url: str) -> GuardedSession:
    """The session for an address of the settings."""
    return GuardedSession(local=is_local(url))
