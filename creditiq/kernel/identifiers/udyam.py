"""Udyam registration number of a micro, small or medium enterprise."""

import re
from dataclasses import dataclass

from creditiq.kernel.identifiers.errors import InvalidIdentifier

_SHAPE = re.compile(r"UDYAM-([A-Z]{2})-([0-9]{2})-([0-9]{7})")


@dataclass(frozen=True)
class Udyam:
    """A well-formed registration: two letters of the state, two digits of the district, a serial number."""

    text: str
    state: str
    district: str
    serial: int


def parse(text: str) -> Udyam:
    """Read a Udyam registration number.

    >>> parse("UDYAM-MH-18-0012345").serial
    12345

    Raises InvalidIdentifier: udyam.pattern.
    """
    match = _SHAPE.fullmatch(text)
    if match is None:
        raise InvalidIdentifier("udyam.pattern", "A Udyam number reads UDYAM-XX-00-0000000.")
    return Udyam(text=text, state=match.group(1), district=match.group(2), serial=int(match.group(3)))


def is_valid(text: str) -> bool:
    """True when `parse` accepts the text.

    >>> is_valid("UDYAM-DL-05-0000001"), is_valid("UDYAM-DL-5-1")
    (True, False)
    """
    try:
        parse(text)
    except InvalidIdentifier:
        return False
    return True
