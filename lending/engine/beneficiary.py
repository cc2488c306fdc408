"""Whether an account's holder is the borrower: how alike two names are."""

from decimal import Decimal
from difflib import SequenceMatcher

LEGAL_FORMS = frozenset({"pvt", "private", "ltd", "limited", "llp", "co", "company", "and", "the", "m/s", "ms"})
PLACES = Decimal("0.001")
ENOUGH = Decimal("0.850")
"""From here on the payment may be released."""


def name_match(holder: str, borrower: str) -> Decimal:
    """How alike two names are, 0 to 1: Ratcliff and Obershelp's ratio of their sorted words, legal forms left out.

    >>> name_match("SHARMA TEXTILES PVT LTD", "Sharma Textiles Private Limited")
    Decimal('1.000')
    >>> name_match("Desai Steel", "Sharma Textiles") < ENOUGH
    True
    """
    left, right = _plain(holder), _plain(borrower)
    if not left or not right:
        return Decimal(0).quantize(PLACES)
    return Decimal(repr(SequenceMatcher(None, left, right, autojunk=False).ratio())).quantize(PLACES)


def _plain(name: str) -> str:
    letters = "".join(sign if sign.isalnum() or sign in " /" else " " for sign in name.casefold())
    return " ".join(sorted(word for word in letters.split() if word not in LEGAL_FORMS))
