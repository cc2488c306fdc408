"""Train a scorecard on a simulated development world and put it in service."""

import json
from argparse import ArgumentParser
from datetime import date

from django.core.management.base import BaseCommand

from creditiq.kernel.clock import now
from scoring.services import Development, train_and_register


class Command(BaseCommand):
    help = (
        "Simulates the development world, measures it, trains, validates and registers the champion. With --json the "
        "last line has rows, target_rate, model{auc, ks, brier, ece, folds[]}, scorecard{…}, out_of_time{…}, "
        "warnings[]."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        usual = Development()
        parser.add_argument("--businesses", type=int, default=usual.businesses)
        parser.add_argument("--months", type=int, default=usual.months)
        parser.add_argument("--seed", type=int, default=usual.seed)
        parser.add_argument("--end", type=date.fromisoformat, default=usual.end, help="last day of the world")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *, businesses: int, months: int, seed: int, end: date, as_json: bool, **_: object) -> None:
        """Train and tell."""
        world = Development(businesses, months, seed, end)
        report = train_and_register(world=world, at=now(), tell=lambda line: self.stdout.write(f"  {line}"))
        self.stdout.write(f"{report.version} is in service, out-of-time AUC {report.out_of_time_auc:.3f}")
        if as_json:
            self.stdout.write(json.dumps({"version": report.version.version, **report.figures}))
