"""What a validator asks beyond the headline: intervals, reliability, segments, fairness, rules of thumb, stability.

Everything is measured on the last period, by members that saw neither its firms nor its outcomes. Groups are for
measuring only: none of them is an input of the model.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring.engine.bands import DEFAULT_BANDS
from scoring.engine.mapping import points_of
from scoring.engine.sample import Sample
from scoring.engine.validation import auc, brier, ece, ks, measure_ranking, ranks

Floats = NDArray[np.float64]
Words = NDArray[np.str_]
Row = dict[str, object]

RESAMPLES = 200
RELIABILITY_BINS = 10
LEAST_ROWS = 60
LEAST_OUTCOMES = 5
GOOD_SCORE = DEFAULT_BANDS.low_risk
"""Fairness is judged on a decision: approve from the low-risk band upwards."""
LEAST_AIR = 0.8
THIN_MONTHS = 12.0
THIN_DEFAULTS = 30
"""With fewer defaults among thin records a difference of AUC is luck."""
MONTHS = "months_active_gst"

# The source system labelled firms by if-statements over its own inputs. These are rules of that kind over ours: each
# that holds counts one towards risk.
PROXY_RULES: tuple[tuple[str, str, float], ...] = (
    ("filing_compliance_rate", "below", 0.7),
    ("debit_failure_rate_90d", "above", 0.1),
    ("cash_buffer_days", "below", 7.0),
    ("upi_hhi_30d", "above", 0.6),
    ("fraud_ring_flag", "above", 0.5),
    ("longest_gap_days", "above", 30.0),
    ("upi_outbound_failure_rate", "above", 0.1),
)


@dataclass(frozen=True)
class Told:
    """The last period with the chances (n,) told by the model and by the points table."""

    late: Sample
    model: Floats
    scorecard: Floats


def assure(told: Told, *, seed: int) -> Row:
    """Plain values for the card and the page."""
    target = told.late.target
    return {
        "pr_auc": {name: precision_recall(target, chance) for name, chance in _both(told)},
        "intervals": {name: bootstrap(told.late, chance, seed=seed) for name, chance in _both(told)},
        "reliability": {name: reliability(target, chance) for name, chance in _both(told)},
        "segments": list(_segments(told)),
        "fairness": list(_fairness(told)),
        "proxy_rules": proxy(told.late),
    }


def _both(told: Told) -> tuple[tuple[str, Floats], tuple[str, Floats]]:
    return ("model", told.model), ("scorecard", told.scorecard)


def precision_recall(target: Floats, chance: Floats) -> float | None:
    """Average precision: mean of the precision at each defaulted row, from the riskiest down, ties shared.

    >>> precision_recall(np.array([0.0, 1.0, 1.0]), np.array([0.1, 0.9, 0.5]))
    1.0
    """
    bad = target > 0
    if not bad.any():
        return None
    cuts = chance[bad][:, None]
    order = np.sort(chance)
    asked = chance.size - np.searchsorted(order, cuts[:, 0], side="left")
    found = int(bad.sum()) - np.searchsorted(np.sort(chance[bad]), cuts[:, 0], side="left")
    return float(np.mean(found / asked))


def bootstrap(sample: Sample, chance: Floats, *, seed: int) -> dict[str, list[float]]:
    """95 % intervals of AUC, KS, Brier and ECE over resampled businesses."""
    random = np.random.default_rng(seed)
    firms, place = np.unique(sample.business, return_inverse=True)
    rows_of = [np.flatnonzero(place == number) for number in range(firms.size)]
    measures: tuple[Callable[[Floats, Floats], float], ...] = (auc, ks, brier, ece)
    found: list[list[float]] = []
    for _ in range(RESAMPLES):
        rows = np.concatenate([rows_of[number] for number in random.integers(0, firms.size, firms.size)])
        target = sample.target[rows]
        if 0 < target.mean() < 1:
            found.append([measure(target, chance[rows]) for measure in measures])
    low, high = np.quantile(np.array(found), [0.025, 0.975], axis=0)
    return {
        measure.__name__: [round(float(low[number]), 4), round(float(high[number]), 4)]
        for number, measure in enumerate(measures)
    }


def reliability(target: Floats, chance: Floats) -> list[Row]:
    """Tenths of the rows by chance: what was told, what came."""
    groups = np.array_split(np.argsort(chance, kind="stable"), RELIABILITY_BINS)
    return [
        {
            "rows": int(rows.size),
            "told": round(float(chance[rows].mean()), 5),
            "came": round(float(target[rows].mean()), 5),
        }
        for rows in groups
        if rows.size
    ]


def groups_of(sample: Sample) -> Iterator[tuple[str, Words]]:
    """Every grouping of the rows: sector, the sample's own groups, thin or thick record."""
    yield "sector", sample.sector
    yield from sample.groups.items()
    if MONTHS in sample.names:
        months = sample.matrix[:, sample.names.index(MONTHS)]
        yield "record", np.where(months >= THIN_MONTHS, "thick", "thin").astype(np.str_)


