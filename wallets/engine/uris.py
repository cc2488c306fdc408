"""Absolute URIs and authorities of RFC 3986, judged by its grammar rather than repaired."""

import ipaddress
import re

_UNRESERVED = r"A-Za-z0-9\-._~"
_SUB = r"!$&'()*+,;="
_PCT = r"%[0-9A-Fa-f]{2}"
_PCHAR = rf"(?:[{_UNRESERVED}{_SUB}:@]|{_PCT})"
SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+\-.]*", re.ASCII)
_USERINFO = re.compile(rf"(?:[{_UNRESERVED}{_SUB}:]|{_PCT})*", re.ASCII)
_REG_NAME = re.compile(rf"(?:[{_UNRESERVED}{_SUB}]|{_PCT})*", re.ASCII)
_FUTURE = re.compile(rf"[vV][0-9A-Fa-f]+\.[{_UNRESERVED}{_SUB}:]+", re.ASCII)
_PORT = re.compile(r"[0-9]*", re.ASCII)
_PATH = re.compile(rf"(?:{_PCHAR}|/)*", re.ASCII)
_TAIL = re.compile(rf"(?:{_PCHAR}|[/?])*", re.ASCII)
PCHARS = re.compile(rf"{_PCHAR}*", re.ASCII)


def is_uri(text: str) -> bool:
    """Whether the text is a URI with a scheme (RFC 3986 §3).

    >>> is_uri("https://service.org/login"), is_uri("urn:isbn:0451450523"), is_uri("not_a_uri")
    (True, True, False)
    """
    scheme, colon, rest = text.partition(":")
    if not colon or SCHEME.fullmatch(scheme) is None:
        return False
    rest, _, fragment = rest.partition("#")
    rest, _, query = rest.partition("?")
    if _TAIL.fullmatch(fragment) is None or _TAIL.fullmatch(query) is None:
        return False
    if not rest.startswith("//"):
        return _PATH.fullmatch(rest) is not None
    authority, _, path = rest[2:].partition("/")
    return is_authority(authority) and _PATH.fullmatch(path) is not None


def is_authority(text: str) -> bool:
    """Whether the text is `[userinfo@]host[:port]` (RFC 3986 §3.2)."""
    userinfo, at, host = text.rpartition("@")
    if at and _USERINFO.fullmatch(userinfo) is None:
        return False
    if host.startswith("["):
        literal, bracket, port = host[1:].partition("]")
        return bool(bracket) and _is_literal(literal) and (not port or (port[0] == ":" and _is_port(port[1:])))
    name, _, port = host.partition(":")
    return _REG_NAME.fullmatch(name) is not None and _is_port(port)


def _is_port(text: str) -> bool:
    return _PORT.fullmatch(text) is not None


def _is_literal(text: str) -> bool:
    """An IPv6 address without a zone, or the form kept for later versions."""
    if _FUTURE.fullmatch(text):
        return True
    try:
        return "%" not in text and _strict_v6(text)
    except ValueError:
        return False


def _strict_v6(text: str) -> bool:
    """As Python reads it, and `::` never stands for nothing: beside it at most seven groups remain."""
    ipaddress.IPv6Address(text)
    groups = [group for group in text.split(":") if group]
    width = sum(2 if "." in group else 1 for group in groups)
    return "::" not in text or width <= 7
