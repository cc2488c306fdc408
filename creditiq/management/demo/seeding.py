"""The steps of the demo in their order. Each may run twice: what is there already stays as it is."""

import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from accounts.models import Business, Flag, FlagName, PolicySection, PolicyVersion, User
from accounts.services import publish_policy, register_businesses
from accounts.services.personas import DEMO_DOMAIN
from creditiq.kernel.clock import now
from creditiq.management.demo import cases, cast, ledger, loans, oversight
from creditiq.management.demo.world import RECORDS, DemoWorld
from creditiq.management.progress import Progress, Report
from fraud import services as fraud
from fraud.engine.policy import FraudPolicy
from lending.engine.policy import DEFAULT_DOCUMENT
from lending.services import freeze_all
from lending.services.conduct import report_conduct
from lending.services.outcomes import report_book
from scoring import services as scoring
from scoring.engine.policy import ScoringPolicy
from scoring.selectors.outcomes import matured_outcomes
from wallets import services as wallets


class UnableToTrain(RuntimeError):
    """The training process failed; its log says why."""


@dataclass(frozen=True)
class Step:
    """One line of the first run."""

    name: str
    label: str
    act: Callable[[Report], None]


class Training:
    """The scorecard learns in a process of its own while this one fills the database."""

    def __init__(self, log: Path) -> None:
        self.log = log
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, at: datetime) -> None:
        """Take the shipped version; without one that fits begin to train: the command registers it here too."""
        if scoring.register_shipped(at=at):
            return
        with self.log.open("wb") as log:
            command = [sys.executable, "manage.py", "train_scorecard", "--skip-checks"]
            self.process = subprocess.Popen(command, cwd=settings.BASE_DIR, stdout=log, stderr=log)

    def wait(self, report: Report) -> None:
        """Wait for the model, telling how many lines of its log there are."""
        if self.process is None:
            return
        while self.process.poll() is None:
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(0.5)
            lines = self.log.read_text(errors="replace").count("\n")
            report(min(lines, TRAINING_LINES), TRAINING_LINES)
        if self.process.returncode:
            raise UnableToTrain(f"train_scorecard failed; see {self.log}")

    def stop(self) -> None:
        """End it if it still runs."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait()


TRAINING_LINES = 10
"""Lines that a training says; only the bar is drawn from it."""


class Seeding:
    """The demo of one moment `at`, of the usual world or of a given one."""

    def __init__(self, *, at: datetime, training: Training, world: DemoWorld | None = None) -> None:
        self.at = at
        self.world = world or DemoWorld.until(at)
        self.training = training

    def steps(self) -> tuple[Step, ...]:
        """Everything, in order; names are those of the ledger."""
        return (
            Step("people", "Banks and people", self.found),
            Step("businesses", "Businesses of a simulated economy", self.register),
            Step("records", "Their invoices, returns, payments, bills", self.load),
            Step("consents", "Who may see what", self.consent),
            Step("policies", "First policies", self.publish),
            Step("wallet", "A wallet with a made-up history", self.link_wallet),
            Step("model", "Scorecard, trained on another world", self.training.wait),
            Step("screening", "Screening everybody for money rings", self.screen),
            Step("scores", "Scoring everybody", self.score),
            Step("applications", "Loan applications", self.apply),
            Step("cases", "Officers at work on them", self.decide),
            Step("loans", "Running loans and their history", self.lend),
            Step("monitoring", "First reading of the model", self.monitor),
            Step("oversight", "The risk desk at work", self.oversee),
        )

    def found(self, _report: Report) -> None:
        cast.found_banks_and_people(self.at)

    def register(self, report: Report) -> None:
        rows = self.world.frames["businesses"].to_dicts()
        businesses = register_businesses(rows=rows, at=self.at)
        cast.hand_over_businesses(businesses, self.at)
        cast.know_businesses(businesses, self.at)
        addresses = self.world.stored("vpas").select("vpa", "business").iter_rows()
        wallets.verify_vpas(addresses=dict(addresses))
        report(len(businesses), len(businesses))

    def link_wallet(self, _report: Report) -> None:
        if Flag.objects.is_on(FlagName.BLOCKCHAIN):
            wallets.link_demo_wallet(user=User.objects.get(email=cast.OWNERS[0].email), at=self.at)

    def load(self, report: Report) -> None:
        total = sum(self.world.frames[name].height for name in RECORDS)
        loaded = 0
        for name in RECORDS:
            wallets.load_records(frames={name: self.world.stored(name)})
            loaded += self.world.frames[name].height
            report(loaded, total)
        wallets.load_records(frames={"gst_invoices": self.world.stored("gst_amendments")})
        wallets.load_outcomes(frame=self.world.stored("outcomes"))

    def consent(self, _report: Report) -> None:
        cast.give_consents(self._businesses(), self.at)

    def publish(self, _report: Report) -> None:
        author, approver = (User.objects.get(email=f"{name}@{DEMO_DOMAIN}") for name in ("deepa", "arjun"))
        documents = {
            PolicySection.FRAUD: asdict(FraudPolicy()),
            PolicySection.SCORING: ScoringPolicy().document(),
            PolicySection.LENDING: DEFAULT_DOCUMENT,
        }
        for section, document in documents.items():
            if not PolicyVersion.objects.filter(section=section).exists():
                publish_policy(section=section, document=document, author=author, approver=approver, at=self.at)
        fraud.ship_rules(by=author, at=self.at)
        oversight.watch_in_shadow(at=self.at)

    def screen(self, _report: Report) -> None:
        fraud.screen_population(as_of=self.at)

    def score(self, report: Report) -> None:
        count = scoring.score_population(as_of=self.at)
        report(count, count)

    def apply(self, report: Report) -> None:
        cast.apply_for_loans(self._businesses(), now(), report)

    def decide(self, _report: Report) -> None:
        cases.work(played=self._businesses()[: len(cast.OWNERS)], at=now())

    def lend(self, report: Report) -> None:
        loans.lend(cast.borrowers(self._businesses()), now(), report)
        freeze_all(at=now())

    def monitor(self, _report: Report) -> None:
        """What the night and the Monday would do: how loans and decisions went, and the signals against training."""
        at = now()
        report_book(at=at)
        report_conduct(at=at)
        known = [scoring.Outcome(one.gstin, one.since, one.defaulted) for one in matured_outcomes(at)]
        with suppress(scoring.UnableToMonitor):  # a world too small to read
            scoring.monitor_model(as_of=at, outcomes=known)

    def oversee(self, _report: Report) -> None:
        oversight.work(others=self._businesses()[len(cast.OWNERS) :], at=now())

    def _businesses(self) -> list[Business]:
        """In the order of the world."""
        known = Business.objects.in_bulk(list(self.world.keys.values()))
        return [known[key] for key in self.world.keys.values()]


def seed(progress: Progress) -> None:
    """Do every step that is not done yet."""
    settings.VAR.mkdir(parents=True, exist_ok=True)
    training, at = Training(settings.VAR / "training.log"), now()
    finished = ledger.done()
    try:
        if "model" not in finished:
            training.start(at)
        for step in Seeding(at=at, training=training).steps():
            if step.name in finished:
                progress.already(step.label)
                continue
            with progress.step(step.label) as report:
                step.act(report)
            ledger.note(step.name)
    finally:
        training.stop()
