"""Two names side by side: which word answers which, and what that says (the features of the published model)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz import fuzz

from fraud.engine.names.normalise import Name, surprise, weight
from fraud.engine.names.sounds import ALIKE, likeness, replaced, skeleton
from fraud.engine.names.vocabulary import PARTICLES, PLACES

BITS = 20.0
"""Unit of the feature `surprise`."""

TOGETHER = 0.85
"""Likeness from which a name in one word is the other name without its spaces."""

LONGEST_WORDS = 14
"""Words of a name that are aligned; the tail of a longer one is compared as a whole string only."""


class Pairing(NamedTuple):
    """Words of one name answered by words of the other; `how` is same, spelling, joined, initial or acronym."""

    mine: tuple[int, ...]
    theirs: tuple[int, ...]
    alike: float
    how: str


FEATURES = (
    "covered_less", "covered_more", "whole", "conflict", "clash", "omitted", "worst", "initials", "disorder", "numbers",
    "forms", "lone", "foreign", "surprise", "whole_close", "replaced",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Comparison:
    """The pairings, the features in the order of FEATURES, and the words of each name that nobody answered."""

    pairings: tuple[Pairing, ...]
    features: tuple[float, ...]
    open_mine: tuple[int, ...] = ()
    open_theirs: tuple[int, ...] = ()

    def named(self) -> dict[str, float]:
        """The features by name."""
        return dict(zip(FEATURES, self.features, strict=True))


class _Sides(NamedTuple):
    mine: tuple[str, ...]
    theirs: tuple[str, ...]


def compare(one: Name, other: Name) -> Comparison:
    """Align and measure. Symmetric: swapping the names swaps the sides of the pairings and nothing else."""
    if (other.words, other.raw) < (one.words, one.raw):
        turned = compare(other, one)
        pairings = tuple(Pairing(p.theirs, p.mine, p.alike, p.how) for p in turned.pairings)
        return Comparison(tuple(sorted(pairings)), turned.features, turned.open_theirs, turned.open_mine)
    sides = _Sides(one.words[:LONGEST_WORDS], other.words[:LONGEST_WORDS])
    person = one.kind == "person" or other.kind == "person"
    pairings = align(sides.mine, sides.theirs, initials=person or one.kind == other.kind == "unknown")
    left, right = _Side(sides.mine), _Side(sides.theirs)
    for pairing in pairings:
        left.answer(pairing.mine, pairing)
        right.answer(pairing.theirs, pairing)
    features = _features((one, other), sides, (left, right), pairings)
    return Comparison(pairings, features, tuple(sorted(left.left)), tuple(sorted(right.left)))


def align(mine: tuple[str, ...], theirs: tuple[str, ...], *, initials: bool) -> tuple[Pairing, ...]:
    """Greedy, best first: equal words, spellings, words written together, initials, then an acronym of the whole."""
    if acronym := _acronym(mine, theirs):
        return (acronym,)
    if (len(mine) == 1) != (len(theirs) == 1) and (alike := likeness("".join(mine), "".join(theirs))) > TOGETHER:
        return (Pairing(tuple(range(len(mine))), tuple(range(len(theirs))), alike - 0.01, "joined"),)
    offers = _offers(mine, theirs)
    if initials:
        offers += _initial_offers(mine, theirs)
    offers.sort(key=lambda offer: (-offer.alike * _worth(mine, theirs, offer), offer.mine, offer.theirs))
    taken_mine: set[int] = set()
    taken_theirs: set[int] = set()
    chosen: list[Pairing] = []
    for offer in offers:
        if taken_mine.isdisjoint(offer.mine) and taken_theirs.isdisjoint(offer.theirs):
            taken_mine.update(offer.mine)
            taken_theirs.update(offer.theirs)
            chosen.append(offer)
    return tuple(sorted(chosen))


def _worth(mine: tuple[str, ...], theirs: tuple[str, ...], offer: Pairing) -> float:
    kind = 0.5 if offer.how == "initial" else 1.0
    return kind * (sum(weight(mine[i]) for i in offer.mine) + sum(weight(theirs[j]) for j in offer.theirs))


def _offers(mine: tuple[str, ...], theirs: tuple[str, ...]) -> list[Pairing]:
    """Equal words answer each other and nobody else; only what is left over is compared by spelling and joined."""
    same = set(mine).intersection(theirs)
    offers = [Pairing((i,), (theirs.index(word),), 1.0, "same") for i, word in enumerate(mine) if word in same]
    rest = [i for i, word in enumerate(mine) if word not in same]
    answers = [j for j, word in enumerate(theirs) if word not in same]
    for i in rest:
        for j in answers:
            if (alike := likeness(mine[i], theirs[j])) >= ALIKE:
                offers.append(Pairing((i,), (j,), alike, "spelling"))
    offers += [Pairing(a, b, alike, "joined") for a, b, alike in _joins(mine, theirs, answers)]
    offers += [Pairing(a, b, alike, "joined") for b, a, alike in _joins(theirs, mine, rest)]
    return offers


def _joins(
    apart: tuple[str, ...], together: tuple[str, ...], open_words: list[int]
) -> list[tuple[tuple[int, ...], tuple[int, ...], float]]:
    """Two or three neighbouring words on one side that are one of the open words on the other."""
    found: list[tuple[tuple[int, ...], tuple[int, ...], float]] = []
    for j in open_words:
        word = together[j]
        if len(word) < 4:
            continue
        for size in (2, 3):
            for start in range(len(apart) - size + 1):
                joined = "".join(apart[start : start + size])
                if abs(len(word) - len(joined)) < 3 and (alike := likeness(joined, word)) >= 0.82:
                    found.append((tuple(range(start, start + size)), (j,), alike - 0.01))
    return found


def _initial_offers(mine: tuple[str, ...], theirs: tuple[str, ...]) -> list[Pairing]:
    offers = [
        Pairing((i,), (j,), 0.8, "initial")
        for i, word in enumerate(mine)
        for j, answer in enumerate(theirs)
        if (len(word) == 1) != (len(answer) == 1) and word[0] == answer[0]
    ]
    offers += [Pairing((i,), places, 0.8, "initial") for i, places in _letters_of(mine, theirs)]
    offers += [Pairing(places, (j,), 0.8, "initial") for j, places in _letters_of(theirs, mine)]
    return offers


def _letters_of(short: tuple[str, ...], full: tuple[str, ...]) -> list[tuple[int, tuple[int, ...]]]:
    """JC answered by Jean Claude: a word of two or three letters, each the first of a neighbouring word."""
    found = []
    for i, word in enumerate(short):
        if len(word) in (2, 3) and word not in PARTICLES:
            for start in range(len(full) - len(word) + 1):
                run = full[start : start + len(word)]
                if all(len(name) > 1 and name[0] == letter for name, letter in zip(run, word, strict=True)):
                    found.append((i, tuple(range(start, start + len(word)))))
    return found


def _acronym(mine: tuple[str, ...], theirs: tuple[str, ...]) -> Pairing | None:
    """PLA answered by People's Liberation Army, when the acronym is (nearly) all there is on its side."""
    for short, full, turned in ((mine, theirs, False), (theirs, mine, True)):
        initials = "".join(word[0] for word in full if weight(word) > 0.1)
        if len(initials) > 2 and initials in short[:1] and PLACES.issuperset(short[1:]):
            places, all_of_it = tuple(range(len(full))), tuple(range(len(short)))
            mine_at, theirs_at = (places, all_of_it) if turned else (all_of_it, places)
            return Pairing(mine_at, theirs_at, 0.93, "acronym")
    return None


