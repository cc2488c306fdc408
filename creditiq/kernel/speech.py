"""Words that come from plain Python, said in the language of the page.

Engines know no language: they answer in English, often with figures in the sentence. `told` finds the translation by
the sentence with its figures taken out, and puts them back as they are.
"""

import re
from collections.abc import Callable, Iterable
from typing import Final

from django.utils.translation import gettext

_FIGURE: Final = re.compile(r"₹ ?\d[\d,]*(?:\.\d+)?(?: (?:lakh|crore))?|\d[\d,]*(?:\.\d+)?")

Choice = tuple[str | int, str]
Group = tuple[str | int, Iterable[Choice]]


def told(text: str) -> str:
    """`text` in the language of the page; English where nobody translated it.

    The translation of "20 % of yearly turnover" is kept under "{1} % of yearly turnover".
    """
    said = gettext(text)
    figures = _FIGURE.findall(text)
    if said != text or not figures:
        return said
    frame = frame_of(text)
    found = gettext(frame)
    return text if found == frame else found.format("", *(scaled(figure) for figure in figures))


def frame_of(text: str) -> str:
    """`text` without its figures.

    >>> frame_of("₹ 2.5 lakh of 12 % in 3 months")
    '{1} of {2} % in {3} months'
    """
    count = iter(range(1, len(text)))
    return _FIGURE.sub(lambda _: f"{{{next(count)}}}", text.replace("{", "(").replace("}", ")"))


def told_choices(choices: Iterable[Choice | Group]) -> Callable[[], list[Choice | Group]]:
    """Choices of a form field, in groups or not, said anew for every form that is made."""
    kept = list(choices)
    return lambda: [_said(value, label) for value, label in kept]


def _said(value: str | int, label: str | Iterable[Choice]) -> Choice | Group:
    if isinstance(label, str):
        return value, told(label)
    return told(str(value)), [(one, told(called)) for one, called in label]


def scaled(text: str) -> str:
    """A short amount with its scale in the language of the page: `₹ 12.34 लाख`."""
    for scale in ("lakh", "crore"):
        text = text.replace(scale, gettext(scale)) if scale in text else text
    return text
