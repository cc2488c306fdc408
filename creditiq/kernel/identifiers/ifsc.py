"""Indian Financial System Code: the branch of a bank account."""

import re
from dataclasses import dataclass

from creditiq.kernel.identifiers.errors import InvalidIdentifier

# The account aggregator deposit schema demands six digits at the end; real branches also use letters.
_SHAPE = re.compile(r"[A-Z]{4}0[A-Z0-9]{6}")


@dataclass(frozen=True)
class Ifsc:
    """A well-formed IFSC: four letters of the bank, a zero, six characters of the branch."""

    text: str
    bank: str
    branch: str


def parse(text: str) -> Ifsc:
    """Read an IFSC.

    >>> parse("HDFC0CAGSBK").bank
    'HDFC'

    Raises InvalidIdentifier: ifsc.length, ifsc.pattern.
    """
    if len(text) != 11:
        raise InvalidIdentifier("ifsc.length", "An IFSC has exactly 11 characters.")
    if not _SHAPE.fullmatch(text):
        raise InvalidIdentifier("ifsc.pattern", "An IFSC is four capital letters, a zero and six letters or digits.")
    return Ifsc(text=text, bank=text[:4], branch=text[5:])


def is_valid(text: str) -> bool:
    """True when `parse` accepts the text.

    >>> is_valid("SBIN0001234"), is_valid("SBIN1001234")
    (True, False)
    """
    try:
        parse(text)
    except InvalidIdentifier:
        return False
    return True