def _grade(pairing: Pairing) -> float:
    """How much of the words' weight counts as answered."""
    return min(1.0, max(0.0, (pairing.alike - 0.5) / 0.45))


def _features(
    names: tuple[Name, Name], sides: _Sides, accounts: tuple[_Side, _Side], pairings: tuple[Pairing, ...]
) -> tuple[float, ...]:
    one, other = names
    left, right = accounts
    total = (left.total + right.total) / 2 or 1.0
    whole = _whole(sides)
    worst = min((_grade(p) for p in pairings if _content(sides, p)), default=0.0)
    return (
        min(left.covered, right.covered),
        max(left.covered, right.covered),
        whole,
        max(0.0, min(left.open, right.open)) / total,
        float(_initials_clash(left, right)),
        abs(left.open - right.open) / total,
        1.0 - worst,
        (left.initials + right.initials) / (2 * total),
        float(_disordered(pairings)),
        float(_numbers_differ(sides)),
        float(bool(one.forms and other.forms and not one.forms & other.forms)),
        float(sum(_content(sides, p) for p in pairings) == 1 and max(len(sides.mine), len(sides.theirs)) > 1),
        float(one.foreign != other.foreign),
        _levelled(_surprise(sides, pairings)) / BITS,
        max(0.0, whole - 0.85) / 0.15,
        0.0 if one.foreign != other.foreign else float(_replaced(sides, pairings)),
    )


