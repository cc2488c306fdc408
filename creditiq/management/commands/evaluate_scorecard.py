"""manage.py evaluate_scorecard: the model in service against what only the simulation knows (scoring.md §4)."""

import json
from argparse import ArgumentParser

import numpy as np
import polars as pl
from django.core.management.base import BaseCommand, CommandError

from scoring.engine.mapping import clip
from scoring.engine.oracle import NEAR, hidden_state, oracle_chances
from scoring.engine.sample import cells_of
from scoring.engine.scorecard import Scorecard
from scoring.engine.validation import auc
from scoring.services import NoChampion
from scoring.services.cards import card_of, champion
from scoring.services.training import Development, latest_vectors, sample_of
from wallets.engine.world.simulation import Simulation, simulate
from wallets.engine.world.spec import WorldSpec

HEALTHY = "genuine_healthy"
RING_GAP = 150.0
"""Points by which the specification wants ring members' mean score below that of healthy firms, policy aside."""


class Command(BaseCommand):
    help = (
        "Simulates a fresh world that no model has seen, scores its last date with the model in service, and compares "
        "with an oracle that reads the hidden health and liquidity of the same firms up to that date, learnt on other "
        "folds of businesses. Ring members and healthy firms are told apart by the truth of the world, no policy "
        "applied. The last line is JSON: rows, defaults, model_auc, oracle_auc, gap, near, ring_members, ring_mean, "
        "healthy_firms, healthy_mean, ring_gap, apart."
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
        margins = card.points(card.complete(sample.names, sample.matrix, cells_of(sample)))
        model = auc(sample.target, -np.array(margins))
        oracle = auc(sample.target, oracle_chances(hidden_state(made.hidden_months, sample), sample))
        report = {
            "rows": len(sample),
            "defaults": int(sample.target.sum()),
            "model_auc": round(model, 4),
            "oracle_auc": round(oracle, 4),
            "gap": round(oracle - model, 4),
            "near": oracle - model <= NEAR,
            **rings_apart(made, card),
        }
        if not as_json:
            self.stdout.write(f"model {model:.3f}, oracle {oracle:.3f} on {len(sample)} firms nobody trained on")
            self.stdout.write(f"ring members {report['ring_mean']}, healthy firms {report['healthy_mean']} on average")
        self.stdout.write(json.dumps(report))


def rings_apart(made: Simulation, card: Scorecard) -> dict[str, object]:
    """Mean scores at the end of the world of those who could be scored: ring members, and healthy firms outside rings.

    The means and their difference are None in a world without one of the two.
    """
    vectors = latest_vectors(made.records.frames())
    completed = card.complete(vectors.names, vectors.matrix, vectors.cells)
    points = [clip(told) for told in card.points(completed)]
    scored = pl.DataFrame({"business": vectors.business, "points": points}).join(made.truth.businesses, on="business")
    ring = scored.filter(pl.col("ring").is_not_null())["points"]
    healthy = scored.filter(pl.col("ring").is_null(), profile=HEALTHY)["points"]
    means = [round(float(group.to_numpy().mean()), 1) if len(group) else None for group in (ring, healthy)]
    gap = round(means[1] - means[0], 1) if means[0] is not None and means[1] is not None else None
    return {
        "ring_members": len(ring),
        "ring_mean": means[0],
        "healthy_firms": len(healthy),
        "healthy_mean": means[1],
        "ring_gap": gap,
        "apart": gap is not None and gap >= RING_GAP,
    }
