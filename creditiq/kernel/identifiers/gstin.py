"""GST identification number: state, PAN, entity, form and a check character over base 36."""

import re
from dataclasses import dataclass

from creditiq.kernel.identifiers import pan as pans
from creditiq.kernel.identifiers.errors import InvalidIdentifier

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_VALUE = {character: value for value, character in enumerate(_ALPHABET)}
# 28 is Andhra Pradesh before the state split, 38 Ladakh, 96 foreign country, 97 other territory.
STATE_CODES = frozenset(range(1, 39)) | {96, 97}
NORMAL, TDS, TCS, NRI, OIDAR, UN_BODY = "normal", "tds", "tcs", "nri", "oidar", "un_body"
# Order matters: the 14th character D (TDS) or C (TCS) is decided before the normal form. A deductor may
# register with a TAN (four letters, five digits, one letter) where others have a PAN.
_FORMS = (
    (TDS, re.compile(r"[0-9]{2}[A-Z]{4}[A-Z0-9][0-9]{4}[A-Z][1-9A-Z]D[0-9A-Z]")),
    (TCS, re.compile(r"[0-9]{2}[A-Z]{5}[0-9]{4}[A-Z][1-9A-Z]C[0-9A-Z]")),
    (OIDAR, re.compile(r"99[0-9]{2}[A-Z]{3}[0-9]{5}OS[0-9A-Z]")),
    (UN_BODY, re.compile(r"[0-9]{4}[A-Z]{3}[0-9]{5}UN[0-9A-Z]")),
    (NRI, re.compile(r"[0-9]{4}[A-Z]{3}[0-9]{5}NR[0-9A-Z]")),
    (NORMAL, re.compile(r"[0-9]{2}[A-Z]{5}[0-9]{4}[A-Z][1-9A-Z][Z1-9ABD-J][0-9A-Z]")),
)
_CARRIES_PAN = frozenset({NORMAL, TCS})


@dataclass(frozen=True)
class Gstin:
    """A valid GSTIN; `pan` is None for the forms that do not carry one."""

    text: str
    kind: str
    state_code: int
    pan: str | None
    entity: str


def check_character(first_fourteen: str) -> str:
    """Check character of the first 14: factors 1, 2, 1, 2 …; quotient + remainder by 36; (36 - sum) mod 36.

    >>> check_character("27AAPFU0939F1Z"), check_character("29AAACG0569P1Z")
    ('V', '3')
    """
    total = 0
    for position, character in enumerate(first_fourteen):
        quotient, remainder = divmod(_VALUE[character] * (1 + position % 2), 36)
        total += quotient + remainder
    return _ALPHABET[-total % 36]


def compose(state_code: int, pan: str, entity: str = "1") -> str:
    """The normal GSTIN of a PAN in a state, check character included.

    >>> compose(27, "AAPFU0939F", "1")
    '27AAPFU0939F1ZV'
    """
    body = f"{state_code:02d}{pan}{entity}Z"
    return body + check_character(body)


def parse(text: str) -> Gstin:
    """Read a GSTIN.

    >>> parse("27AAPFU0939F1ZV").state_code
    27

    Raises InvalidIdentifier: gstin.length, gstin.pattern, gstin.state, gstin.pan, gstin.check_digit.
    """
    if len(text) != 15:
        raise InvalidIdentifier("gstin.length", "A GSTIN has exactly 15 characters.")
    kind = next((name for name, form in _FORMS if form.fullmatch(text)), None)
    if kind is None:
        raise InvalidIdentifier(
            "gstin.pattern", "A GSTIN is two digits, a PAN, an entity number, a form letter and a check character."
        )
    if kind != OIDAR and int(text[:2]) not in STATE_CODES:
        raise InvalidIdentifier("gstin.state", f"{text[:2]} is not a state code a GSTIN may carry.")
    carried = text[2:12] if kind in _CARRIES_PAN else None
    if carried is not None and not pans.is_valid(carried):
        raise InvalidIdentifier("gstin.pan", "Characters 3 to 12 of a GSTIN are a PAN; its 4th letter names no holder.")
    if text[14] != check_character(text[:14]):
        raise InvalidIdentifier("gstin.check_digit", "The last character is not the check character of the first 14.")
    return Gstin(text=text, kind=kind, state_code=int(text[:2]), pan=carried, entity=text[12])


def is_valid(text: str) -> bool:
    """True when `parse` accepts the text.

    >>> is_valid("29AAACG0569P1Z3"), is_valid("22AAAAA0000A1Z5")
    (True, False)
    """
    try:
        parse(text)
    except InvalidIdentifier:
        return False
    return True
