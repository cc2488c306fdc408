"""Permanent Account Number: the tax identity inside every GSTIN."""

import re
from dataclasses import dataclass

from creditiq.kernel.identifiers.errors import InvalidIdentifier

HOLDERS = {
    "P": "individual",
    "C": "company",
    "H": "undivided family",
    "F": "firm",
    "A": "association of persons",
    "T": "trust",
    "B": "body of individuals",
    "L": "local authority",
    "J": "artificial juridical person",
    "G": "government",
}
_SHAPE = re.compile(r"[A-Z]{5}[0-9]{4}[A-Z]")


@dataclass(frozen=True)
class Pan:
    """A well-formed PAN; `holder` is the letter of HOLDERS, `initial` the first letter of the name."""

    text: str
    holder: str
    initial: str


def parse(text: str) -> Pan:
    """Read a PAN. Its last character has no published algorithm, so only the shape is checked.

    >>> parse("AAPFU0939F").holder
    'F'

    Raises InvalidIdentifier: pan.length, pan.pattern, pan.holder.
    """
    if len(text) != 10:
        raise InvalidIdentifier("pan.length", "A PAN has exactly 10 characters.")
    if not _SHAPE.fullmatch(text):
        raise InvalidIdentifier("pan.pattern", "A PAN is five capital letters, four digits and one capital letter.")
    if text[3] not in HOLDERS:
        raise InvalidIdentifier("pan.holder", f"The 4th letter of a PAN names the holder: one of {' '.join(HOLDERS)}.")
    return Pan(text=text, holder=text[3], initial=text[4])


def is_valid(text: str) -> bool:
    """True when `parse` accepts the text.

    >>> is_valid("AAAAA0000A"), is_valid("aapfu0939f")
    (True, False)
    """
    try:
        parse(text)
    except InvalidIdentifier:
        return False
    return True
