"""How well the screening did against a truth that is known: pooled over accounts and moments."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

CLASSES = (0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0)
"""Borders of the classes of confidence in the table of reliability."""


@dataclass
class Tally:
    """Accounts counted over the moments of an evaluation; an account is one business at one moment."""

    guilty: int = 0
    flagged: int = 0
    both: int = 0
    right: int = 0

    def add(self, flagged: Collection[int], guilty: Collection[int], right: Collection[int] | None = None) -> None:
        """Count one moment: `guilty` should be found; `right` is to be said of them and perhaps of more."""
        self.guilty += len(guilty)
        self.flagged += len(flagged)
        self.both += len(set(flagged) & set(guilty))
        self.right += len(set(flagged) & set(guilty if right is None else right))

    def rates(self) -> dict[str, float | None]:
        """Precision and recall; None where there is nothing to divide by.

        >>> tally = Tally(); tally.add({1, 2}, {2, 3}); tally.rates()
        {'precision': 0.5, 'recall': 0.5}
        """
        return {"precision": _share(self.right, self.flagged), "recall": _share(self.both, self.guilty)}


@dataclass
class Evaluation:
    """Everything `evaluate_fraud` prints, collected moment by moment."""

    rings: Tally = field(default_factory=Tally)
    by_typology: dict[str, Tally] = field(default_factory=dict)
    alerts: dict[str, Tally] = field(default_factory=dict)
    by_camouflage: dict[str, Tally] = field(default_factory=dict)
    hard_negative_flags: int = 0
    hard_negatives: int = 0
    judged: list[tuple[float, bool]] = field(default_factory=list)

    def typology(
        self, name: str, flagged: Collection[int], guilty: Collection[int], right: Collection[int] | None = None
    ) -> None:
        """Count one typology at one moment."""
        self.by_typology.setdefault(name, Tally()).add(flagged, guilty, right)

    def alert(self, topic: str, flagged: Collection[int], right: Collection[int]) -> None:
        """Count the alerts of one topic at one moment."""
        self.alerts.setdefault(topic, Tally()).add(flagged, right)

    def camouflage(
        self, level: int, flagged: Collection[int], guilty: Collection[int], others: Collection[int]
    ) -> None:
        """Count one level: of the flagged, those who are guilty at another level belong there."""
        mine = set(flagged) - set(others)
        self.by_camouflage.setdefault(str(level), Tally()).add(mine, guilty)


def ring_auc(judged: Collection[tuple[float, bool]]) -> float | None:
    """Chance that a guilty account is given more confidence than an innocent one, ties halved (Mann–Whitney).

    >>> ring_auc([(0.9, True), (0.1, False), (0.1, True)])
    0.75
    """
    ranked = sorted(judged)
    guilty = sum(is_guilty for _, is_guilty in ranked)
    innocent = len(ranked) - guilty
    if not guilty or not innocent:
        return None
    wins, below, place = 0.0, 0, 0
    while place < len(ranked):
        end = place
        while end < len(ranked) and ranked[end][0] == ranked[place][0]:
            end += 1
        tied = sum(is_guilty for _, is_guilty in ranked[place:end])
        wins += tied * (below + (end - place - tied) / 2)
        below += end - place - tied
        place = end
    return wins / guilty / innocent


def reliability(judged: Collection[tuple[float, bool]]) -> list[dict[str, float | int]]:
    """Of the members of rings, by confidence: how many accounts, the confidence told and the share that was guilty.

    Accounts without any confidence are members of no ring and left out; classes without accounts too.

    >>> reliability([(0.95, True), (0.97, True), (0.02, False), (0.0, False)])[1]
    {'from': 0.9, 'to': 1.0, 'accounts': 2, 'confidence': 0.96, 'guilty': 1.0}
    """
    table: list[dict[str, float | int]] = []
    for low, high in pairwise(CLASSES):
        mine = [pair for pair in judged if pair[0] > 0 and low <= pair[0] and (pair[0] < high or high == CLASSES[-1])]
        if mine:
            told = sum(sure for sure, _ in mine) / len(mine)
            guilty = sum(is_guilty for _, is_guilty in mine) / len(mine)
            figures = {"accounts": len(mine), "confidence": round(told, 4), "guilty": round(guilty, 4)}
            table.append({"from": low, "to": high, **figures})
    return table


def calibration_error(judged: Collection[tuple[float, bool]]) -> float | None:
    """Mean distance between the confidence told and the share guilty over the classes, weighted by accounts (ECE).

    >>> calibration_error([(0.95, True), (0.97, True), (0.02, False)])
    0.0333
    """
    table = reliability(judged)
    accounts = sum(row["accounts"] for row in table)
    gap = sum(row["accounts"] * abs(row["confidence"] - row["guilty"]) for row in table)
    return round(gap / accounts, 4) if accounts else None


def rates_of(tallies: Mapping[str, Tally]) -> dict[str, dict[str, float | None]]:
    """Precision and recall of each, by name."""
    return {name: tallies[name].rates() for name in sorted(tallies)}


def precision_of(tallies: Mapping[str, Tally]) -> dict[str, dict[str, float | int | None]]:
    """How many accounts each accused, and the share of them rightly, by name.

    >>> tally = Tally(); tally.add({1, 2}, {2}); precision_of({"mule_hub": tally})
    {'mule_hub': {'accounts': 2, 'precision': 0.5}}
    """
    rates = rates_of(tallies)
    return {name: {"accounts": tallies[name].flagged, "precision": rates[name]["precision"]} for name in rates}


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
