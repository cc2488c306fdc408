"""`manage.py pipeline`: from a simulated economy to scores, without a server."""

import json
import subprocess
import sys
from argparse import ArgumentParser
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from accounts.models import Business
from creditiq.kernel.clock import IST, now
from creditiq.management.demo.seeding import Seeding, Training
from creditiq.management.demo.world import DemoWorld
from creditiq.management.progress import Progress
from scoring.models import ScoreRun


class Command(BaseCommand):
    """Simulate, load, measure, train, screen and score: each step by its own command or service."""

    help = (
        "Simulate a population, load it with consents into an empty database, write its feature matrix, train a model "
        "on another population, screen and score everybody. Writes OUT/world, OUT/features.parquet and "
        "OUT/scores.ndjson. The last line is JSON: businesses, records, model, scored, out. "
        "Refused where DEMO is off, and in a database that has businesses."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--businesses", type=int, default=250, help="businesses to score")
        parser.add_argument("--months", type=int, default=18, help="calendar months of their evidence")
        parser.add_argument("--seed", type=int, default=20_260)
        parser.add_argument("--train-on", type=int, default=1_500, help="businesses to learn from")
        parser.add_argument("--out", type=Path, required=True, help="folder to write to")

    def handle(self, *, businesses: int, months: int, seed: int, train_on: int, out: Path, **_: object) -> None:
        """Step after step, each with its seconds."""
        at, progress = now(), Progress(self.stdout)
        with progress.step("Migrations"):
            call_command("migrate", verbosity=0, interactive=False)
        _refuse_where_it_would_harm()
        end = at.astimezone(IST).date() - timedelta(days=1)
        with progress.step("Simulating"):
            size = (f"--businesses={businesses}", f"--months={months}", f"--seed={seed}", f"--end={end}")
            _run("simulate", *size, "--mix=demo", f"--out={out / 'world'}")
        seeding = Seeding(at=at, training=Training(out / "training.log"), world=DemoWorld(end, out / "world"))
        with progress.step("Loading, with consents") as report:
            for act in (seeding.found, seeding.register, seeding.load, seeding.consent, seeding.publish):
                act(report)
        with progress.step("Training on another population"):
            _run("train_scorecard", f"--businesses={train_on}")
        with progress.step("Screening for money rings") as report:
            seeding.screen(report)
        with progress.step("Measuring the features"):
            matrix = out / "features.parquet"
            call_command("compute_features", as_of=at, out=matrix, stdout=self.stdout)
        with progress.step("Scoring everybody") as report:
            seeding.score(report)
        self._tell(seeding, out, at)

    def _tell(self, seeding: Seeding, out: Path, at: datetime) -> None:
        runs = ScoreRun.objects.filter(as_of=at).select_related("business", "model_version").order_by("business__gstin")
        lines = [{"gstin": run.business.gstin, "score": run.score, "status": run.status} for run in runs]
        (out / "scores.ndjson").write_text("".join(json.dumps(line) + "\n" for line in lines))
        told = {
            "businesses": len(seeding.world.keys),
            "records": sum(frame.height for name, frame in seeding.world.frames.items() if name != "businesses"),
            "model": runs[0].model_version.version if runs else None,
            "scored": sum(line["score"] is not None for line in lines),
            "out": str(out),
        }
        self.stdout.write(json.dumps(told))


def _refuse_where_it_would_harm() -> None:
    if not settings.DEMO:
        raise CommandError("DEMO is off here: simulated businesses do not belong beside real ones.")
    if Business.objects.exists():
        raise CommandError("This database has businesses already; set VAR to a new folder, as make pipeline does.")


def _run(*words: str) -> None:
    """A command in a process of its own, so that its memory goes back; it shares the running services."""
    done = subprocess.run(
        [sys.executable, "manage.py", *words], cwd=settings.BASE_DIR, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise CommandError(f"{words[0]} failed: {(done.stderr or done.stdout)[-800:]}")
