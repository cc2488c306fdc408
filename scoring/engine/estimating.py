"""Estimates in a thin GST file's row: which columns, what they do to the interval, and what they may not do.

An estimate stands in the row the model reads and nowhere else: the measured value stays missing. It widens the
interval by what the fifteen neighbours would score each in turn, and it is no reason: the card that reads such a row
takes its columns for ones nobody can act on, so no reason of a refusal, path, plan or dial is made of them. What a
consent withholds is never estimated, and neither is anything for the points table, which has a bin for missing.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np
from numpy.typing import NDArray

from scoring.engine.neighbours import GST, MONTHS, NEIGHBOURS, UPI, Expectation, is_rich, is_thin
from scoring.engine.paper_card import Card, PaperCard
from scoring.engine.permitted import may_measure
from scoring.engine.scorecard import Assessment, Scorecard

Floats = NDArray[np.float64]

Z90 = 1.6448536269514722
"""Half of a 90 % interval of a normal, in standard deviations."""


@dataclass(frozen=True)
class Estimate:
    """The expected value of a column and the neighbours' standard deviation, in its unit."""

    value: float
    spread: float


@dataclass(frozen=True)
class Estimates:
    """By column; `half_width` in points is what they add, in quadrature, to half of the 90 % interval."""

    columns: Mapping[str, Estimate]
    half_width: float

    def document(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {"columns": {name: asdict(found) for name, found in self.columns.items()}, "half_width": self.half_width}


def estimates_from(document: Mapping[str, object]) -> Estimates | None:
    """The inverse of `Estimates.document`; None of an empty one."""
    columns = document.get("columns")
    if not isinstance(columns, Mapping):
        return None
    read = {name: Estimate(float(found["value"]), float(found["spread"])) for name, found in columns.items()}
    return Estimates(read, float(str(document["half_width"])))


def estimates_of(card: Card, row: Floats, kinds: Collection[str]) -> Estimates | None:
    """What is estimated in `row` (f,) of a firm that shares `kinds`; None where nothing is."""
    if isinstance(card, PaperCard) or card.neighbours is None:
        return None
    lacking = _lacking(card.names, row, kinds)
    if not lacking:
        return None
    found = card.neighbours.expect(row[[card.names.index(name) for name in UPI]])
    told = [name for name in lacking if not math.isnan(found.middle[GST.index(name)])]
    if not told:
        return None
    columns = {name: _estimate(found, name) for name in told}
    return Estimates(columns, half_width_of(*_scored(card, row, found, columns)))


def filled(names: Sequence[str], row: Floats, estimates: Estimates) -> Floats:
    """`row` (f,) with the estimates in it."""
    full = row.copy()
    for name, found in estimates.columns.items():
        full[names.index(name)] = found.value
    return full


def guarded(card: Card, estimates: Estimates | None) -> Card:
    """The card for a row with estimates: a wider interval, and estimated columns that nobody can act on."""
    if estimates is None or isinstance(card, PaperCard):
        return card
    columns = tuple(
        replace(column, actionable=False, risk="neither") if column.name in estimates.columns else column
        for column in card.columns
    )
    return replace(card, columns=columns, widening=estimates.half_width)


@dataclass(frozen=True)
class Read:
    """Rows (n, f) as the model reads them, with the estimates of each; None where a row has none."""

    rows: Floats
    estimates: tuple[Estimates | None, ...]

    def assess(self, card: Card) -> list[Assessment]:
        """One assessment per row, those with estimates by a guarded card."""
        found = list(card.assess(self.rows))
        for place, estimates in enumerate(self.estimates):
            if estimates is not None:
                found[place] = guarded(card, estimates).assess(self.rows[place : place + 1])[0]
        return found


def read_rows(card: Card, rows: Floats, shared: Sequence[Collection[str]]) -> Read:
    """`rows` (n, f) of firms that share the kinds of `shared`, with estimates where a file is thin."""
    estimates = tuple(estimates_of(card, row, kinds) for row, kinds in zip(rows, shared, strict=True))
    if not any(estimates):
        return Read(rows, estimates)
    full = [
        row if found is None else filled(card.names, row, found) for row, found in zip(rows, estimates, strict=True)
    ]
    return Read(np.array(full), estimates)


def half_width_of(told: float, others: Sequence[float]) -> float:
    """Half of a 90 % interval around `told` points when the neighbours' own values score `others`.

    Between-imputation variance with Rubin's 1 + 1/m, taken around the told score so that the estimate's own lean
    (a median row does not score the mean) is inside.

    >>> round(half_width_of(600.0, [590.0, 610.0]), 2)
    20.15
    """
    spread = math.fsum((other - told) ** 2 for other in others) / len(others)
    return Z90 * math.sqrt((1.0 + 1.0 / len(others)) * spread)


def _lacking(names: Sequence[str], row: Floats, kinds: Collection[str]) -> list[str]:
    """Missing GST columns of a thin GST file with a rich UPI record, of kinds that are shared."""
    if not {*UPI, *GST, MONTHS} <= set(names):
        return []
    value = dict(zip(names, row.tolist(), strict=True))
    if not is_thin(value[MONTHS]) or not is_rich(value["upi_dormancy_periods"], value["upi_90d_inbound_count"]):
        return []
    return [name for name in GST if math.isnan(value[name]) and may_measure(name, kinds)]


def _estimate(found: Expectation, name: str) -> Estimate:
    place = GST.index(name)
    return Estimate(float(found.middle[place]), float(found.spread[place]))


def _scored(
    card: Scorecard, row: Floats, found: Expectation, columns: Mapping[str, Estimate]
) -> tuple[float, list[float]]:
    """Points of the row with the expectation, and with each neighbour's own values."""
    matrix = np.repeat(row[None, :], NEIGHBOURS + 1, axis=0)
    for name, estimate in columns.items():
        place = card.names.index(name)
        matrix[0, place], matrix[1:, place] = estimate.value, found.values[:, GST.index(name)]
    told, *others = card.points(matrix)
    return told, others
