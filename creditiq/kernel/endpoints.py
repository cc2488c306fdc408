"""Addresses that strangers register for us to call: only a plain https address of a public name is taken.

An address written as a number is refused in every spelling (127.1, 2130706433, 0x7f.1, [::ffff:7f00:1] …) because no
number is taken at all; a name that leads to a private address is refused when it is looked up (`kernel.outgoing`).
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

NAME = re.compile(r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])")
"""Labels with dots between, of which the last begins with a letter: no spelling of a number fits."""
OWN_ZONES = ("localhost", "localdomain", "local", "internal", "intranet", "lan", "home", "corp", "arpa", "onion")
"""Last labels that mean the network we stand in, or none that we reach (RFC 6761, RFC 6762, RFC 8375, RFC 9476)."""
TRANSLATED = ip_network("64:ff9b::/96")
"""NAT64 (RFC 6052): the last four octets are an IPv4 address."""
PRINTABLE = re.compile(r"[!-~]+")
TLS, LOWEST_FREE = 443, 1024
ANY_PORT = "*"


class UnfitAddress(ValueError):
    """We do not call this address; the message says what to write instead."""


@dataclass(frozen=True)
class Endpoint:
    """An address we may call. `local`: the settings name it, and it may be private and without TLS."""

    url: str
    host: str
    local: bool


def is_public(text: str) -> bool:
    """Whether an address is on the open internet, also by the IPv4 address that some IPv6 ones carry inside.

    >>> [is_public(one) for one in ("8.8.8.8", "10.0.0.1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::")]
    [True, False, False, False, False]
    """
    address = ip_address(text.partition("%")[0])
    if isinstance(address, IPv6Address) and (inner := _carried(address)) is not None:
        return all(map(_is_open, inner))
    return _is_open(address)


def endpoint(url: str, *, local_hosts: Collection[str] = (), only_hosts: Collection[str] = ()) -> Endpoint:
    """The endpoint a stranger names. Raises UnfitAddress.

    `local_hosts` are `host:port` of our own network that may be called nevertheless (port `*`: any). `only_hosts`,
    when there are some, are the only names that may be called, with what lies below them.
    """
    if not PRINTABLE.fullmatch(url) or "\\" in url:
        raise UnfitAddress("Write the address without spaces, signs of other scripts or backslashes.")
    try:
        parts = urlsplit(url)
        port, host = parts.port, (parts.hostname or "").rstrip(".")
    except ValueError as error:
        raise UnfitAddress("This is not an address of the web.") from error
    if parts.scheme not in {"http", "https"} or not host:
        raise UnfitAddress("Write an address that begins with https://.")
    if "@" in parts.netloc or parts.fragment:
        raise UnfitAddress("Leave user names, passwords and fragments out of the address.")
    if f"{host}:{port}" in local_hosts or f"{host}:{ANY_PORT}" in local_hosts:
        return Endpoint(url, host, local=True)
    _refuse_host(host, only_hosts)
    if parts.scheme != "https":
        raise UnfitAddress("Write an address that begins with https://.")
    if port not in {None, TLS} and not (port or 0) >= LOWEST_FREE:
        raise UnfitAddress("Use port 443 or one above 1023.")
    return Endpoint(url, host, local=False)


def _refuse_host(host: str, only_hosts: Collection[str]) -> None:
    if not NAME.fullmatch(host):
        raise UnfitAddress("Name the host, such as hooks.example.com; numbers are not taken.")
    if host.rpartition(".")[2] in OWN_ZONES:
        raise UnfitAddress("This name belongs to a private network.")
    if only_hosts and not any(host == one or host.endswith(f".{one}") for one in only_hosts):
        raise UnfitAddress("This installation calls only hosts that its operator has named.")


def _is_open(address: IPv4Address | IPv6Address) -> bool:
    return address.is_global and not address.is_multicast and not address.is_reserved


def _carried(address: IPv6Address) -> tuple[IPv4Address, ...] | None:
    """The IPv4 addresses inside: mapped, compatible, translated, 6to4 or Teredo; None when there are none."""
    if address in TRANSLATED or int(address) >> 32 == 0:
        return (IPv4Address(int(address) & 0xFFFFFFFF),)
    if address.ipv4_mapped or address.sixtofour:
        return tuple(one for one in (address.ipv4_mapped, address.sixtofour) if one)
    return address.teredo
