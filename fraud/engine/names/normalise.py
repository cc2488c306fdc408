"""A written name as the words that identify its bearer: one script, no titles, legal forms apart, numbers as digits."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from rapidfuzz.distance import OSA

from fraud.engine.names.scripts import romanise
from fraud.engine.names.vocabulary import (
    ABBREVIATIONS,
    COMMON,
    FAMILIES,
    GENERIC,
    LEGAL_FORMS,
    PARTICLES,
    PLACES,
    ROMAN,
    TENS,
    TITLES,
    UNITS,
)

Kind = Literal["person", "organisation", "vessel", "unknown"]

KINDS: dict[str, Kind] = {
    "person": "person", "individual": "person", "company": "organisation", "organization": "organisation",
    "organisation": "organisation", "entity": "organisation", "publicbody": "organisation", "vessel": "vessel",
    "airplane": "vessel", "aircraft": "vessel", "vehicle": "vessel",
}  # fmt: skip
FORMS = {tuple(way.split()): form for form, ways in LEGAL_FORMS.items() for way in ways.split("|")}
LONGEST_FORM = max(len(way) for way in FORMS)
MISREAD = str.maketrans("013459", "oieasg")
"""Digits that stand for letters in the middle of a word."""

CAMEL = re.compile(r"(?<=[a-z]{3})(?=[A-Z])")
DOTTED = re.compile(r"\b(?:[a-z]\.[ \-]?){2,}(?:[a-z]\b)?")
MESSRS = re.compile(r"^\s*m\s*/\s*s\b\.?\s*")
"""M/s before the name of a firm, and of a motor ship."""
POSSESSIVE = re.compile(r"'s\b")
WORD = re.compile(r"[a-z0-9]+")
LONGEST_NAME = 300
"""Letters read of one name; lists hold no longer one, an attack may."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name ready to compare. `words` identify; `forms` are classes of legal form; `order` is given before family."""

    raw: str
    kind: Kind
    words: tuple[str, ...]
    forms: frozenset[str]
    foreign: bool

    @property
    def key(self) -> str:
        """The words in one string: equal keys are the same name."""
        return " ".join(self.words)


def kind_of(schema: str) -> Kind:
    """Our kind for a schema or type as lists write it; unknown when it is none of ours."""
    return KINDS.get(schema.strip().casefold(), "unknown")


@lru_cache(maxsize=100_000)
def read_name(raw: str, kind: Kind = "unknown") -> Name:
    """The name as it is compared; a name made only of titles and forms keeps them.

    >>> read_name("KHAN, Mr. Mohd. Imran", "person").words
    ('muhammad', 'imran', 'khan')
    """
    text = romanise(CAMEL.sub(" ", raw[:LONGEST_NAME]))
    if kind in ("person", "unknown") and text.count(",") == 1:
        family, _, given = text.partition(",")
        text = f"{given} {family}" if WORD.search(given) and not _is_form(given) else text
    text = MESSRS.sub("", text)
    text = DOTTED.sub(lambda found: "".join(WORD.findall(found[0])) + " ", POSSESSIVE.sub("", text))
    found = WORD.findall(text.replace("'", "").replace("&", " and "))
    words, forms = _without_forms([_spelt_form(word) for word in found], kind)
    words = [_repaired(word) for word in words]
    words = _numbers(words) if kind in ("organisation", "vessel") else words
    kept = _without_titles(words) if kind != "vessel" else tuple(words)
    kept = _without_repeats(kept or tuple(words) or tuple(found))
    return Name(raw, kind, kept, forms, not raw.isascii() and _is_foreign(raw))


def _without_titles(words: list[str]) -> tuple[str, ...]:
    """Titles go wherever they stand; those that are families too (Sultan, King) stay at the end."""
    last = len(words) - 1
    return tuple(word for at, word in enumerate(words) if word not in TITLES or (at == last > 0 and word in FAMILIES))


def _is_foreign(raw: str) -> bool:
    return any(ord(letter) > 0x36F and letter.isalpha() for letter in raw)


def _is_form(text: str) -> bool:
    return tuple(WORD.findall(text.replace(".", ""))) in FORMS


