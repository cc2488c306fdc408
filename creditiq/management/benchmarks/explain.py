"""Exact contributions per second: our tables against xgboost's own, on the same bag, rows and thread."""

import statistics
import time

import numpy as np

from creditiq.management.benchmarks.comparison import Contest, Timing, held, report
from scoring.engine.booster import Bag, Recipe, Rows, grow
from scoring.engine.kernels import contributions_of
from scoring.engine.shap_tables import Tables, tabulate, trees_of

COLUMNS, MEMBERS, TREES = 63, 5, 40
LEARNT = 6_000
SINGLES = 400


def run(*, sizes: list[int], rounds: int) -> dict[str, object]:
    """A bag like the champion's, depth 4; both answers are exact and must agree with the margin too."""
    rows = _rows(max(sizes or [8_000]) + LEARNT)
    learnt = Rows(rows.names, rows.matrix[:LEARNT], rows.target[:LEARNT])
    members = tuple(grow(learnt, Recipe(), (0,) * COLUMNS, rounds=TREES, seed=number) for number in range(MEMBERS))
    bag, matrix = Bag(members, rows.names), rows.matrix[LEARNT:]
    tables = tabulate([trees_of(document) for document in bag.documents()], COLUMNS)
    timings = [_timing(bag, tables, matrix[:size], rounds) for size in sizes or [500, 2_000, 8_000]]
    some = matrix[:2_000]
    ours = contributions_of(tables, some)
    figures = {
        "peer_is": "xgboost pred_contribs on the same bag, one thread",
        "trees": MEMBERS * TREES,
        "rows_per_second": round(timings[-1].size / timings[-1].ours),
        "largest_difference": float(np.abs(ours - bag.contributions(some)).max()),
        "largest_gap_to_margin": float(np.abs(ours.sum(axis=1) - bag.margins(some).mean(axis=1)).max()),
        **_singles(tables, some),
    }
    return report("explain", timings, rounds, figures)


def _timing(bag: Bag, tables: Tables, matrix: np.ndarray, rounds: int) -> Timing:
    contest = Contest(matrix.shape[0], lambda: contributions_of(tables, matrix), lambda: bag.contributions(matrix))
    return held(contest, rounds)


def _singles(tables: Tables, matrix: np.ndarray) -> dict[str, float]:
    """Microseconds for one row."""
    spent = []
    for row in range(SINGLES):
        started = time.perf_counter()
        contributions_of(tables, matrix[row : row + 1])
        spent.append(1e6 * (time.perf_counter() - started))
    return {
        "one_row_p50_us": round(statistics.median(spent), 1),
        "one_row_p95_us": round(statistics.quantiles(spent, n=20)[-1], 1),
    }


def _rows(count: int) -> Rows:
    chance = np.random.default_rng(4)
    matrix = chance.normal(size=(count, COLUMNS))
    matrix[chance.random(matrix.shape) < 0.1] = np.nan
    log_odds = np.nan_to_num(matrix)[:, :8].sum(axis=1) * 0.5 - 2
    target = (chance.random(count) < 1 / (1 + np.exp(-log_odds))).astype(float)
    return Rows(tuple(f"column {number}" for number in range(COLUMNS)), matrix, target)
