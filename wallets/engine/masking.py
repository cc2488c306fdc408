"""Personal data as a stranger may see it: recognisable to whoever knows it already, and to nobody else."""

import re
from collections.abc import Callable, Mapping

COVER = "•" * 5
RAILS = frozenset({
    "ACH", "ATM", "BANK", "CARD", "CASH", "CHQ", "CHEQUE", "EMI", "EPF", "ESIC", "GST", "IMPS", "INT", "LOAN", "NACH",
    "NEFT", "POS", "RENT", "RTGS", "SALARY", "TDS", "UPI",
})  # fmt: skip
"""First words of a narration that name a rail or a purpose, never a person."""
_FIRST_WORD = re.compile(r"[A-Za-z]+")


def gstin(text: str) -> str:
    """State, first letters and the tail; most of the PAN inside stays covered.

    >>> gstin("27AAPFU0939F1ZV")
    '27AA•••••39F1ZV'
    """
    return f"{text[:4]}{COVER}{text[9:]}" if len(text) == 15 else COVER


def pan(text: str) -> str:
    """The last letter alone.

    >>> pan("AAPFU0939F")
    '•••••••••F'
    """
    return f"{'•' * 9}{text[-1:]}"


def vpa(text: str) -> str:
    """Two letters of the name and the handle.

    >>> vpa("asha.rao@okaxis"), vpa("asha")
    ('as•••••@okaxis', '•••••')
    """
    name, at, handle = text.partition("@")
    return f"{name[:2]}{COVER}@{handle}" if at and len(name) > 2 else f"{COVER}{at}{handle}"


def tail(text: str) -> str:
    """The last four characters: an account, a registration number.

    >>> tail("501000012345"), tail("1234")
    ('•••••2345', '•••••')
    """
    return f"{COVER}{text[-4:]}" if len(text) > 4 else COVER


def name(text: str) -> str:
    """The first letter of a person's name.

    >>> name("Asha Rao")
    'A•••••'
    """
    return f"{text[:1]}{COVER}"


def narration(text: str) -> str:
    """The rail, when that is what it begins with; names, addresses and references stay covered.

    >>> narration("UPI/512345678901/ASHA RAO"), narration("ASHA RAO RENT")
    ('UPI•••••', '•••••')
    """
    first = _FIRST_WORD.match(text)
    return f"{first[0]}{COVER}" if first and first[0].upper() in RAILS else COVER


MASKS: Mapping[str, Callable[[str], str]] = {
    "gstin": gstin, "vpa": vpa, "account": tail, "vehicle": tail, "narration": narration,
}  # fmt: skip
"""How each kind of personal value is covered."""
