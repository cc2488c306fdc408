"""What a validator asks beyond the headline: intervals, reliability, segments, fairness, rules of thumb, stability.

Everything is measured on the last period, by members that saw neither its firms nor its outcomes. Groups are for
measuring only: none of them is an input of the model.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring.engine.bands import DEFAULT_BANDS
from scoring.engine.interval import THIN_MONTHS, is_thin
from scoring.engine.mapping import points_of
from scoring.engine.proxy import RULES, proxy_chances
from scoring.engine.sample import Sample
from scoring.engine.validation import auc, brier, ece, ks, measure_ranking

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
THIN_DEFAULTS = 30
"""With fewer defaults among thin records a difference of AUC is luck."""
MONTHS = "months_active_gst"
MEASURES: tuple[Callable[[Floats, Floats], float], ...] = (auc, ks, brier, ece)


@dataclass(frozen=True)
class Told:
    """The last period with the chances (n,) told by the model and by the points table."""

    late: Sample
    model: Floats
    scorecard: Floats

    @property
    def voices(self) -> dict[str, Floats]:
        """Every opinion that is compared, by name; the oracle's only where a simulation tells it."""
        told = {"model": self.model, "scorecard": self.scorecard, "proxy_rules": proxy_chances(self.late)}
        return told if self.late.oracle is None else told | {"oracle": self.late.oracle}


def assure(told: Told, *, seed: int) -> Row:
    """Plain values for the card and the page."""
    target, both = told.late.target, {"model": told.model, "scorecard": told.scorecard}
    compared = compare(told, seed=seed)
    return {
        "pr_auc": {name: precision_recall(target, chance) for name, chance in both.items()},
        "intervals": {name: compared[name]["intervals"] for name in both},
        "comparison": compared,
        "oracle_gap": _behind(compared),
        "reliability": {name: reliability(target, chance) for name, chance in both.items()},
        "segments": list(_segments(told)),
        "fairness": list(_fairness(told)),
        "proxy_rules": {"auc": compared["proxy_rules"]["auc"], "rules": [str(rule) for rule in RULES]},
    }


def compare(told: Told, *, seed: int) -> dict[str, Row]:
    """auc, ks, brier, ece and pr_auc of every opinion on the same rows, with 95 % intervals; None where undefined."""
    target = told.late.target
    return {
        name: {measure.__name__: _finite(measure(target, chance)) for measure in MEASURES}
        | {"pr_auc": precision_recall(target, chance), "intervals": bootstrap(told.late, chance, seed=seed)}
        for name, chance in told.voices.items()
    }


def _behind(compared: Mapping[str, Row]) -> float | None:
    """AUC by which the model stays behind the oracle; below zero where it is ahead; None without an oracle."""
    best, ours = compared.get("oracle", {}).get("auc"), compared["model"]["auc"]
    return round(best - ours, 4) if isinstance(best, float) and isinstance(ours, float) else None


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
    found: list[list[float]] = []
    for _ in range(RESAMPLES):
        rows = np.concatenate([rows_of[number] for number in random.integers(0, firms.size, firms.size)])
        target = sample.target[rows]
        if 0 < target.mean() < 1:
            found.append([measure(target, chance[rows]) for measure in MEASURES])
    low, high = np.quantile(np.array(found), [0.025, 0.975], axis=0)
    return {
        measure.__name__: [round(float(low[number]), 4), round(float(high[number]), 4)]
        for number, measure in enumerate(MEASURES)
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


def spread_of_seeds(areas: Sequence[float]) -> Row:
    """AUC of retrainings that differ in their seed only."""
    return {"auc": [round(area, 5) for area in areas], "range": round(max(areas) - min(areas), 5)}


def thin_rows(sample: Sample) -> NDArray[np.bool_]:
    """(n,): rows of firms with less than a year of GST sales; a missing number of months is not thin."""
    if MONTHS not in sample.names:
        return np.zeros(len(sample), dtype=np.bool_)
    return is_thin(sample.matrix[:, sample.names.index(MONTHS)])


def thin_file(sample: Sample, main: Floats, light: Floats) -> Row:
    """Whether a model of payments only does better than the main one on thin records of the last period."""
    thin = thin_rows(sample)
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


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None
