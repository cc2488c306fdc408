"""How good the estimates of thin GST files are: mature firms with their GST block masked, against what they show.

Only rich UPI records that are none of the fitted firms, in the last period. Told: per column the mean error of the
estimate beside that of the fitted firms' median, and how often 90 % of its spread holds the truth; for the score, how
far it is from the one of the full evidence, and how often its interval holds that one, before and after estimating.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring.engine.estimating import Z90, half_width_of
from scoring.engine.neighbours import GST, MATURE_MONTHS, MONTHS, NEIGHBOURS, UPI, Expectation, Neighbours, is_rich
from scoring.engine.sample import Sample, fold_of, last_period

Floats = NDArray[np.float64]

LEAST_ROWS = 60
"""With fewer masked firms the figures would be luck."""
HALVES = 7
"""Seed of the halves."""
WIDER = Z90 * float(np.sqrt(1.0 + 1.0 / NEIGHBOURS))


@dataclass(frozen=True)
class Judge:
    """Points (n,) of rows, and half the width of their intervals as thin records have it, both in points."""

    points: Callable[[Floats], Floats]
    half_widths: Callable[[Floats], Floats]


def fitting_rows(sample: Sample) -> NDArray[np.bool_]:
    """The half of the businesses that neighbours are fitted on; the other half is masked to measure them."""
    return np.asarray(fold_of(sample.business, 2, HALVES) == 0, dtype=np.bool_)


def mask_study(neighbours: Neighbours, judge: Judge, sample: Sample) -> dict[str, object] | None:
    """Plain values for the card; None with too few firms to mask."""
    names = list(sample.names)
    rows = sample.matrix[_masked(sample)]
    if rows.shape[0] < LEAST_ROWS:
        return None
    upi, gst = [names.index(name) for name in UPI], [names.index(name) for name in GST]
    told = [neighbours.expect(row) for row in rows[:, upi]]
    return {
        "firms": int(rows.shape[0]),
        "columns": _columns(neighbours, told, rows[:, gst]),
        **_scores(judge, rows, gst, told),
    }


def _masked(sample: Sample) -> NDArray[np.bool_]:
    column = {name: sample.matrix[:, sample.names.index(name)] for name in (MONTHS, *UPI)}
    weeks, payments = column["upi_dormancy_periods"].tolist(), column["upi_90d_inbound_count"].tolist()
    rich = np.array([is_rich(*pair) for pair in zip(weeks, payments, strict=True)], dtype=np.bool_)
    mature = column[MONTHS] >= MATURE_MONTHS
    return np.asarray(last_period(sample) & ~fitting_rows(sample) & mature & rich, dtype=np.bool_)


def _columns(neighbours: Neighbours, told: Sequence[Expectation], truth: Floats) -> list[dict[str, object]]:
    middle, spread = np.array([each.middle for each in told]), np.array([each.spread for each in told])
    rows: list[dict[str, object]] = []
    for place, name in enumerate(GST):
        known = ~np.isnan(truth[:, place]) & ~np.isnan(middle[:, place])
        error = np.abs(truth[known, place] - middle[known, place])
        guess = np.abs(truth[known, place] - neighbours.medians[name])
        rows.append(
            {
                "feature": name,
                "error": float(error.mean()),
                "median_error": float(guess.mean()),
                "held": float(np.mean(error <= WIDER * spread[known, place])),
            }
        )
    return rows


def _scores(judge: Judge, rows: Floats, gst: list[int], told: Sequence[Expectation]) -> dict[str, object]:
    """What was known stays known to be missing where it was: only what is masked is estimated."""
    known = ~np.isnan(rows[:, gst])
    masked, estimated = rows.copy(), rows.copy()
    masked[:, gst] = np.nan
    estimated[:, gst] = np.where(known, np.array([each.middle for each in told]), np.nan)
    truth, before, after = judge.points(rows), judge.points(masked), judge.points(estimated)
    others = np.empty((rows.shape[0], NEIGHBOURS))
    for turn in range(NEIGHBOURS):
        row = masked.copy()
        row[:, gst] = np.where(known, np.array([each.values[turn] for each in told]), np.nan)
        others[:, turn] = judge.points(row)
    added = np.array([half_width_of(*pair) for pair in zip(after.tolist(), others.tolist(), strict=True)])
    narrow, wide = judge.half_widths(masked), np.hypot(judge.half_widths(estimated), added)
    return {
        "score_error_before": float(np.abs(before - truth).mean()),
        "score_error_after": float(np.abs(after - truth).mean()),
        "coverage_before": float(np.mean(np.abs(before - truth) <= narrow)),
        "coverage_after": float(np.mean(np.abs(after - truth) <= wide)),
        "half_width_before": float(narrow.mean()),
        "half_width_after": float(wide.mean()),
    }
