"""Has the world moved since a model was trained? Stability indices against the baseline the version carries."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from scoring.engine.mapping import points_of
from scoring.engine.validation import auc, ece, ks

Floats = NDArray[np.float64]

BINS = 10
WATCH = 0.10
ACT = 0.25
LEVEL = 0.05
SCORE = "score"
LEAST_OUTCOMES = 10
FALL_WATCH, FALL_ACT = 0.03, 0.05
"""AUC or KS below the registered figure by so much; industry practice, and twice the spread of retrainings."""
ECE_WATCH, ECE_ACT = 0.02, 0.05

RATE_WATCH, RATE_ACT = 0.10, 0.20
"""Change of the rejection rate against the quarter before."""
OVERRIDE_WATCH, OVERRIDE_ACT = 0.10, 0.20
"""Share of decisions against the policy; beyond a fifth the policy is no longer what decides."""
INTERVAL_WATCH, INTERVAL_ACT = 0.03, 0.08
"""Distance of the measured coverage from 90 %: the bar is 87 to 93 %."""

STABLE, WATCHED, ACTED = "stable", "watch", "act"


@dataclass(frozen=True)
class Baseline:
    """One column at training: inner cuts of its bins, share of rows per bin and then of missing rows, rows."""

    cuts: tuple[float, ...]
    shares: tuple[float, ...]
    rows: int

    def document(self) -> dict[str, object]:
        """Plain values."""
        return {"cuts": list(self.cuts), "shares": list(self.shares), "rows": self.rows}

    @classmethod
    def from_document(cls, document: Mapping[str, Sequence[float]]) -> "Baseline":
        """The reverse of `document`."""
        return cls(tuple(document["cuts"]), tuple(document["shares"]), int(str(document["rows"])))

    @property
    def missing(self) -> float:
        """Share of rows without a value."""
        return self.shares[-1]


@dataclass(frozen=True, slots=True)
class Reading:
    """One figure: `critical` is what chance alone exceeds once in twenty at this size, None where none is told."""

    metric: str
    subject: str
    value: float | None
    critical: float | None
    size: int
    verdict: str


def baseline_of(column: Floats) -> Baseline:
    """Tenths of the known values of a training column (n,), NaN missing.

    >>> baseline_of(np.array([1.0, 1.0, 2.0, np.nan])).missing
    0.25
    """
    known = column[~np.isnan(column)]
    inner = np.linspace(0, 1, BINS + 1)[1:-1]
    cuts = tuple(float(cut) for cut in np.unique(np.quantile(known, inner))) if known.size else ()
    counts = _counts(column, cuts)
    return Baseline(cuts, tuple(float(share) for share in counts / max(column.size, 1)), int(column.size))


def baselines(names: Sequence[str], matrix: Floats, chance: Floats) -> dict[str, object]:
    """What a version carries: the baseline of every column of `matrix` (n, m), and of the score from `chance` (k,)."""
    clipped = np.clip(chance, 1e-9, 1 - 1e-9)
    points = np.array([points_of(value) for value in np.log(clipped / (1 - clipped)).tolist()])
    columns = zip((*names, SCORE), (*matrix.T, points), strict=True)
    return {name: baseline_of(column).document() for name, column in columns}


def _counts(column: Floats, cuts: Sequence[float]) -> Floats:
    present = column[~np.isnan(column)]
    counts = np.bincount(np.searchsorted(np.array(cuts), present, side="right"), minlength=len(cuts) + 1)
    return np.append(counts, column.size - present.size).astype(np.float64)


def shares_of(baseline: Baseline, column: Floats) -> tuple[float, ...]:
    """Share of the rows of `column` in each bin of the baseline, missing last."""
    return tuple(float(share) for share in _counts(column, baseline.cuts) / max(column.size, 1))


def stability(baseline: Baseline, actual: Floats) -> float:
    """PSI = Σ (a − e)·ln(a/e) over the bins and the missing rows; half a row is added to every bin on both sides.

    (Siddiqi 2006, ch. 9; the half row is the Jeffreys prior, so an empty bin has a finite index.)
    """
    bins = len(baseline.shares)
    before = (np.array(baseline.shares) * baseline.rows + 0.5) / (baseline.rows + 0.5 * bins)
    after = (_counts(actual, baseline.cuts) + 0.5) / (actual.size + 0.5 * bins)
    return float(((after - before) * np.log(after / before)).sum())


def critical_value(bins: int, expected: int, actual: int) -> float:
    """PSI that equal distributions exceed once in twenty: χ²₀.₉₅(bins − 1)·(1/n + 1/m) (Yurdakul 2018).

    The quantile by Wilson and Hilferty (1931), within 1 % from two degrees of freedom on.

    >>> round(critical_value(11, 1000, 100), 3)
    0.201
    """
    degrees = max(bins - 1, 1)
    spread = 2.0 / (9.0 * degrees)
    quantile = degrees * (1.0 - spread + NormalDist().inv_cdf(1.0 - LEVEL) * math.sqrt(spread)) ** 3
    return quantile * (1.0 / max(expected, 1) + 1.0 / max(actual, 1))


def verdict_of(value: float, critical: float) -> str:
    """An index says something only beyond both its customary limit and what chance gives at this size.

    >>> verdict_of(0.3, 0.1), verdict_of(0.3, 0.4), verdict_of(0.12, 0.01)
    ('act', 'stable', 'watch')
    """
    if value > max(ACT, critical):
        return ACTED
    return WATCHED if value > max(WATCH, critical) else STABLE


def drift(carried: Mapping[str, Baseline], columns: Mapping[str, Floats]) -> Iterator[Reading]:
    """PSI of the score and CSI of every column that both sides know, with the share of missing values of each."""
    for name, actual in columns.items():
        baseline = carried.get(name)
        if baseline is None or not actual.size:
            continue
        value = stability(baseline, actual)
        critical = critical_value(len(baseline.shares), baseline.rows, actual.size)
        metric = "psi" if name == SCORE else "csi"
        yield Reading(metric, name, value, critical, int(actual.size), verdict_of(value, critical))
        if name != SCORE:
            yield Reading("missing", name, float(np.isnan(actual).mean()), None, int(actual.size), STABLE)


@dataclass(frozen=True)
class Conduct:
    """What people did with the scores of a stretch of time: decided, of them declined, and against the policy."""

    decided: int
    declined: int
    overridden: int


def conduct(now: Conduct, before: Conduct) -> Iterator[Reading]:
    """Rejection and override rates. Nothing while fewer than ten were decided: such a rate would be luck.

    `critical` of the rejection rate is the change against the stretch before that chance alone exceeds once in twenty
    (two proportions); the override rate is held against what is usually borne.
    """
    if now.decided < LEAST_OUTCOMES:
        return
    rejected = now.declined / now.decided
    change, critical = _change((now.declined, now.decided), (before.declined, before.decided))
    yield Reading("rejection", SCORE, rejected, critical, now.decided, _by(change, RATE_WATCH, RATE_ACT, critical))
    overridden = now.overridden / now.decided
    yield Reading("override", SCORE, overridden, None, now.decided, _by(overridden, OVERRIDE_WATCH, OVERRIDE_ACT, None))


def _change(now: tuple[int, int], before: tuple[int, int]) -> tuple[float, float | None]:
    """Size of the change of a share, and what chance gives; no change while the stretch before is too small."""
    if before[1] < LEAST_OUTCOMES:
        return 0.0, None
    pooled = (now[0] + before[0]) / (now[1] + before[1])
    spread = math.sqrt(pooled * (1.0 - pooled) * (1.0 / now[1] + 1.0 / before[1]))
    return abs(now[0] / now[1] - before[0] / before[1]), NormalDist().inv_cdf(1.0 - LEVEL / 2.0) * spread


def interval(inside: NDArray[np.bool_], level: float) -> Reading:
    """Share of firms whose interval holds the member left out, against its level."""
    share = float(inside.mean())
    critical = NormalDist().inv_cdf(1.0 - LEVEL / 2.0) * math.sqrt(level * (1.0 - level) / inside.size)
    verdict = _by(abs(share - level), INTERVAL_WATCH, INTERVAL_ACT, critical)
    return Reading("interval", SCORE, share, critical, int(inside.size), verdict)


def _by(size: float, watch: float, act: float, critical: float | None) -> str:
    """Beyond its customary limit, and beyond chance where that is known."""
    least = critical or 0.0
    if size > max(act, least):
        return ACTED
    return WATCHED if size > max(watch, least) else STABLE


def matured(target: Floats, chance: Floats, registered: Mapping[str, float]) -> Iterator[Reading]:
    """AUC, KS and calibration of outcomes that are known by now, against the figures at registration.

    Nothing while fewer than ten defaults or ten good outcomes are known: such a figure would be luck.
    """
    bad = int(target.sum())
    if min(bad, target.size - bad) < LEAST_OUTCOMES:
        return
    for name, measure in (("auc", auc), ("ks", ks)):
        value = measure(target, chance)
        fall = registered.get(name, value) - value
        verdict = ACTED if fall > FALL_ACT else WATCHED if fall > FALL_WATCH else STABLE
        yield Reading(name, SCORE, value, None, int(target.size), verdict)
    gap = ece(target, chance)
    verdict = ACTED if gap > ECE_ACT else WATCHED if gap > ECE_WATCH else STABLE
    yield Reading("ece", SCORE, gap, None, int(target.size), verdict)