def _without_forms(words: list[str], kind: Kind) -> tuple[list[str], frozenset[str]]:
    """Takes legal forms off both ends, longest first; a person's only off the end, and never the whole name."""
    forms: set[str] = set()
    rest = words
    again = True
    while again:
        again = False
        for length in range(min(LONGEST_FORM, len(rest) - 1), 0, -1):
            if (form := FORMS.get(tuple(rest[-length:]))) and (kind != "person" or len(rest) - length > 1):
                rest, again = rest[:-length], True
            elif kind != "person" and (form := FORMS.get(tuple(rest[:length]))):
                rest, again = rest[length:], True
            else:
                continue
            forms.add(form or "")
            break
    return rest, frozenset(forms)


def _spelt_form(word: str) -> str:
    """A long legal form with one slip of the pen is still that form."""
    if len(word) > 9 and word not in LONG_FORMS:
        return next((form for form in LONG_FORMS if form[0] == word[0] and OSA.distance(form, word) == 1), word)
    return word


LONG_FORMS = frozenset(way[0] for way in FORMS if len(way) == 1 and len(way[0]) > 9)


def _repaired(word: str) -> str:
    """Known abbreviations written out; digits misread inside a word back to letters."""
    if word in ABBREVIATIONS:
        return ABBREVIATIONS[word]
    if not word.isalpha() and not word.isdigit() and word[-1].isalpha() and _mostly_letters(word):
        return word.translate(MISREAD)
    return word


def _mostly_letters(word: str) -> bool:
    return sum(letter.isalpha() for letter in word) > len(word) / 2 > 1


def _numbers(words: list[str]) -> list[str]:
    """Number words and Roman numerals as digits: forty four → 44, fund iii → fund 3; a lone i, v or x not in front."""
    out: list[str] = []
    for word in words:
        if word in ROMAN and (len(word) > 1 or (out and len(out[-1]) > 1)):
            out.append(ROMAN[word])
            continue
        unit = UNITS.get(word, int(word) if len(word) == 1 and word.isdecimal() else None)
        if unit is not None and 0 < unit < 10 and out and out[-1] in _ROUND:
            out[-1] = str(int(out[-1]) + unit)
        elif word in TENS or (word in UNITS):
            out.append(str(TENS.get(word, UNITS.get(word, 0))))
        else:
            out.append(word)
    return out


_ROUND = {str(ten) for ten in TENS.values()}


def _without_repeats(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))


@lru_cache(maxsize=200_000)
def weight(word: str) -> float:
    """How much a word identifies: 1 for a distinctive one, less for frequent, generic, short ones and particles."""
    if len(word) == 1:
        return 0.3
    if word in PARTICLES:
        return 0.1
    if word.isdigit():
        return 0.4
    frequent = GENERIC.get(word, 0.5 if word in PLACES else 0.85 if word in COMMON else 1.0)
    return frequent * (0.75 if len(word) < 4 else 1.0)


@lru_cache(maxsize=200_000)
def surprise(word: str) -> float:
    """Bits that sharing this word is worth: letters by their frequency in names, less for names of everybody."""
    if word in PARTICLES:
        return 1.0
    bits = sum(LETTER_BITS.get(letter, 5.0) for letter in word) * 0.75
    cap = 9.0 if word in COMMON else 12.0 if word in GENERIC else 40.0
    return min(bits, cap + 0.05 * bits)


LETTER_SHARES = {
    "a": 15.4, "e": 8.8, "i": 8.9, "n": 7.7, "r": 7.2, "o": 6.3, "s": 5.4, "l": 5.5, "h": 5.1, "m": 4.7, "d": 4.4,
    "u": 4.3, "t": 4.1, "k": 3.6, "y": 2.5, "b": 2.6, "g": 2.4, "v": 2.1, "j": 1.7, "z": 1.6, "f": 1.5, "c": 2.7,
    "p": 1.55, "w": 1.2, "q": 0.45, "x": 0.4,
}  # fmt: skip
"""Per cent of the letters of romanised names, counted on made-up names of fourteen countries."""

LETTER_BITS = {letter: -math.log2(share / 100) for letter, share in LETTER_SHARES.items()}