def _judged(sample: Sample) -> Iterator[tuple[str, str, NDArray[np.bool_]]]:
    """Groups that are large enough, with the rows in them."""
    for kind, words in groups_of(sample):
        for group in np.unique(words).tolist():
            rows = words == group
            if rows.sum() >= LEAST_ROWS:
                yield kind, str(group), rows


def _segments(told: Told) -> Iterator[Row]:
    target = told.late.target
    for kind, group, rows in _judged(told.late):
        bad = int(target[rows].sum())
        if min(bad, int(rows.sum()) - bad) < LEAST_OUTCOMES:
            continue
        ours, table = (measure_ranking(target[rows], chance[rows]) for chance in (told.model, told.scorecard))
        yield {
            "kind": kind,
            "group": group,
            "rows": ours.rows,
            "target_rate": ours.target_rate,
            "auc": ours.auc,
            "ks": ours.ks,
            "ece": ours.ece,
            "scorecard_auc": table.auc,
        }


def _fairness(told: Told) -> Iterator[Row]:
    """Adverse impact ratio against the largest group, equal opportunity, calibration, by grouping."""
    approved = np.array([points_of(value) for value in _log_odds(told.model).tolist()]) >= GOOD_SCORE
    largest: dict[str, tuple[int, float, float]] = {}
    rows_of = [entry for entry in _judged(told.late) if entry[0] != "record"]
    healthy = told.late.target <= 0
    for kind, _, rows in rows_of:
        size = int(rows.sum())
        if size > largest.get(kind, (0, 0.0, 0.0))[0]:
            largest[kind] = size, float(approved[rows].mean()), _mean(approved[rows & healthy])
    for kind, group, rows in rows_of:
        _, reference, opportunity = largest[kind]
        ratio, flagged = impact(float(approved[rows].mean()), reference)
        yield {
            "kind": kind,
            "group": group,
            "rows": int(rows.sum()),
            "approved": float(approved[rows].mean()),
            "air": ratio,
            "equal_opportunity_gap": round(_mean(approved[rows & healthy]) - opportunity, 4),
            "told": float(told.model[rows].mean()),
            "came": float(told.late.target[rows].mean()),
            "flagged": flagged,
        }


def impact(approved: float, reference: float) -> tuple[float | None, bool]:
    """Adverse impact ratio of two shares of approvals, and whether it is a finding (below four fifths).

    None against a group of which nobody is approved.

    >>> impact(0.48, 0.6)
    (0.8, False)
    """
    if not reference:
        return None, False
    ratio = approved / reference
    return round(ratio, 4), ratio < LEAST_AIR


def proxy(sample: Sample) -> Row:
    """How well rules of thumb rank the outcomes; missing breaks no rule."""
    count = np.zeros(len(sample))
    used = [rule for rule in PROXY_RULES if rule[0] in sample.names]
    for name, side, limit in used:
        column = sample.matrix[:, sample.names.index(name)]
        count += np.where(np.isnan(column), False, column < limit if side == "below" else column > limit)
    area = auc(sample.target, ranks(count))
    rules = [f"{name} {side} {limit:g}" for name, side, limit in used]
    return {"auc": area if np.isfinite(area) else None, "rules": rules}


def spread_of_seeds(areas: Sequence[float]) -> Row:
    """AUC of retrainings that differ in their seed only."""
    return {"auc": [round(area, 5) for area in areas], "range": round(max(areas) - min(areas), 5)}


def thin_file(sample: Sample, main: Floats, light: Floats) -> Row:
    """Whether a model of payments only does better than the main one on thin records of the last period."""
    months = sample.matrix[:, sample.names.index(MONTHS)] if MONTHS in sample.names else np.full(len(sample), np.inf)
    thin = months < THIN_MONTHS
    figures: Mapping[str, float] = {
        "model": auc(sample.target[thin], main[thin]) if thin.any() else float("nan"),
        "payments_only": auc(sample.target[thin], light[thin]) if thin.any() else float("nan"),
    }
    bad = int(sample.target[thin].sum())
    known = all(np.isfinite(value) for value in figures.values())
    return {
        "rows": int(thin.sum()),
        "defaults": bad,
        **{name: value if np.isfinite(value) else None for name, value in figures.items()},
        "wins": bool(known and bad >= THIN_DEFAULTS and figures["payments_only"] > figures["model"]),
    }


def _log_odds(chance: Floats) -> Floats:
    clipped = np.clip(chance, 1e-9, 1.0 - 1e-9)
    return np.asarray(np.log(clipped / (1.0 - clipped)), dtype=np.float64)


def _mean(flags: NDArray[np.bool_]) -> float:
    return float(flags.mean()) if flags.size else 0.0
