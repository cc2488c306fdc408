"""Train a scorecard on a simulated development world and put it in service, or judge any labelled file."""

import json
import os
from argparse import ArgumentParser
from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from creditiq.kernel.clock import now
from scoring.engine.tabular.question import Question
from scoring.services import Development, UnableToStudy, study_file, train_and_register

TABULAR = ("target", "time", "drop", "keep", "fold_column", "folds", "threads")


class Command(BaseCommand):
    help = (
        "Simulates the development world, measures it, trains, validates and registers the champion. With --data it "
        "judges any labelled CSV (plain or gzip; any separator, encoding and dirt) and registers nothing. With --json "
        "the last line has rows, target_rate, model{auc, ks, brier, ece, folds[]}, scorecard{auc, ks, brier, ece, "
        "folds[]}, out_of_time{…}, warnings[]. A column that alone exceeds AUC 0.95 stops training with its name: "
        "run again with --drop, or with --keep if it is truly known beforehand."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        usual = Development()
        parser.add_argument("--businesses", type=int, default=usual.businesses)
        parser.add_argument("--months", type=int, default=usual.months)
        parser.add_argument("--seed", type=int, default=usual.seed)
        parser.add_argument("--end", type=date.fromisoformat, default=usual.end, help="last day of the world")
        parser.add_argument("--json", action="store_true", dest="as_json")
        table = parser.add_argument_group("any labelled file")
        table.add_argument("--data", type=Path, help="FILE.csv or FILE.csv.gz with a header line")
        table.add_argument("--target", help="column of the outcome: 0/1, yes/no, good/bad, 1/2, words")
        table.add_argument("--time", help="column of the time: adds figures of the untouched last period")
        table.add_argument("--drop", nargs="+", default=[], action="extend", help="columns that must not teach")
        table.add_argument("--keep", nargs="+", default=[], action="extend", help="columns known beforehand for sure")
        table.add_argument("--fold-column", help="column whose values are the folds to report on")
        table.add_argument("--folds", type=int, default=5)
        table.add_argument("--threads", type=int, default=os.cpu_count() or 1)

    def handle(self, *, data: Path | None, as_json: bool, **options: object) -> None:
        """Train and tell."""
        if data is not None:
            self._study(data, as_json, {name: options[name] for name in TABULAR})
            return
        if options["target"]:
            raise CommandError("--target needs --data FILE.csv")
        world = Development(*(options[name] for name in ("businesses", "months", "seed", "end")))
        report = train_and_register(world=world, at=now(), tell=lambda line: self.stdout.write(f"  {line}"))
        self.stdout.write(f"{report.version} is in service, out-of-time AUC {report.out_of_time_auc:.3f}")
        if as_json:
            self.stdout.write(json.dumps({"version": report.version.version, **report.figures}))

    def _study(self, data: Path, as_json: bool, asked: dict[str, object]) -> None:
        if not asked["target"]:
            raise CommandError("--data needs --target COLUMN: the column that holds the outcome")
        asked["drop"], asked["keep"] = tuple(asked["drop"]), tuple(asked["keep"])
        try:
            found = study_file(question=Question(path=data, **asked))
        except UnableToStudy as unable:
            raise CommandError(str(unable)) from unable
        if as_json:
            self.stdout.write(json.dumps(found, allow_nan=False))
            return
        for name in ("model", "scorecard", "out_of_time"):
            if found[name]:
                shown = {key: found[name][key] for key in ("auc", "ks", "brier", "ece")}
                told = ", ".join(f"{key} {'–' if value is None else f'{value:.4f}'}" for key, value in shown.items())
                self.stdout.write(f"{name}: {told}")
        for warning in found["warnings"]:
            self.stdout.write(f"warning: {warning}")
