"""One call from raw rows to the files of a version. Imports xgboost and scikit-learn: import it inside a function."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np

from scoring.engine.artefacts import Artefacts
from scoring.engine.booster import Recipe
from scoring.engine.cadence import FEATURE, block_of
from scoring.engine.columns import Column, constraints
from scoring.engine.isolation import fit_cadence
from scoring.engine.publication import Edition, publish_version
from scoring.engine.sample import Sample
from scoring.engine.training import train


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
    """Fit the cadence forest, then the scorecard, then pack. `sample` has the measured columns only.

    `columns` are all columns of the model in order, the cadence anomaly among them; `idle` ones are not weighed.
    Raises UnableToTrain, LeakFound.
    """
    recipe = recipe or Recipe()
    block = block_of(sample.names, sample.matrix)
    cadence = fit_cadence(block, seed=recipe.seed)
    found = {name: sample.matrix[:, place] for place, name in enumerate(sample.names)}
    found[FEATURE] = cadence.anomalies(block)
    names = tuple(column.name for column in columns)
    whole = replace(sample, names=names, matrix=np.column_stack([found[name] for name in names]))
    trained = train(whole, recipe=recipe, constraints=constraints(columns), idle=idle)
    edition = Edition(tuple(columns), cadence, lock.text, lock.digest, story)
    packed = publish_version(trained, whole, edition)
    return Finished(packed, packed.document("metrics.json"))
