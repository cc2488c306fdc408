"""manage.py evaluate_scorecard: the model in service against what only the simulation knows (scoring.md §4)."""

import json
from argparse import ArgumentParser

import numpy as np
import polars as pl
from django.core.management.base import BaseCommand, CommandError

from scoring.engine.sample import Sample, fold_of
from scoring.engine.validation import auc
from scoring.services import NoChampion
from scoring.services.cards import card_of, champion
from scoring.services.training import Development, sample_of
from wallets.engine.world.simulation import simulate
from wallets.engine.world.spec import WorldSpec

RECENT = 6
FOLDS = 5
RIDGE = 1.0
PAISE_PER_LAKH = 1e7
NEAR = 0.03
"""How far behind the oracle the specification lets the model be."""


class Command(BaseCommand):
    help = (
        "Simulates a fresh world that no model has seen, scores its last date with the model in service, and compares "
        "with an oracle that reads the hidden health and liquidity of the same firms up to that date, learnt on other "
        "folds of businesses. The last line is JSON: rows, defaults, model_auc, oracle_auc, gap, near."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        usual = Development()
        parser.add_argument("--businesses", type=int, default=1500)
        parser.add_argument("--months", type=int, default=usual.months)
        parser.add_argument("--seed", type=int, default=usual.seed + 1)
        parser.add_argument("--json", action="store_true", dest="as_json", help="print the JSON line only")

    def handle(self, *, businesses: int, months: int, seed: int, as_json: bool, **_: object) -> None:
        """Simulate, score, compare, print."""
        try:
            card = card_of(champion())
        except NoChampion as nothing:
            raise CommandError(str(nothing)) from nothing
        spec = WorldSpec(businesses=businesses, months=months, seed=seed, end=Development().end, mix="development")
        made = simulate(spec)
        sample = sample_of(made.records.frames(), tell=lambda _line: None, days=(0,))
        margins = card.points(card.complete(sample.names, sample.matrix))
        model = auc(sample.target, -np.array(margins))
        oracle = _oracle_auc(_hidden(made.truth.months, sample))
        report = {
            "rows": len(sample),
            "defaults": int(sample.target.sum()),
            "model_auc": round(model, 4),
            "oracle_auc": round(oracle, 4),
            "gap": round(oracle - model, 4),
            "near": oracle - model <= NEAR,
        }
        if not as_json:
            self.stdout.write(f"model {model:.3f}, oracle {oracle:.3f} on {len(sample)} firms nobody trained on")
        self.stdout.write(json.dumps(report))


def _hidden(months: pl.DataFrame, sample: Sample) -> Sample:
    """The hidden state of the sample's firms in the months before its date, in place of their features."""
    latest = months.filter(pl.col("period") < _period_of(int(sample.as_of.max()))).sort("business", "period")
    known = latest.group_by("business", maintain_order=True).agg(
        health=pl.col("health").last(),
        lately=pl.col("health").tail(RECENT).mean(),
        trend=pl.col("health").last() - pl.col("health").tail(RECENT).first(),
        cash=pl.col("liquidity_paise").last().cast(pl.Float64),
        low=pl.col("liquidity_paise").tail(RECENT).min().cast(pl.Float64),
    )
    rows = pl.DataFrame({"business": sample.business}).join(known, on="business", how="left", maintain_order="left")
    names = tuple(name for name in known.columns if name != "business")
    matrix = np.ascontiguousarray(rows.select(names).cast(pl.Float64).fill_null(np.nan).to_numpy())
    return Sample(names, matrix, sample.target, sample.business, sample.as_of, sample.sector)


def _period_of(as_of: int) -> int:
    """The month of a moment, counted as the world counts periods: 12 × year + month − 1."""
    moment = np.datetime64(as_of, "us").astype("datetime64[M]").astype(int)
    return int(moment) + 12 * 1970


def _oracle_auc(hidden: Sample) -> float:
    """Ridge regression of the outcome on standardised hidden state, every firm judged by the other folds' fit."""
    matrix = np.where(np.isnan(hidden.matrix), np.nanmedian(hidden.matrix, axis=0), hidden.matrix)
    matrix[:, hidden.names.index("cash") :] = np.arcsinh(matrix[:, hidden.names.index("cash") :] / PAISE_PER_LAKH)
    state = (matrix - matrix.mean(axis=0)) / np.maximum(matrix.std(axis=0), 1e-9)
    fold, told = fold_of(hidden.business, FOLDS, 0), np.zeros(len(hidden))
    for left_out in range(FOLDS):
        seen = fold != left_out
        inner = state[seen].T @ state[seen] + RIDGE * np.eye(state.shape[1])
        told[~seen] = state[~seen] @ np.linalg.solve(
            inner, state[seen].T @ (hidden.target[seen] - hidden.target.mean())
        )
    return auc(hidden.target, told)
