"""A small synthetic population and the scorecard trained on it, once per session."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from scoring.engine import artefacts
from scoring.engine.booster import Recipe
from scoring.engine.cadence import BLOCK, FEATURE
from scoring.engine.columns import Column, constraints
from scoring.engine.completion import Fitted
from scoring.engine.isolation import fit_cadence
from scoring.engine.publication import Edition, publish_version
from scoring.engine.sample import DAY, Sample
from scoring.engine.scorecard import Scorecard
from scoring.engine.training import Trained, train

RISKY = ("upi_hhi_30d", "debit_failure_rate_90d", "longest_gap_days")
SAFE = ("filing_compliance_rate", "cash_buffer_days", "gst_30d_value")
RECORD = ("months_active_gst", "data_completeness_score")
NAMES = (*BLOCK, *RISKY, *SAFE, *RECORD, FEATURE)
SMALL = Recipe(depth=3, rate=0.1, most_rounds=60, patience=10, folds=5, threads=1)


def column(name: str) -> Column:
    risk = "rises" if name in RISKY else "falls" if name in SAFE else "neither"
    return Column(name, name.replace("_", " "), "", "ratio", "ratio", risk, name in RISKY + SAFE, None, None)


def population(*, businesses: int, seed: int) -> Sample:
    """Rows at four dates over 18 months; default driven by the risky and safe columns only."""
    chance = np.random.default_rng(seed)
    dates = np.array([0, 90, 180, 550], dtype=np.int64) * DAY
    firm = chance.normal(size=(businesses, len(NAMES) - 1))
    matrix = np.repeat(firm, dates.size, axis=0) + 0.3 * chance.normal(size=(businesses * dates.size, len(NAMES) - 1))
    log_odds = -2.2 + matrix[:, 5:8].sum(axis=1) * 0.7 - matrix[:, 8:11].sum(axis=1) * 0.7
    target = (chance.random(log_odds.size) < 1 / (1 + np.exp(-log_odds))).astype(np.float64)
    matrix[chance.random(matrix.shape) < 0.08] = np.nan
    matrix[:, NAMES.index("months_active_gst")] = chance.integers(1, 24, target.size)
    matrix[:, NAMES.index("data_completeness_score")] = chance.uniform(0.3, 1.0, target.size)
    return Sample(
        names=NAMES[:-1],
        matrix=matrix,
        target=target,
        business=np.repeat(np.arange(businesses), dates.size),
        as_of=np.tile(dates, businesses),
        sector=np.resize(np.array(["iron_steel", "textiles"]), target.size),
    )


@dataclass(frozen=True)
class Workshop:
    """What one training left behind."""

    sample: Sample
    trained: Trained
    packed: artefacts.Artefacts
    folder: Path
    card: Scorecard


def with_anomaly(sample: Sample, anomalies: np.ndarray) -> Sample:
    return Sample(
        NAMES, np.column_stack([sample.matrix, anomalies]), sample.target, sample.business, sample.as_of, sample.sector
    )


@pytest.fixture(scope="session")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    raw = population(businesses=900, seed=7)
    cadence = fit_cadence(raw.matrix[:, :5], seed=7)
    sample = with_anomaly(raw, cadence.anomalies(raw.matrix[:, :5]))
    columns = tuple(column(name) for name in NAMES)
    trained = train(sample, recipe=SMALL, constraints=constraints(columns))
    edition = Edition(columns, Fitted(cadence), "names\n", "lock", "A synthetic population.")
    packed = publish_version(trained, sample, edition)
    folder = tmp_path_factory.mktemp("artefacts") / "version"
    artefacts.write(packed, folder)
    return Workshop(sample, trained, packed, folder, Scorecard.load(folder))
