"""One subject against a list: the names that answer, what else is known, and an ordered probability.

The margin of a hit is that of the names, plus what they leave open in a list of this size (rarity of what is
shared), plus birth, country and identifiers. Weights are log-odds; each is explained beside the hit.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from fraud.engine.names.comparison import BITS, Comparison, Pairing
from fraud.engine.names.entities import ListedEntity, Subject
from fraud.engine.names.index import Entry, NameIndex
from fraud.engine.names.normalise import Name, read_name, weight
from fraud.engine.names.probability import Verdict, judge, logistic
from fraud.engine.names.sounds import likeness, skeleton
from fraud.engine.names.vocabulary import COMMON, PARTICLES

ALGORITHM = "names-1"
BEND = 5.0
"""Bits from which rarity counts a tenth, for or against."""

ENOUGH, SLIGHT = 3, 0.3
"""Points that a name with a word left out must share: one for a frequent word, two for another; none for initials."""

FEW = 0.5
"""Listed names that chance may give two words before they are those of everybody."""

SMALL_LIST = 5_000
"""Entries from which a list tells how frequent a word is."""

TWICE = 0.75
"""Likeness from which an unanswered word is a listed one written a second time."""

SURE_SPELLING = 0.93
"""Likeness from which two words are spellings of one name even where both are names."""


@dataclass(frozen=True)
class ScreeningRules:
    """Weights in log-odds. `bits` is the rarity a shared name must have before it speaks for itself."""

    threshold: float = 0.5
    bits: float = 20.0
    per_bit: float = 0.12
    prior: float = 0.2
    slip: float = 0.2
    not_listed: float = -6.5
    ends_missing: float = -6.0
    middle_missing: float = -0.7
    frequent_only: float = -0.7
    namesake: float = 0.35
    another_word: float = -3.4
    initials: float = 1.5
    weak_alias: float = -1.5
    birth_same: float = 2.5
    birth_year: float = 1.0
    birth_differs: float = -4.0
    country_same: float = 0.6
    country_differs: float = -0.6
    identifier: float = 9.0
    other_kind: float = -2.0
    limit: int = 25


@dataclass(frozen=True)
class Hit:
    """A listed entity that may be the subject; `parts` add up to the margin."""

    entity: ListedEntity
    name: str
    asked: str
    comparison: Comparison
    margin: float
    parts: dict[str, float]

    @property
    def probability(self) -> float:
        """Never 1, and equal only where all evidence is equal."""
        return logistic(self.margin)


class Screener:
    """Lists ready to be asked."""

    def __init__(self, entities: Iterable[ListedEntity], rules: ScreeningRules | None = None) -> None:
        self.index = NameIndex(tuple(entities))
        self.rules = rules or ScreeningRules()
        self.holders: dict[str, list[int]] = {}
        for number, entity in enumerate(self.index.entities):
            for identifier in entity.identifiers:
                self.holders.setdefault(identifier, []).append(number)

    def screen(self, subject: Subject, among: Callable[[ListedEntity], bool] | None = None) -> list[Hit]:
        """Hits from the threshold on, likeliest first; an equal identifier is looked at whatever the name.

        `among` keeps some of the entities: the others still say how frequent words are and which names come closer,
        so every hit is one of the full screening, with its probability.
        """
        best: dict[int, Hit] = {}
        name = read_name(subject.name, subject.kind)
        for number in self.index.candidates(name):
            self._consider(subject, name, self.index.entries[number], best)
        for number in self._holders(subject) - set(best):
            for entry in (one for one in self.index.entries if one.entity == number):
                self._consider(subject, name, entry, best)
        found = [hit for hit in best.values() if hit.probability >= self.rules.threshold]
        found.sort(key=lambda hit: (-hit.margin, hit.entity.key))
        return [hit for hit in found[: self.rules.limit] if among is None or among(hit.entity)]

    def _holders(self, subject: Subject) -> set[int]:
        return {number for identifier in subject.identifiers for number in self.holders.get(identifier, ())}

    def _consider(self, subject: Subject, name: Name, entry: Entry, best: dict[int, Hit]) -> None:
        """Keeps the best of an entity's names."""
        entity = self.index.entities[entry.entity]
        if subject.kind == "unknown":
            name = read_name(subject.name, entity.kind)
        verdict = judge(name, entry.name)
        parts = {**self._name_parts(verdict, name, entry), **self._known_parts(subject, entity)}
        margin = sum(parts.values())
        if entry.entity not in best or margin > best[entry.entity].margin:
            best[entry.entity] = Hit(entity, entry.text, subject.name, verdict.comparison, margin, parts)

    def _name_parts(self, verdict: Verdict, asked: Name, entry: Entry) -> dict[str, float]:
        rules, comparison = self.rules, verdict.comparison
        unanswered = sum(weight(word) for word in _unanswered(asked, entry.name, comparison))
        ends = {0, len(entry.name.words) - 1}.intersection(comparison.open_theirs)
        others = sum(self._another(asked, entry.name, pairing) for pairing in comparison.pairings)
        bits = comparison.named()["surprise"] * BITS
        complete = not unanswered and not ends
        slips = verdict.parts["replaced"] + verdict.parts["worst"]
        middle = len(comparison.open_theirs) > len(ends)
        parts = {
            "names": verdict.margin - slips,
            "slips": rules.slip * slips,
            "prior": rules.prior,
            "rarity": rules.per_bit * _bent(bits - rules.bits, complete=complete),
            "not_listed": rules.not_listed * unanswered,
            "middle_missing": middle * self._middle_missing(entry.name, comparison),
            "ends_missing": rules.ends_missing * sum(weight(entry.name.words[place]) for place in ends),
            "another_word": rules.another_word * others,
            "initials": rules.initials * (complete and _by_initials(comparison)),
            "weak_alias": rules.weak_alias * entry.weak,
        }
        return {name: value for name, value in parts.items() if value}

    def _middle_missing(self, listed: Name, comparison: Comparison) -> float:
        """A name left out costs little where one of the others is rare, and much where both are those of many."""
        answered = {listed.words[place] for pairing in comparison.pairings for place in pairing.theirs}
        told = sum(1 if word in COMMON else 2 for word in answered if weight(word) > SLIGHT)
        frequent = self.rules.frequent_only * (told < ENOUGH)
        return self.rules.middle_missing + frequent - self.rules.namesake * self._namesakes(listed, comparison)

    def _namesakes(self, listed: Name, comparison: Comparison) -> float:
        """Doublings above FEW of the listed names that chance gives the answered words: two frequent words are weak."""
        total = len(self.index.entries)
        answered = {listed.words[place] for pairing in comparison.pairings for place in pairing.theirs}
        shares = [len(self.index.postings[word]) / max(total, SMALL_LIST) for word in answered if word not in PARTICLES]
        return max(0.0, math.log2(total * math.prod(shares) / FEW))

    def _another(self, asked: Name, listed: Name, pairing: Pairing) -> float:
        """How surely a near spelling is a name in its own right: Rakesh is not a slip for Rajesh."""
        word, answer = asked.words[pairing.mine[0]], listed.words[pairing.theirs[0]]
        if asked.foreign or pairing.how != "spelling" or pairing.alike > SURE_SPELLING:
            return 0.0
        if word not in self.index.postings and word not in COMMON:
            return 0.0
        return 0.5 if skeleton(word) == skeleton(answer) else 1.0

    def _known_parts(self, subject: Subject, entity: ListedEntity) -> dict[str, float]:
        rules, parts = self.rules, {}
        if subject.birth and entity.births:
            parts["birth"] = max(self._birth(subject.birth, listed) for listed in entity.births)
        if subject.countries and entity.countries:
            shared = subject.countries & entity.countries
            parts["country"] = rules.country_same if shared else rules.country_differs
        if subject.identifiers & entity.identifiers:
            parts["identifier"] = rules.identifier
        if "unknown" not in (subject.kind, entity.kind) and subject.kind != entity.kind:
            parts["other_kind"] = rules.other_kind
        return parts

    def _birth(self, asked: str, listed: str) -> float:
        """Equal dates, day and month swapped included, speak most; a year apart says nothing (lists round)."""
        if len(asked) == len(listed) == 10 and (asked == listed or asked == f"{listed[:4]}-{listed[8:]}-{listed[5:7]}"):
            return self.rules.birth_same
        if asked[:4] == listed[:4]:
            return self.rules.birth_year if min(len(asked), len(listed)) < 10 else 0.0
        return 0.0 if abs(int(asked[:4]) - int(listed[:4])) <= 1 else self.rules.birth_differs


