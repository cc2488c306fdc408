"""From labelled rows to a scorecard, with honest figures.

Reported model: a bag grown only on rows whose outcome was known when the last period began, each member
leaving out one fold of businesses; every reported row is scored by the member that saw neither its
business nor its period. Champion: the same recipe grown on all rows. Import inside a function (xgboost).
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from scoring.engine.assurance import Told, assure, spread_of_seeds, thin_file, thin_rows
from scoring.engine.booster import Bag, Recipe, Rows, best_rounds, grow
from scoring.engine.calibration import Platt, fit_platt, sigmoid
from scoring.engine.challenger import Challenger, Split, challenge
from scoring.engine.interval import Spread, fit_spread, fit_thin_spread
from scoring.engine.monitoring import baselines
from scoring.engine.peers import Peers, fit_peers
from scoring.engine.sample import Sample, UnableToTrain, development_rows, fold_of, last_period, refuse_leaks
from scoring.engine.validation import Measures, auc, measure_ranking, population_stability

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

EMBARGO_DAYS = 365
LEAST_DEFAULTS = 20
DRIFT_ALARM = 0.25
SEEDS = 5
ON_PAPER = ("gst", "ewb", "hsn", "filing", "itc", "invoice", "bill", "compliance", "pin_code")
"""Words in the names of what GST paper tells: a thin file has little of it."""
FOR_INFORMATION = "for information, muted in the model"
UNSTABLE = 1.0
"""PSI beyond which a column is another quantity in another period: it is kept in the vector and muted in the model."""


@dataclass(frozen=True)
class Fit:
    """A bag: members as UBJ, trees per member, and the margin of each row by the member that left it out."""

    members: tuple[bytes, ...]
    rounds: int
    out_of_fold: Floats
    fold: Integers


@dataclass(frozen=True)
class Trained:
    """Everything the artefacts need, and the figures of the card."""

    names: tuple[str, ...]
    members: tuple[bytes, ...]
    platt: Platt
    spread: Spread
    thin_spread: Spread
    peers: Peers
    rounds: int
    model: Measures
    folds: tuple[Measures, ...]
    out_of_time: Measures
    challenger: Challenger
    drift: dict[str, float]
    warnings: tuple[str, ...]
    recipe: Recipe
    assurance: Mapping[str, object]
    baseline: Mapping[str, object]


def fit_bag(sample: Sample, recipe: Recipe, constraints: tuple[int, ...], rounds: int, shift: int = 0) -> Fit:
    """One member of `rounds` trees per fold of businesses, each grown on the other folds; `shift` changes luck."""
    fold = fold_of(sample.business, recipe.folds, recipe.seed)
    members: list[bytes] = []
    out_of_fold = np.zeros(len(sample))
    for left_out in range(recipe.folds):
        seen = _rows(sample.where(fold != left_out))
        ubj = grow(seen, recipe, constraints, rounds=rounds, seed=recipe.seed + shift + left_out)
        members.append(ubj)
        unseen = fold == left_out
        if unseen.any():
            out_of_fold[unseen] = Bag((ubj,), sample.names).margins(sample.matrix[unseen])[:, 0]
    return Fit(tuple(members), rounds, out_of_fold, fold)


def train(
    sample: Sample, *, recipe: Recipe, constraints: tuple[int, ...], idle: Collection[str] = frozenset()
) -> Trained:
    """Learn, calibrate, validate; `idle` columns stay and weigh nothing. Raises UnableToTrain or LeakFound."""
    _refuse_thin(sample)
    strongest = refuse_leaks(sample)
    drift = _drift(sample)
    stable = muted(sample, {name for name, index in drift.items() if index > UNSTABLE} | set(idle))
    early, late = stable.where(development_rows(stable, EMBARGO_DAYS)), stable.where(last_period(stable))
    recipe, rounds = tuned(early, recipe, constraints)
    reported = fit_bag(early, recipe, constraints, rounds)
    reported_platt = fit_platt(reported.out_of_fold, early.target)
    late_margins = Bag(reported.members, sample.names).margins(late.matrix)
    own = fold_of(late.business, recipe.folds, recipe.seed)
    late_chance = _chances(late_margins[np.arange(len(late)), own], reported_platt)
    spread, thin = fit_spread(late_margins, own), thin_rows(sample.where(last_period(sample)))
    champion = fit_bag(stable, recipe, constraints, rounds)
    challenger = challenge(Split(stable, early, late, recipe.folds, recipe.seed), constraints)
    told = Told(sample.where(last_period(sample)), late_chance, challenger.late)  # muted columns still tell groups
    return Trained(
        names=sample.names,
        members=champion.members,
        platt=fit_platt(champion.out_of_fold, sample.target),
        spread=spread,
        thin_spread=fit_thin_spread(late_margins[thin], own[thin], spread),
        peers=fit_peers(sample),
        rounds=champion.rounds,
        model=_measured(early.target, reported.out_of_fold, reported_platt),
        folds=tuple(_fold_measures(early, reported, reported_platt)),
        out_of_time=measure_ranking(late.target, late_chance),
        challenger=challenger,
        drift=drift,
        warnings=(*_warnings(sample, drift), *(f"{name}: {FOR_INFORMATION}" for name in sorted(idle))),
        recipe=recipe,
        assurance={**assure(told, seed=recipe.seed), "strongest_column": strongest}
        | _retrained(told, early, late, Plan(recipe, constraints, rounds)),
        baseline=baselines(sample.names, sample.matrix, late_chance),
    )


@dataclass(frozen=True)
class Plan:
    """How a bag is grown."""

    recipe: Recipe
    constraints: tuple[int, ...]
    rounds: int


def _retrained(told: Told, early: Sample, late: Sample, plan: Plan) -> dict[str, object]:
    """Retrainings that only report: on the same rows with other seeds, and of payments only for thin files."""
    areas = [auc(late.target, _late_margins(early, late, plan, shift)) for shift in range(100, 100 * SEEDS + 1, 100)]
    paper = {name for name in early.names if any(word in name for word in ON_PAPER)}
    light = _late_margins(muted(early, paper), muted(late, paper), plan)
    return {"stability": spread_of_seeds(areas), "thin_file": thin_file(told.late, told.model, light)}


def _late_margins(early: Sample, late: Sample, plan: Plan, shift: int = 0) -> Floats:
    """Margins of the last period, each row by the member that saw neither its business nor its period."""
    fit = fit_bag(early, plan.recipe, plan.constraints, plan.rounds, shift)
    own = fold_of(late.business, plan.recipe.folds, plan.recipe.seed)
    margins: Floats = Bag(fit.members, early.names).margins(late.matrix)[np.arange(len(late)), own]
    return margins


def muted(sample: Sample, names: Collection[str]) -> Sample:
    """The sample with the columns `names` missing everywhere: no tree can split on them, so they weigh nothing."""
    matrix = sample.matrix.copy()
    matrix[:, [sample.names.index(name) for name in names]] = np.nan
    return replace(sample, matrix=matrix)


def _drift(sample: Sample) -> dict[str, float]:
    early, late = sample.where(development_rows(sample, EMBARGO_DAYS)), sample.where(last_period(sample))
    return {
        name: population_stability(before, after)
        for name, before, after in zip(sample.names, early.matrix.T, late.matrix.T, strict=True)
    }


def tuned(sample: Sample, recipe: Recipe, constraints: tuple[int, ...]) -> tuple[Recipe, int]:
    """The recipe with least log-loss on inner folds, among the given one and its neighbours, and its trees.

    Early stopping on one fold while another, the reported one, stays unseen; median trees and mean loss of all turns.
    """
    fold = fold_of(sample.business, recipe.folds, recipe.seed)
    neighbours = (
        recipe,
        replace(recipe, depth=max(2, recipe.depth - 1)),
        replace(recipe, leaf_weight=2.0 * recipe.leaf_weight, column_share=0.5 * recipe.column_share),
    )
    tried: list[tuple[float, int, Recipe]] = []
    for other in neighbours:
        found = [_stopped(sample, fold, turn, other, constraints) for turn in range(recipe.folds)]
        loss = float(np.mean([loss for _, loss in found]))
        tried.append((loss, int(np.median([rounds for rounds, _ in found])), other))
    _, rounds, best = min(tried, key=lambda trial: trial[0])
    return best, rounds


def _stopped(
    sample: Sample, fold: Integers, reported: int, recipe: Recipe, constraints: tuple[int, ...]
) -> tuple[int, float]:
    stop = (reported + 1) % recipe.folds
    rows = _rows(sample.where((fold != reported) & (fold != stop)))
    return best_rounds(rows, _rows(sample.where(fold == stop)), recipe, constraints)


def _rows(sample: Sample) -> Rows:
    return Rows(sample.names, sample.matrix, sample.target)


def _measured(target: Floats, margins: Floats, platt: Platt) -> Measures:
    return measure_ranking(target, _chances(margins, platt))


def _chances(margins: Floats, platt: Platt) -> Floats:
    return sigmoid(platt.slope * margins + platt.intercept)


def _fold_measures(sample: Sample, fit: Fit, platt: Platt) -> Iterator[Measures]:
    for fold in range(len(fit.members)):
        rows = fit.fold == fold
        yield _measured(sample.target[rows], fit.out_of_fold[rows], platt)


def _refuse_thin(sample: Sample) -> None:
    early = development_rows(sample, EMBARGO_DAYS)
    for name, rows in (("development", early), ("last period", last_period(sample))):
        defaults = int(sample.target[rows].sum())
        if defaults < LEAST_DEFAULTS:
            raise UnableToTrain(f"{name}: {int(rows.sum())} rows with {defaults} defaults are too few to learn from")


def _warnings(sample: Sample, drift: dict[str, float]) -> Iterator[str]:
    for name, column in zip(sample.names, sample.matrix.T, strict=True):
        known = column[~np.isnan(column)]
        if not known.size and drift[name] <= UNSTABLE:
            yield f"{name}: missing in every row"
        elif known.size and known.min() == known.max():
            yield f"{name}: the same value in every row"
    for name, index in sorted(drift.items(), key=lambda pair: -pair[1]):
        if index > DRIFT_ALARM:
            consequence = ", muted in the model" if index > UNSTABLE else ""
            yield f"{name}: moved between development and the last period (PSI {index:.2f}){consequence}"
