"""The weekly look: has the world moved, and does the model still tell good from bad?"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

import numpy as np
from django.db import transaction
from django.db.models import Sum

from accounts import audit
from creditiq.kernel.clock import IST
from creditiq.kernel.errors import ApplicationError
from creditiq.kernel.events import publish
from scoring.engine.interval import LEVEL as INTERVAL_LEVEL
from scoring.engine.interval import covered
from scoring.engine.monitoring import SCORE, STABLE, Baseline, Conduct, Reading, conduct, drift, interval, matured
from scoring.events import DriftFound
from scoring.models import AnsweredBy, DecisionTally, DriftReading, ModelVersion, RunStatus, ScoreRun, Verdict
from scoring.services.cards import card_of, champion

LEAST_RUNS = 20
QUARTER = timedelta(days=91)
"""The stretch that rejection and override rates are read over, and the one before it that they are held against."""


class UnableToMonitor(ApplicationError):
    """The version carries no baseline, or too few businesses were scored by it."""

    code = "unable_to_monitor"


@dataclass(frozen=True)
class Outcome:
    """How it went: whether the business defaulted within the year after `since`."""

    gstin: str
    since: datetime
    defaulted: bool


@dataclass(frozen=True)
class MonitorReport:
    """The readings of one day, the alarms among them first."""

    version: ModelVersion
    as_of: datetime
    readings: tuple[Reading, ...]

    @property
    def alarms(self) -> tuple[Reading, ...]:
        """What asks for an act."""
        return tuple(reading for reading in self.readings if reading.verdict == Verdict.ACT)


def monitor_model(*, as_of: datetime, outcomes: Sequence[Outcome] = ()) -> MonitorReport:
    """Read drift of the champion from every business's newest run at `as_of`, and its figures on known `outcomes`.

    Stored, once per moment; alarms are announced. Raises NoChampion, UnableToMonitor.
    """
    version = champion()
    carried = baselines_of(version)
    readings = tuple(_read(version, carried, as_of, outcomes))
    order = {Verdict.ACT: 0, Verdict.WATCH: 1, Verdict.STABLE: 2}
    report = MonitorReport(version, as_of, tuple(sorted(readings, key=lambda each: order[Verdict(each.verdict)])))
    rows = [
        DriftReading(version=version, as_of=as_of, **{name: getattr(each, name) for name in Reading.__slots__})
        for each in report.readings
    ]
    with transaction.atomic(durable=True):
        new = not DriftReading.objects.filter(version=version, as_of=as_of).exists()
        DriftReading.objects.bulk_create(rows, ignore_conflicts=True)
        if new:
            payload = {"readings": len(rows), "alarms": [each.subject for each in report.alarms]}
            audit.record("model.monitored", target=f"model:{version.version}", at=as_of, payload=payload)
        if new and report.alarms:
            publish(DriftFound(version_id=version.pk))
    return report


@dataclass(frozen=True)
class Tally:
    """One day's decisions on scores, as lending counts them."""

    day: date
    decided: int
    declined: int
    overridden: int


def record_conduct(*, tallies: Sequence[Tally], at: datetime) -> int:
    """Keep what was decided day by day; a day told again is kept as told last. Returns how many days."""
    rows = [DecisionTally(**asdict(tally)) for tally in tallies]
    if not rows:
        return 0
    with transaction.atomic(durable=True):
        DecisionTally.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["day"], update_fields=["decided", "declined", "overridden"]
        )
        audit.record("conduct.recorded", target="scoring.decisiontally", at=at, payload={"days": len(rows)})
    return len(rows)


def baselines_of(version: ModelVersion) -> dict[str, Baseline]:
    """What the version looked like at training. Raises UnableToMonitor for one trained before it was kept."""
    carried = version.metrics.get("baseline")
    if not carried:
        raise UnableToMonitor(f"{version} was trained before a baseline was kept: train a version to compare with.")
    return {name: Baseline.from_document(document) for name, document in carried.items()}


def _read(
    version: ModelVersion, carried: dict[str, Baseline], as_of: datetime, outcomes: Sequence[Outcome]
) -> Iterator[Reading]:
    newest = (
        ScoreRun.objects.known_at(as_of)
        .filter(model_version=version, answered_by=AnsweredBy.MODEL, business__is_made_up=False)
        .latest_of_each()
    )
    runs = list(newest.values_list("status", "points", "vector"))
    scored = [(points, vector) for status, points, vector in runs if status == RunStatus.COMPLETE]
    if len(scored) < LEAST_RUNS:
        raise UnableToMonitor(f"Drift needs {LEAST_RUNS} scored businesses; {version} has {len(scored)} so far.")
    columns = {
        name: np.array([np.nan if vector.get(name) is None else vector[name] for _, vector in scored], dtype=float)
        for name in carried
        if name != SCORE
    }
    columns[SCORE] = np.array([points for points, _ in scored], dtype=float)
    yield from drift(carried, columns)
    yield _interval(version, [vector for _, vector in scored])
    yield from conduct(*(_tallied(as_of - ago, as_of - ago + QUARTER) for ago in (QUARTER, 2 * QUARTER)))
    yield Reading("coverage", "score", len(scored) / len(runs), None, len(runs), STABLE)
    yield from _outcomes(version, outcomes)


def _interval(version: ModelVersion, vectors: Sequence[dict[str, float | None]]) -> Reading:
    card = card_of(version)
    rows = [[np.nan if vector.get(name) is None else vector[name] for name in card.names] for vector in vectors]
    return interval(covered(card.spread, card.bag.margins(np.array(rows, dtype=float))), INTERVAL_LEVEL)


def _tallied(since: datetime, until: datetime) -> Conduct:
    """What was decided on the days after `since` up to `until`."""
    days = DecisionTally.objects.filter(day__gt=since.astimezone(IST).date(), day__lte=until.astimezone(IST).date())
    sums = days.aggregate(*(Sum(name, default=0) for name in ("decided", "declined", "overridden")))
    return Conduct(*(sums[f"{name}__sum"] for name in ("decided", "declined", "overridden")))


def _outcomes(version: ModelVersion, outcomes: Sequence[Outcome]) -> Iterator[Reading]:
    """Each outcome beside the number that was known when it began."""
    told: list[tuple[bool, float]] = []
    runs = (
        ScoreRun.objects.complete()
        .filter(business__is_made_up=False)
        .filter(
            business__gstin__in=[each.gstin for each in outcomes], model_version=version, answered_by=AnsweredBy.MODEL
        )
    )
    known: dict[str, list[tuple[datetime, float]]] = {}
    for gstin, moment, chance in runs.order_by("as_of", "pk").values_list("business__gstin", "as_of", "pd"):
        known.setdefault(gstin, []).append((moment, chance or 0.0))
    for each in outcomes:
        before = [chance for moment, chance in known.get(each.gstin, []) if moment <= each.since]
        if before:
            told.append((each.defaulted, before[-1]))
    target, chances = (np.array(column, dtype=float) for column in zip(*told, strict=True)) if told else ((), ())
    registered = version.metrics.get("out_of_time") or {}
    yield from matured(np.asarray(target, dtype=float), np.asarray(chances, dtype=float), registered)
