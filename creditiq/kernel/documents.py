"""Documents people keep: tagged PDF (PDF/UA-1) set by typst, our one way to paper.

A document is a template under `templates/` and data. The data travels as one JSON input that the template reads
with `data()` of `documents/house.typ`; a template shows values and never evaluates them, so no text of a stranger
becomes markup. The same template, data and moment give the same bytes: the creation time is the moment that was
passed, the fonts are ours, nothing of the machine is looked at.
"""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache

import typst
from django.conf import settings

from creditiq.kernel.hashing import canonical_json

UNSHOWN = re.compile(
    r"[^\t\n -~\u00a0-\u017f\u0900-\u097f\u200c\u200d\u2013\u2014\u2018-\u201d\u2022\u2026"
    r"\u0b82-\u0b83\u0b85-\u0b8a\u0b8e-\u0b90\u0b92-\u0b95\u0b99-\u0b9a\u0b9c\u0b9e-\u0b9f"
    r"\u0ba3-\u0ba4\u0ba8-\u0baa\u0bae-\u0bb9\u0bbe-\u0bc2\u0bc6-\u0bc8\u0bca-\u0bcd\u0bd0\u0bd7"
    r"\u0be6-\u0bfa"
    r"\u0c00-\u0c0c\u0c0e-\u0c10\u0c12-\u0c28\u0c2a-\u0c39\u0c3c-\u0c44\u0c46-\u0c48\u0c4a-\u0c4d"
    r"\u0c55-\u0c56\u0c58-\u0c5a\u0c5d\u0c60-\u0c63\u0c66-\u0c6f\u0c77-\u0c7f"
    r"\u0c80-\u0c8c\u0c8e-\u0c90\u0c92-\u0ca8\u0caa-\u0cb3\u0cb5-\u0cb9\u0cbc-\u0cc4\u0cc6-\u0cc8"
    r"\u0cca-\u0ccd\u0cd5-\u0cd6\u0cdd-\u0cde\u0ce0-\u0ce3\u0ce6-\u0cef\u0cf1-\u0cf3"
    r"\u2190-\u2193\u20ac\u20b9\u2122\u2212\u2260\u2264\u2265]"
)
"""Characters that no font of ours shows. PDF/UA refuses a page with one of them."""


def pdf(template: str, facts: Mapping[str, object], *, at: datetime) -> bytes:
    """The document of `template` (a path below `templates/`, ending in .typ) about `facts`, made at `at`.

    `facts` may hold whatever canonical JSON may: texts, numbers, Decimals and moments arrive as text, lists, mappings.
    A character without a glyph in our fonts is shown by its number, such as [U+0985], so that nothing is lost.
    Raises FileNotFoundError for an unknown template and typst.TypstError for a broken one.
    """
    source = settings.BASE_DIR / "templates" / template
    if not source.is_file():
        raise FileNotFoundError(template)
    return typst.compile(
        source,
        root=settings.BASE_DIR / "templates",
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"facts": json.dumps(_legible(json.loads(canonical_json(dict(facts)))))},
        pdf_standards=["ua-1"],
        timestamp=int(at.timestamp()),
    )


def shown(text: str) -> str:
    """The text with every character we have no glyph for replaced by its number.

    >>> shown("₹ 5 ধন্যবাদ")[:11]
    '₹ 5 [U+09A7'
    """
    return UNSHOWN.sub(lambda found: f"[U+{ord(found[0]):04X}]", text)


def _legible(value: object) -> object:
    """The value with all its texts shown."""
    if isinstance(value, str):
        return shown(value)
    if isinstance(value, list):
        return [_legible(item) for item in value]
    return {key: _legible(item) for key, item in value.items()} if isinstance(value, dict) else value


@cache
def _fonts() -> typst.Fonts:
    """Noto Sans in five scripts, and the fonts typst brings; those of the machine are left alone."""
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=True,
        font_paths=[settings.BASE_DIR / "static" / "vendor" / "noto" / "print"],
    )
