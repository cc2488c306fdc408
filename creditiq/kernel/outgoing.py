"""HTTP to strangers who may be hostile: bounded time and size, no redirects, no way into our own network.

The check is made on the address a connection really reached, before anything is sent: a name that resolves to a private
address, now or on second thoughts, gets nothing. An endpoint is local by configuration: its host is written as
`localhost` or as a number.
"""

import socket
import time
from ipaddress import ip_address
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from creditiq.kernel.nesting import depth

CONNECT_SECONDS, READ_SECONDS = 5.0, 20.0
MOST_BYTES = 5 * 2**20
PIECE = 64 * 1024
DEEPEST = 64
"""Nesting of an answer. A hundred thousand open brackets end the interpreter inside its JSON parser."""


class Hostile(OSError):
    """The other side did what no honest server does."""


def _public(reached: socket.socket) -> socket.socket:
    address = ip_address(str(reached.getpeername()[0]).partition("%")[0])
    if not address.is_global or address.is_multicast:
        reached.close()
        raise Hostile("the name leads to a private address")
    return reached


class PublicConnection(HTTPConnection):
    """A connection that goes on only to a public address."""

    def _new_conn(self) -> socket.socket:
        return _public(super()._new_conn())


class PublicTlsConnection(HTTPSConnection):
    """The same under TLS."""

    def _new_conn(self) -> socket.socket:
        return _public(super()._new_conn())


class PublicPool(HTTPConnectionPool):
    """Pool of such connections."""

    ConnectionCls = PublicConnection


class PublicTlsPool(HTTPSConnectionPool):
    """The same under TLS."""

    ConnectionCls = PublicTlsConnection


class GuardedSession(requests.Session):
    """A session that follows nothing, waits for nobody long, and reads no more than MOST_BYTES."""

    def __init__(self, *, local: bool, most_bytes: int = MOST_BYTES, seconds: float = READ_SECONDS) -> None:
        super().__init__()
        self.trust_env = False
        self.most_bytes = most_bytes
        self.seconds = seconds
        adapter = HTTPAdapter()
        if not local:
            adapter.poolmanager.pool_classes_by_scheme = {"http": PublicPool, "https": PublicTlsPool}
        for scheme in ("http://", "https://"):
            self.mount(scheme, adapter)

    def send(self, request: requests.PreparedRequest, **options: object) -> requests.Response:
        """One request. Raises Hostile and what requests raises."""
        began = time.monotonic()
        bounds = {"stream": True, "allow_redirects": False, "timeout": (CONNECT_SECONDS, self.seconds)}
        response = super().send(request, **{**options, **bounds})
        if response.is_redirect:
            response.close()
            raise Hostile("the answer is a redirect")
        content = bytearray()
        for piece in response.iter_content(PIECE):
            content += piece
            if len(content) > self.most_bytes or time.monotonic() - began > self.seconds:
                response.close()
                raise Hostile("the answer is too large or too slow")
        if depth(bytes(content)) > DEEPEST:
            raise Hostile("the answer is nested too deep")
        response._content = bytes(content)
        return response


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
