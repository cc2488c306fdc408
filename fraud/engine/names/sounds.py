"""What a word sounds like, and how alike two words are."""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz.distance import OSA, Editop, Levenshtein

from fraud.engine.names.variants import NICKNAMES, VARIANTS
from fraud.engine.names.vocabulary import PLACES

SOUNDS = (
    (r"tsch", "C"), (r"shch|sch|sh", "S"), (r"tch|ch|cz", "C"), (r"^x", "S"), (r"zh|dzh|dj|jh", "j"), (r"ph", "f"),
    (r"ck|q|kh|gh(?=[aeiou])", "k"), (r"c(?=[eiy])", "s"), (r"c", "k"), (r"x", "ks"), (r"w", "v"), (r"z|ts", "s"),
    (r"(?<=[bdgptkSC])h", ""), (r"(?<=[aeiou])h(?![aeiouy])", ""), (r"j(?=[^aeiou]|$)", ""), (r"y", "i"),
    (r"([^aeiou])\1+", r"\1"),
    (r"^[aeiou]+", "A"), (r"[aeiou]+", ""),
)  # fmt: skip
RULES = tuple((re.compile(pattern), sound) for pattern, sound in SOUNDS)
VOICED = str.maketrans("bdgjvS", "ptkCfs")
SOUNDS_ALIKE = 0.45
"""Share of the remaining distance that equal skeletons forgive."""

ALIKE = 0.66
"""From here on two words are taken for spellings of one."""


def _groups(lines: tuple[str, ...]) -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for number, line in enumerate(lines):
        for word in line.split():
            found.setdefault(word, set()).add(number)
    return {word: frozenset(groups) for word, groups in found.items()}


SPELLINGS, SHORT_FORMS = _groups(VARIANTS), _groups(NICKNAMES)
NONE: frozenset[int] = frozenset()
VOWELS = frozenset("aeiou")


@lru_cache(maxsize=300_000)
def skeleton(word: str) -> str:
    """The consonants as they sound, vowels only at the beginning.

    >>> skeleton("mohammed") == skeleton("muhamad"), skeleton("sergej") == skeleton("sergei")
    (True, True)
    """
    for pattern, sound in RULES:
        word = pattern.sub(sound, word)
    return word


@lru_cache(maxsize=300_000)
def murmur(word: str) -> str:
    """The skeleton without voicing: scripts that do not write it (Tamil) still agree."""
    return skeleton(word).translate(VOICED)


@lru_cache(maxsize=500_000)
def likeness(one: str, other: str) -> float:
    """0 … 1: how far the two words may be one name. Symmetric; 1 only when equal."""
    if one == other:
        return 1.0
    if one.isdigit() or other.isdigit() or (one in PLACES and other in PLACES):
        return 0.0
    if SPELLINGS.get(one, NONE) & SPELLINGS.get(other, NONE):
        return 0.96
    shortest, longest = sorted((len(one), len(other)))
    if shortest < 2 or longest > 2 * shortest + 2:
        return 0.0
    alike = _spoken(one, other, 1.0 - OSA.distance(one, other) / longest)
    if alike < 0.8 and SHORT_FORMS.get(one, NONE) & SHORT_FORMS.get(other, NONE):
        return 0.8
    return alike


def _spoken(one: str, other: str, alike: float) -> float:
    """The likeness in letters, raised where the words sound the same."""
    bone = skeleton(one)
    if bone == skeleton(other):  # scripts without short vowels leave none
        if VOWELS.isdisjoint(one) or VOWELS.isdisjoint(other):
            return 0.92 if len(bone) > 2 else 0.85
        share = SOUNDS_ALIKE if len(bone) > 2 else SOUNDS_ALIKE / 2 if len(bone) > 1 else 0.0
        return alike + (1.0 - alike) * share
    if len(bone) > 2 and murmur(one) == murmur(other):
        return alike + (1.0 - alike) * SOUNDS_ALIKE / 2
    return alike


ONE_SOUND = tuple(map(frozenset, ("iyj", "vw", "kcq", "sz", "gjh", "gq", "xs")))
"""Letters that romanisations write for each other."""

LONG = 5
"""Letters from which a vowel inside a word is one of many spellings, and not the difference between two names."""


@lru_cache(maxsize=300_000)
def replaced(one: str, other: str) -> int:
    """Letters that stand for quite another one in the other word: who misspells leaves out, doubles or turns letters
    round; who writes Pulin for Putin means somebody else."""
    if one == other or (SPELLINGS.get(one, NONE) & SPELLINGS.get(other, NONE)):
        return 0
    if SHORT_FORMS.get(one, NONE) & SHORT_FORMS.get(other, NONE):
        return 0
    found = Levenshtein.editops(one, other)
    if OSA.distance(one, other) < len(found):
        return 0
    swaps = [step for step in found if step.tag == "replace"]
    pairs = [(one[step.src_pos], other[step.dest_pos]) for step in swaps if not _a_vowel_within(one, other, step)]
    return sum(not any(letters.issuperset(pair) for letters in ONE_SOUND) for pair in pairs)


def _a_vowel_within(one: str, other: str, step: Editop) -> bool:
    """Kaveri and Kaviri: romanisations differ in vowels inside a word. The last one tells Mario from Maria."""
    inside = step.src_pos < len(one) - 1 and step.dest_pos < len(other) - 1 and min(len(one), len(other)) >= LONG
    return inside and one[step.src_pos] in VOWELS and other[step.dest_pos] in VOWELS