def _unanswered(asked: Name, listed: Name, comparison: Comparison) -> list[str]:
    """Words of the question that the list does not have, not counting one written twice."""
    words = (asked.words[place] for place in comparison.open_mine)
    others = [other for other in listed.words if other not in PARTICLES]
    return [word for word in words if len(word) > 1 and not _heard(word, others) and not _a_particle(word, listed)]


def _heard(word: str, others: list[str]) -> bool:
    return any(likeness(word, other) >= TWICE for other in others)


def _a_particle(word: str, listed: Name) -> bool:
    """A slip in one of the listed particles: aj for al."""
    return len(word) < 4 and any(
        len(other) > 1 and OSA.distance(word, other) < 2 for other in PARTICLES.intersection(listed.words)
    )


def _bent(bits: float, *, complete: bool) -> float:
    """A frequent name that answers in full is still looked at; a rare word does not excuse missing ones."""
    if complete:
        return bits if bits > -BEND else -BEND + (bits + BEND) / 10
    return bits if bits < BEND else BEND + (bits - BEND) / 10


def _by_initials(comparison: Comparison) -> bool:
    """Initials for given names, and every other word as listed."""
    hows = [pairing.how for pairing in comparison.pairings]
    return "initial" in hows and set(hows) <= {"initial", "same"} and "same" in hows
