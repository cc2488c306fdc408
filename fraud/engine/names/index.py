"""Which of many listed names could be this one: words by spelling, by sound, by one slip, and written together."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from heapq import nsmallest
from typing import NamedTuple

from rapidfuzz.distance import OSA

from fraud.engine.names.entities import ListedEntity
from fraud.engine.names.normalise import Name, read_name, weight
from fraud.engine.names.sounds import ALIKE, NONE, SHORT_FORMS, SOUNDS_ALIKE, SPELLINGS, VOWELS, likeness, skeleton

CANDIDATES = 10
"""Names compared in full for one question."""

NEAR_THE_BEST = 0.6
"""A candidate that shares less than this part of what the best one shares is not compared."""

ASKED = 0.55
SHARE = 0.3
"""Of the rarity of the asked and of the listed name that the words they share must hold."""

WRITTEN_APART = 0.9
"""Likeness from which two neighbours are a listed word written apart."""

FARTHEST = (ALIKE - SOUNDS_ALIKE) / (1.0 - SOUNDS_ALIKE)
"""Likeness in letters below which not even the same sound makes two words alike."""

CROWD = 300
"""A word in more names than this looks up nobody by itself when a rarer word already did."""


class Entry(NamedTuple):
    """One listed way to write a name."""

    entity: int
    name: Name
    weak: bool
    text: str


class NameIndex:
    """Built once for a list, then only read. 20,000 names take about two seconds."""

    def __init__(self, entities: Sequence[ListedEntity]) -> None:
        self.entities = entities
        self.entries = list(_entries(entities))
        self.postings: dict[str, list[int]] = defaultdict(list)
        for number, entry in enumerate(self.entries):
            for word in entry.name.words:
                self.postings[word].append(number)
        total = len(self.entries) or 1
        self.highest = math.log(1 + total)
        self.rarity = {word: math.log(1 + total / len(places)) * weight(word) for word, places in self.postings.items()}
        self.worth = [sum(self.rarity[word] for word in entry.name.words) for entry in self.entries]
        self.crowds = {word: frozenset(places) for word, places in self.postings.items() if len(places) > CROWD}
        self.together = _together(self.entries)
        self.by_sound: dict[str, list[str]] = defaultdict(list)
        self.by_slip: dict[str, list[str]] = defaultdict(list)
        for word in self.postings:
            self._file(word)
        self.known: dict[str, tuple[tuple[str, float], ...]] = {}

    def _file(self, word: str) -> None:
        if len(word) < 2 or word.isdigit():
            return
        for key in _sound_keys(word):
            self.by_sound[key].append(word)
        if len(word) > 2:
            for slip in _slips(word):
                self.by_slip[slip].append(word)

    def near(self, word: str) -> tuple[tuple[str, float], ...]:
        """Listed words that may be this one, with their likeness; remembered."""
        found = self.known.get(word)
        if found is None:
            offered = {word} if word in self.postings else set()
            if len(word) > 1 and not word.isdigit():
                for key in _sound_keys(word):
                    offered.update(self.by_sound.get(key, ()))
            if len(word) > 2:
                for slip in _slips(word):
                    offered.update(self.by_slip.get(slip, ()))
            alike = ((offer, likeness(word, offer)) for offer in offered if offer == word or _may_be(word, offer))
            found = tuple((offer, grade) for offer, grade in alike if grade >= ALIKE)
            if len(self.known) < 200_000:
                self.known[word] = found
        return found

    def candidates(self, name: Name) -> list[int]:
        """Numbers of the entries worth a full comparison, likeliest first, at most CANDIDATES."""
        shared: dict[int, float] = {}
        asked = 0.0
        words = self._as_listed(name.words)
        near = {word: self.near(word) for word in words if len(word) > 1}
        told = {word: self._told(word, found) for word, found in near.items()}
        for word in sorted(near, key=lambda one: (-told[one], one)):
            if near[word]:
                self._share(near[word], told[word], shared, seeds=not shared)
            else:
                self._share_glued(word, told[word], shared)
            asked += told[word]
        self._share_joined(name.words, shared, asked)
        worth = self.worth
        initials = [word for word in name.words if len(word) == 1]
        if initials and len(shared) > CANDIDATES:
            shared = {number: score for number, score in shared.items() if self._fits(initials, number)}
        scored = [
            (-score / (asked + worth[number]), number)
            for number, score in shared.items()
            if score >= ASKED * asked and score >= SHARE * worth[number]
        ]
        best = nsmallest(3 * CANDIDATES if initials else CANDIDATES, scored)
        return [number for score, number in best if score <= NEAR_THE_BEST * best[0][0]]

    def _fits(self, initials: list[str], number: int) -> bool:
        """Whether the listed name has a word for every initial."""
        firsts = [word[0] for word in self.entries[number].name.words]
        return all(initial in firsts for initial in initials)

    def _told(self, word: str, found: tuple[tuple[str, float], ...]) -> float:
        """Rarity of a word that is asked: its own when listed, else of the nearest, the highest when nobody has it."""
        if word in self.rarity:
            return self.rarity[word]
        return max((self.rarity[listed] for listed, _ in found), default=self.highest * weight(word))

    def _share(
        self, found: tuple[tuple[str, float], ...], told: float, shared: dict[int, float], *, seeds: bool
    ) -> None:
        gained: dict[int, float] = {}
        for listed, alike in sorted(found, key=lambda item: item[1]):
            crowd = self.crowds.get(listed)
            places = self.postings[listed] if seeds or crowd is None else _both(shared, crowd)
            gained.update(dict.fromkeys(places, alike * told))
        for number, gain in gained.items():
            shared[number] = shared.get(number, 0.0) + gain

    def _as_listed(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """The words, neighbours in one where the list knows only the word they make: tra ding is trading."""
        out: list[str] = []
        for word in words:
            if out and (word not in self.postings or out[-1] not in self.postings) and self._knows(out[-1] + word):
                out[-1] += word
            else:
                out.append(word)
        return tuple(out)

    def _knows(self, word: str) -> bool:
        return len(word) > 3 and any(alike > WRITTEN_APART for _, alike in self.near(word))

    def _share_glued(self, word: str, told: float, shared: dict[int, float]) -> None:
        """A word that nobody has may be two listed ones written together: alnoudez is al noudez."""
        places = {*self.together.get(word, ()), *self.together.get(skeleton(word), ())}
        for number in places:
            shared[number] = shared.get(number, 0.0) + 0.9 * told

    def _share_joined(self, words: tuple[str, ...], shared: dict[int, float], asked: float) -> None:
        """Words that the list writes as one, or that it writes apart."""
        for joined, count in _joins(words):
            for sound in (joined, skeleton(joined)):
                for number in self.together.get(sound, ()):
                    share = asked * count / len(words)
                    shared[number] = max(shared.get(number, 0.0), min(share, self.worth[number]) * 0.95)


def _entries(entities: Sequence[ListedEntity]) -> Iterator[Entry]:
    for number, entity in enumerate(entities):
        for text, weak in dict.fromkeys(entity.names):
            name = read_name(text, entity.kind)
            if name.words:
                yield Entry(number, name, weak, text)


def _together(entries: Sequence[Entry]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for number, entry in enumerate(entries):
        for joined, _ in _joins(entry.name.words):
            for key in {joined, skeleton(joined)}:
                if len(key) > 4:
                    found[key].append(number)
    return found


def _joins(words: tuple[str, ...]) -> list[tuple[str, int]]:
    """Neighbours written together, and the whole name; a name of one word is its own whole."""
    joins = [("".join(words[at : at + 2]), 2) for at in range(len(words) - 1)]
    if len(words) != 2:
        joins.append(("".join(words), len(words)))
    return joins


def _may_be(word: str, offer: str) -> bool:
    """Whether the likeness can reach ALIKE, asked of the letters first: cheaper, and never refuses what would."""
    longest = max(len(word), len(offer))
    most = int(longest * (1.0 - FARTHEST))
    if OSA.distance(word, offer, score_cutoff=most) <= most:
        return True
    kin = SPELLINGS.get(word, NONE) & SPELLINGS.get(offer, NONE) or SHORT_FORMS.get(word, NONE)
    return bool(kin) or VOWELS.isdisjoint(word) or VOWELS.isdisjoint(offer)


def _both(shared: dict[int, float], crowd: frozenset[int]) -> list[int]:
    return [number for number in shared if number in crowd]


def _sound_keys(word: str) -> list[str]:
    bone = skeleton(word)
    keys = [f"s{bone}", *(f"g{group}" for group in SPELLINGS.get(word, ()))]
    if "kh" in word:
        keys.append(f"s{skeleton(word.replace('kh', 'h'))}")
    if len(bone) > 3:
        keys += [f"t{bone[:at]}{bone[at + 1 :]}" for at in range(len(bone))]
    return keys


def _slips(word: str) -> list[str]:
    """The word, and the word without each of its letters: two words one slip apart share one of these."""
    return [word, *(word[:at] + word[at + 1 :] for at in range(len(word)))]
