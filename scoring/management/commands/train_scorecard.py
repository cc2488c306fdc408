"""Train a scorecard on a simulated development world and put it in service, or judge any labelled file."""

import json
import os
from argparse import ArgumentParser
from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from creditiq.kernel.clock import now
from scoring.engine.sample import LeakFound, UnableToTrain
from scoring.engine.tabular.question import Question
from scoring.services import (
    Development,
    TrainingReport,
    UnableToStudy,
    develop_from_book,
    register,
    ship,
    study_file,
    train_and_register,
)

TABULAR = ("time", "drop", "keep", "fold_column", "folds", "threads")
WORLD = ("businesses", "months", "seed", "end")


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
        parser.add_argument("--ship", action="store_true", help="put the version among the code's, register nothing")
        parser.add_argument("--book", action="store_true", help="learn from this house's evidence and loans")
        table = parser.add_argument_group("any labelled file")
        table.add_argument("--data", type=Path, help="FILE.csv or FILE.csv.gz with a header line")
        table.add_argument("--target", help="column of the outcome: 0/1, yes/no, good/bad, 1/2, words")
        table.add_argument("--time", help="column of the time: adds figures of the untouched last period")
        table.add_argument("--drop", nargs="+", default=[], action="extend", help="columns that must not teach")
        table.add_argument("--keep", nargs="+", default=[], action="extend", help="columns known beforehand for sure")
        table.add_argument("--fold-column", help="column whose values are the folds to report on")
        table.add_argument("--folds", type=int, default=5)
        table.add_argument("--threads", type=int, default=os.cpu_count() or 1)

    def handle(self, *, data: Path | None, as_json: bool, target: str | None, **options) -> None:
        """Train and tell."""
        if data is not None and target is not None:
            self._study(Question(data, target, **{name: options[name] for name in TABULAR}), as_json=as_json)
        elif data is not None:
            raise CommandError("--data needs --target COLUMN: the column that holds the outcome")
        elif target is not None:
            raise CommandError("--target needs --data FILE.csv")
        elif options["book"]:
            self._train_on_book(as_json=as_json)
        elif options["ship"]:
            folder = ship(world=Development(**{name: options[name] for name in WORLD}), tell=self._tell)
            self.stdout.write(f"shipped as {folder.name}")
        else:
            self._train(Development(**{name: options[name] for name in WORLD}), as_json=as_json)

    def _train(self, world: Development, *, as_json: bool) -> None:
        self._told(train_and_register(world=world, at=now(), tell=self._tell), as_json=as_json)

    def _train_on_book(self, *, as_json: bool) -> None:
        moment = now()
        try:
            report = register(developed=develop_from_book(as_of=moment, tell=self._tell), at=moment)
        except (UnableToTrain, LeakFound) as unable:
            raise CommandError(f"--book: {unable}") from unable
        self._told(report, as_json=as_json)

    def _told(self, report: TrainingReport, *, as_json: bool) -> None:
        state = report.version.get_status_display().lower()
        self.stdout.write(f"{report.version} is {state}, out-of-time AUC {report.out_of_time_auc:.3f}")
        if as_json:
            self.stdout.write(json.dumps({"version": report.version.version, **report.figures}))

    def _tell(self, line: str) -> None:
        self.stdout.write(f"  {line}")

    def _study(self, question: Question, *, as_json: bool) -> None:
        try:
            found = study_file(question=question)
        except UnableToStudy as unable:
            raise CommandError(str(unable)) from unable
        if as_json:
            self.stdout.write(json.dumps(found, allow_nan=False))
            return
        for name in ("model", "scorecard", "out_of_time"):
            figures = found[name]
            if isinstance(figures, dict):
                told = ", ".join(f"{key} {_figure(figures[key])}" for key in ("auc", "ks", "brier", "ece"))
                self.stdout.write(f"{name}: {told}")
        warnings = found["warnings"]
        for warning in warnings if isinstance(warnings, list) else ():
            self.stdout.write(f"warning: {warning}")


def _figure(value: object) -> str:
    return f"{value:.4f}" if isinstance(value, float) else "–"
