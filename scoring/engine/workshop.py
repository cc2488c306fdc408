"""One call from raw rows to the files of a version. Imports xgboost and scikit-learn: import it inside a function."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from scoring.engine.artefacts import Artefacts
from scoring.engine.booster import Bag, Recipe
from scoring.engine.cadence import block_of
from scoring.engine.columns import Column, constraints
from scoring.engine.completion import Fitted
from scoring.engine.isolation import fit_cadence
from scoring.engine.mapping import POINTS_PER_LOG_ODDS, points_of
from scoring.engine.masking import Judge, fitting_rows, mask_study
from scoring.engine.neighbours import Population, fit_neighbours
from scoring.engine.publication import Edition, publish_version
from scoring.engine.sample import Sample, cells_of
from scoring.engine.training import Trained, train
from scoring.engine.turnover import MONTHS, SALES, Firms, Reference, fit_reference

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Lock:
    """The features' lock: its text and its digest."""

    text: str
    digest: str


@dataclass(frozen=True)
class Finished:
    """A packed version with its figures."""

    artefacts: Artefacts
    metrics: dict[str, object]


def learn(
    sample: Sample,
    columns: Sequence[Column],
    lock: Lock,
    *,
    recipe: Recipe | None = None,
    story: str,
    idle: Collection[str] = frozenset(),
) -> Finished:
    """Fit what the version tells of its own, then the scorecard, then pack. `sample` has the measured columns only.

    `columns` are all columns of the model in order, those of the version among them; `idle` ones are not weighed.
    Raises UnableToTrain, LeakFound.
    """
    recipe = recipe or Recipe()
    fitted_on = str(np.datetime64(int(sample.as_of.max()), "us").astype("datetime64[D]"))
    cadence = fit_cadence(block_of(sample.names, sample.matrix), seed=recipe.seed)
    fitted = Fitted(cadence, _reference(sample, fitted_on))
    names = tuple(column.name for column in columns)
    whole = replace(sample, names=names, matrix=fitted.complete(names, sample.names, sample.matrix, cells_of(sample)))
    trained = train(whole, recipe=recipe, constraints=constraints(columns), idle=idle)
    known = whole.where(fitting_rows(whole))
    neighbours = fit_neighbours(Population(names, known.matrix, known.business, known.as_of), fitted_on)
    masked = mask_study(neighbours, _judge(trained), whole) if neighbours is not None else None
    edition = Edition(tuple(columns), fitted, lock.text, lock.digest, story, neighbours, masked)
    packed = publish_version(trained, whole, edition)
    return Finished(packed, packed.document("metrics.json"))


def _reference(sample: Sample, fitted_on: str) -> Reference | None:
    """None of a sample without sales or months."""
    if not {SALES, MONTHS} <= set(sample.names):
        return None
    sales, months = (sample.matrix[:, sample.names.index(name)] for name in (SALES, MONTHS))
    return fit_reference(Firms(sample.business, sales, months, cells_of(sample)), fitted_on)


def _judge(trained: Trained) -> Judge:
    """The trained bag, with the interval of thin records."""
    bag, platt, spread = Bag(trained.members, trained.names), trained.platt, trained.thin_spread

    def points(matrix: Floats) -> Floats:
        return np.array([points_of(platt.log_odds(float(row.mean()))) for row in bag.margins(matrix)])

    def half_widths(matrix: Floats) -> Floats:
        scale = abs(POINTS_PER_LOG_ODDS * platt.slope)
        return np.array([scale * spread.half_width(row) for row in bag.margins(matrix).tolist()])

    return Judge(points, half_widths)
