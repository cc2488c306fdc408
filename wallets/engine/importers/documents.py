"""Reading a stranger's JSON: size, nesting, numbers and names are bounded before anything is believed.

Fractions become Decimal, never float. A number too long to be an amount stays text, so that the rule of its field
refuses it with a pointer.
"""

import json
import re
from decimal import Decimal

from creditiq.kernel.nesting import depth
from wallets.engine.importers.rejections import masked, unreadable

MOST_BYTES = 24_000_000
"""Parsed JSON takes some sixteen times its size in memory; this much stays under 600 MB."""
DEEPEST = 32
LONGEST_NUMBER = 32
_EXPONENT = re.compile("[eE]")


def read_json(content: bytes) -> object:
    """The value of a UTF-8 JSON document; objects are dicts, fractions Decimal.

    Raises UnreadableFile: file.size, file.encoding, json.depth, json.syntax, json.constant, json.duplicate.
    """
    if len(content) > MOST_BYTES:
        raise unreadable("file.size", f"A JSON file of more than {MOST_BYTES // 10**6} MB; split it.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise unreadable("file.encoding", "The file is not UTF-8 text.", line=line) from error
    if depth(content) > DEEPEST:
        raise unreadable("json.depth", f"Lists and objects are nested more than {DEEPEST} deep.")
    try:
        return json.loads(
            text, parse_float=_number, parse_int=_number, parse_constant=_constant, object_pairs_hook=_object
        )
    except json.JSONDecodeError as error:
        message = f"This is not valid JSON: {error.msg} at column {error.colno}. Is the file complete?"
        raise unreadable("json.syntax", message, line=error.lineno) from error


def _number(text: str) -> int | Decimal | str:
    if len(text) > LONGEST_NUMBER or _EXPONENT.search(text):
        return text
    return Decimal(text) if "." in text else int(text)


def _constant(name: str) -> object:
    raise unreadable("json.constant", f"{name} is not a number.")


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise unreadable("json.duplicate", f"One object names “{masked(twice)}” twice.")
    return found


def members(value: object) -> dict[str, object]:
    """The members of an object; of anything else none."""
    return value if isinstance(value, dict) else {}


def elements(value: object) -> list[object]:
    """The elements of a list; of anything else none."""
    return value if isinstance(value, list) else []


def as_text(value: object) -> str:
    """A plain value as the text a CSV file would hold; lists, objects and null are empty."""
    if isinstance(value, str):
        return value.strip() if value.isascii() else value.strip().encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) if isinstance(value, int | Decimal) else ""


def as_number(value: object) -> Decimal | None:
    """A number, exactly; None for anything else.

    >>> as_number(12), as_number(True), as_number("12")
    (Decimal('12'), None, None)
    """
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    return Decimal(value)