class _Side:
    """Running account of one name's words."""

    def __init__(self, words: tuple[str, ...]) -> None:
        self.words = words
        self.weights = [weight(word) for word in words]
        self.total = sum(self.weights)
        self.initials = 0.0
        self.got = 0.0
        self.left = set(range(len(words)))

    @property
    def covered(self) -> float:
        """Share of the weight that is answered, graded by likeness."""
        return self.got / self.total if self.total else 0.0

    @property
    def open(self) -> float:
        """Weight of the words that nobody answers."""
        return sum(self.weights[place] for place in sorted(self.left))

    def answer(self, places: tuple[int, ...], pairing: Pairing) -> None:
        answered = sum(self.weights[place] for place in places)
        grade = _grade(pairing)
        self.got += answered * grade
        self.initials += answered * (pairing.how == "initial")
        self.left.difference_update(places)


def _initials_clash(left: _Side, right: _Side) -> bool:
    """William G. is not William W.: an initial nobody answers, where the other side has an unanswered word too."""
    one, other = ([side.words[place] for place in side.left if side.weights[place] > 0.1] for side in (left, right))
    return bool(one and other) and any(len(word) == 1 for word in one + other)


def _content(sides: _Sides, pairing: Pairing) -> bool:
    return any(weight(sides.mine[place]) > 0.1 for place in pairing.mine)


def _replaced(sides: _Sides, pairings: tuple[Pairing, ...]) -> int:
    """Most letters replaced in a word, at most two."""
    spelt = (pairing for pairing in pairings if pairing.how == "spelling")
    return min(2, max((replaced(sides.mine[p.mine[0]], sides.theirs[p.theirs[0]]) for p in spelt), default=0))


def _disordered(pairings: tuple[Pairing, ...]) -> bool:
    """Whether the answered words stand in another order."""
    places = [pairing.theirs[0] for pairing in pairings]
    return places != sorted(places)


def _numbers_differ(sides: _Sides) -> bool:
    """Whether they are two of a series: Fund III and Fund IV, Victory and Victory 3."""
    mine, theirs = ({word for word in side if not word.isalpha()} for side in sides)
    return mine != theirs


@lru_cache(maxsize=200_000)
def _bits(words: tuple[str, ...]) -> float:
    return sum(surprise(word) for word in words)


def _levelled(bits: float) -> float:
    """Bits count less and less, yet always something: no two sums become equal."""
    return bits / (1.0 + bits / 120.0)


def _surprise(sides: _Sides, pairings: tuple[Pairing, ...]) -> float:
    return sum(
        _grade(pairing)
        * min(
            sum(surprise(sides.mine[place]) for place in pairing.mine),
            sum(surprise(sides.theirs[place]) for place in pairing.theirs),
        )
        for pairing in pairings
    )


def _whole(sides: _Sides) -> float:
    """Likeness of the names written without spaces, as they stand and with words sorted; skeletons may speak too."""
    mine, theirs = _solid(sides.mine), _solid(sides.theirs)
    straight = fuzz.ratio(mine[0], theirs[0])
    ordered = fuzz.ratio(mine[1], theirs[1])
    bones = fuzz.ratio(mine[2], theirs[2]) * 0.95
    return max(straight, ordered, bones if min(len(mine[2]), len(theirs[2])) > 4 else 0.0) / 100


@lru_cache(maxsize=100_000)
def _solid(words: tuple[str, ...]) -> tuple[str, str, str]:
    return "".join(words), "".join(sorted(words)), "".join(skeleton(word) for word in words)
