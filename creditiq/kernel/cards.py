"""Card numbers have no place in what people write: free texts that hold one are refused (compliance.md §6)."""

import re
from collections.abc import Iterator

from django.core.exceptions import ValidationError

SHORTEST, LONGEST = 13, 19
"""Digits of a card number, ISO/IEC 7812-1."""
_RUN = re.compile(r"(?<!\w)\d+(?:[ -]\d+)*(?!\w)")


def is_luhn(digits: str) -> bool:
    """Whether the last digit is the check digit of the others (ISO/IEC 7812-1, annex B).

    >>> is_luhn("4111111111111111"), is_luhn("4111111111111112")
    (True, False)
    """
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits)))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def card_numbers(text: str) -> Iterator[str]:
    """Numbers of 13 to 19 digits with a right check digit, written in one piece or in groups with one blank or hyphen.

    >>> list(card_numbers("paid 12 with 4111 1111-1111 1111, ref 4111111111111112"))
    ['4111111111111111']
    """
    for run in _RUN.finditer(text):
        groups = re.split(r"[ -]", run.group())
        for first in range(len(groups)):
            digits = ""
            for group in groups[first : first + LONGEST]:
                digits += group
                if SHORTEST <= len(digits) <= LONGEST and len(set(digits)) > 1 and is_luhn(digits):
                    yield digits


def no_card_number(text: str) -> None:
    """Validator of forms and serializers alike; both name the field. Raises ValidationError."""
    if number := next(card_numbers(text), None):
        raise ValidationError(
            "This looks like it holds a card number, ending in %(end)s. Leave it out; its last four digits are enough.",
            code="card_number",
            params={"end": number[-4:]},
        )


FREE_TEXT = (no_card_number,)
"""Validators of every field in which people write as they please."""
