"""What a trained scorecard leaves behind: its files, its golden rows and its card in Markdown."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from creditiq.kernel.hashing import canonical_json
from scoring.engine.artefacts import Artefacts, pack
from scoring.engine.booster import Bag
from scoring.engine.calibration import Platt
from scoring.engine.card import Written, card_text
from scoring.engine.columns import Column, documents
from scoring.engine.completion import TURNOVER_FILE, Fitted
from scoring.engine.mapping import POINTS_PER_LOG_ODDS, pd_of, points_of
from scoring.engine.neighbours import Neighbours
from scoring.engine.sample import Sample
from scoring.engine.scorecard import NEIGHBOURS_FILE
from scoring.engine.training import Trained

Floats = NDArray[np.float64]

GOLDEN_ROWS = 200
COHORT_ROWS = 400


@dataclass(frozen=True)
class Edition:
    """What surrounds the trained bag in a version: catalogue, what was fitted, lock of the features, story of the data.

    `neighbours` and the study of their estimates are None where the sample lacks the columns or the firms.
    """

    columns: tuple[Column, ...]
    fitted: Fitted
    lock: str
    lock_digest: str
    story: str
    neighbours: Neighbours | None = None
    masked: Mapping[str, object] | None = None


def publish_version(trained: Trained, sample: Sample, edition: Edition) -> Artefacts:
    """All files of the version, packed with their digests."""
    bag = Bag(trained.members, trained.names)
    golden = _spaced(sample.matrix, GOLDEN_ROWS)
    importance = mean_effects(bag, trained.platt, _spaced(sample.matrix, COHORT_ROWS))
    texts: dict[str, object] = {
        "calibration.json": {
            "platt": asdict(trained.platt),
            "spread": asdict(trained.spread),
            "spread_thin": asdict(trained.thin_spread),
            "lock": edition.lock_digest,
        },
        "cadence.json": edition.fitted.cadence.document(),
        "columns.json": {"columns": documents(edition.columns)},
        "golden.json": {"matrix": _plain(golden), "pd": golden_answers(bag, trained.platt, golden)},
        "metrics.json": metrics(trained) | {"importance": importance, "masked": edition.masked},
        "peers.json": trained.peers.table,
        "points_table.json": trained.challenger.table.document() | {"interval": asdict(trained.challenger.width)},
    }
    if edition.fitted.reference is not None:
        texts[TURNOVER_FILE] = edition.fitted.reference.document()
    if edition.neighbours is not None:
        texts[NEIGHBOURS_FILE] = edition.neighbours.document()
    files = {name: canonical_json(document) for name, document in texts.items()}
    files |= {f"model-{place}.ubj": member for place, member in enumerate(trained.members)}
    files["features.lock"] = edition.lock.encode()
    labels = {column.name: column.label for column in edition.columns}
    files["card.md"] = card_text(
        Written(trained, labels, edition.story, edition.lock_digest, importance, edition.masked)
    ).encode()
    return pack(files)


def golden_answers(bag: Bag, platt: Platt, matrix: Floats) -> list[float]:
    """Probabilities of the golden rows, to be met again at every load."""
    return [pd_of(points_of(platt.log_odds(float(row.mean())))) for row in bag.margins(matrix)]


def mean_effects(bag: Bag, platt: Platt, matrix: Floats) -> dict[str, float]:
    """Mean |points| of each column over `matrix`: the cohort importance."""
    effects = np.abs(bag.contributions(matrix)[:, :-1] * POINTS_PER_LOG_ODDS * platt.slope).mean(axis=0)
    return {name: round(float(effect), 4) for name, effect in zip(bag.names, effects, strict=True)}


def metrics(trained: Trained) -> dict[str, object]:
    """The figures a validator asks for, as plain values."""
    return {
        "model": asdict(trained.model) | {"folds": [asdict(fold) for fold in trained.folds]},
        "out_of_time": asdict(trained.out_of_time),
        "scorecard": asdict(trained.challenger.model) | {"folds": [asdict(fold) for fold in trained.challenger.folds]},
        "scorecard_out_of_time": asdict(trained.challenger.out_of_time),
        "interval_coverage": trained.spread.coverage,
        "interval_coverage_thin": trained.thin_spread.coverage,
        "scorecard_interval_coverage": trained.challenger.width.coverage,
        "rounds": trained.rounds,
        "drift": {name: round(index, 4) for name, index in trained.drift.items()},
        "warnings": list(trained.warnings),
        "recipe": {"depth": trained.recipe.depth, "leaf_weight": trained.recipe.leaf_weight},
        "assurance": dict(trained.assurance),
        "baseline": dict(trained.baseline),
    }


def _spaced(matrix: Floats, most: int) -> Floats:
    """Up to `most` rows, evenly spaced."""
    step = max(1, matrix.shape[0] // most)
    return matrix[::step][:most]


def _plain(matrix: Floats) -> Sequence[Sequence[float | None]]:
    return [[None if np.isnan(cell) else float(cell) for cell in row] for row in matrix]
