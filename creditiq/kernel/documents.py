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
    r"[^\t\n -~\u00a0-\u017f\u0900-\u097f\u2013\u2014\u2018-\u201d\u2022\u2026"
    r"\u2190-\u2193\u20ac\u20b9\u2122\u2212\u2260\u2264\u2265]"
)
"""Characters that no font of ours shows. PDF/UA refuses a page with one of them."""


def pdf(template: str, facts: Mapping[str, object], *, at: datetime) -> bytes:
    """The document of `template` (a path below `templates/`, ending in .typ) about `facts`, made at `at`.

    `facts` may hold whatever canonical JSON may: texts, numbers, Decimals and moments arrive as text, lists, mappings.
    A character without a glyph in our fonts is shown by its number, such as [U+0B85], so that nothing is lost.
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

    >>> shown("₹ 5 நன்றி")[:11]
    '₹ 5 [U+0BA8'
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
    """Noto Sans with the Devanagari face, and the fonts typst brings; those of the machine are left alone."""
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=True,
        font_paths=[settings.BASE_DIR / "static" / "vendor" / "noto" / "print"],
    )
