"""Train a scorecard on a simulated development world and register it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

import numpy as np
import polars as pl
from django.conf import settings
from django.db import transaction
from numpy.typing import NDArray

from accounts import audit
from accounts.models import User
from accounts.selectors import platform
from creditiq.kernel import locks
from fraud import services as fraud_services
from scoring.engine import artefacts
from scoring.engine.appraisal import COVERAGE, MONTHS
from scoring.engine.columns import columns_from
from scoring.engine.features import catalogue
from scoring.engine.features.lock import LOCK_FILE
from scoring.engine.labels import labelled, observation_dates
from scoring.engine.leaks import known_by, refuse_foresight, refuse_undated
from scoring.engine.measure import measure_all
from scoring.engine.oracle import hidden_state, oracle_chances
from scoring.engine.policy import ScoringPolicy
from scoring.engine.sample import Sample, UnableToTrain
from scoring.engine.turnover import Cell
from scoring.models import ModelVersion, VersionAct, VersionStatus
from scoring.selectors.outcomes import outcome_frame
from scoring.services.governance import HOUSE
from scoring.services.measuring import STREAMS, evidence_of
from wallets import selectors as wallet_selectors
from wallets import services as wallet_services

Frames = Mapping[str, pl.DataFrame]
Tell = Callable[[str], object]

DAYS_BEFORE_THE_LAST = (0, 90, 180, 270, 365, 425, 485)
"""Observation dates, counted back from twelve months before the end of the world; the last three are development."""

BLIND = "Every row of evidence is dated, and no column changed when what came after its date was taken away."
"""True of every sample that `sample_of` returned: it refuses others."""

GROUPS = ("state_code", "size", "constitution")
"""What figures are told by besides the sector; never inputs."""


@dataclass(frozen=True)
class Development:
    """The development world to simulate; it shares nothing with the demo."""

    businesses: int = 3000
    months: int = 36
    seed: int = 4211
    end: date = date(2026, 9, 30)


@dataclass(frozen=True)
class TrainingReport:
    """The version and its figures as plain values."""

    version: ModelVersion
    figures: Mapping[str, object]

    @property
    def out_of_time_auc(self) -> float:
        """AUC on unseen firms of the last period."""
        last = self.figures["out_of_time"]
        return float(last["auc"]) if isinstance(last, dict) else float("nan")


@dataclass(frozen=True)
class Developed:
    """A version that is trained and not registered yet."""

    packed: artefacts.Artefacts
    figures: Mapping[str, object]


def train_and_register(*, world: Development, at: datetime, tell: Tell) -> TrainingReport:
    """Simulate, measure, learn, validate, write the artefacts, and register the version.

    `tell` hears one line per step. Raises UnableToTrain, LeakFound.
    """
    return register(developed=develop(world=world, tell=tell), at=at)


def develop(*, world: Development, tell: Tell) -> Developed:
    """Everything up to the packed files; touches neither the database nor the disk."""
    tell(f"simulating {world.businesses} businesses over {world.months} months")
    made = wallet_services.judged_world(
        businesses=world.businesses, months=world.months, seed=world.seed, end=world.end
    )
    sample = judged(sample_of(made.frames, tell=tell), made.hidden)
    tell(f"learning from {len(sample)} rows, {sample.target.mean():.1%} of them defaults")
    packed, figures = _learn(sample, _story(world, sample))
    return Developed(packed, {"rows": len(sample), "target_rate": float(sample.target.mean()), **figures})


def develop_from_book(*, as_of: datetime, tell: Tell) -> Developed:
    """The same on what this house knows at `as_of`: the evidence under a live consent and the outcomes of its loans.

    Raises UnableToTrain when no loan was watched long enough, LeakFound.
    """
    tables = wallet_selectors.population_evidence(as_of=as_of, organisation_id=platform().pk)
    frames = {name: pl.DataFrame(pl.from_arrow(table)) for name, table in tables.items()}
    frames["outcomes"] = outcome_frame().filter(pl.col("business").is_in(frames["businesses"]["business"].implode()))
    if frames["outcomes"].is_empty():
        raise UnableToTrain("No loan of this house has an outcome yet: lend and wait, or train on the simulated world.")
    sample = sample_of(frames, tell=tell)
    if not len(sample) or sample.target.min() == sample.target.max():
        raise UnableToTrain(f"{len(sample)} labelled rows with one outcome only: there is nothing to tell apart yet.")
    tell(f"learning from {len(sample)} rows, {sample.target.mean():.1%} of them defaults")
    story = f"Trained on the house's own evidence and loans up to {as_of:%Y-%m-%d}: {len(sample)} rows. {BLIND}"
    packed, figures = _learn(sample, story)
    return Developed(packed, {"rows": len(sample), "target_rate": float(sample.target.mean()), **figures})


def sample_of(frames: Frames, *, tell: Tell, days: Sequence[int] = DAYS_BEFORE_THE_LAST) -> Sample:
    """Labelled vectors of `frames` at every observation date, only of firms with enough evidence to be scored.

    The earliest date is measured twice, with and without what came after it. Raises LeakFound.
    """
    dates = observation_dates(frames["outcomes"], days)
    refuse_undated(frames, STREAMS)
    tell("looking for columns that read the future")
    refuse_foresight(_vectors(frames, dates[0]), _vectors(known_by(frames, STREAMS, dates[0]), dates[0]))
    rows = pl.concat(_observed(frames, dates, tell))
    known = {"business", "as_of", "target", "sector", *GROUPS}
    names = [name for name in rows.columns if name not in known]
    matrix = rows.select(pl.col(names).cast(pl.Float64).fill_null(np.nan)).to_numpy()
    return Sample(
        names=tuple(names),
        matrix=np.ascontiguousarray(matrix),
        target=rows["target"].to_numpy(),
        business=rows["business"].to_numpy(),
        as_of=rows["as_of"].to_numpy(),
        sector=rows["sector"].to_numpy().astype(np.str_),
        groups={kind: rows[kind].to_numpy().astype(np.str_) for kind in GROUPS},
    )


def judged(sample: Sample, hidden: pl.DataFrame) -> Sample:
    """The sample with the oracle's chances beside each row, to be reported and never learnt from."""
    return replace(sample, oracle=oracle_chances(hidden_state(hidden, sample), sample))


@dataclass(frozen=True)
class Vectors:
    """Measured columns `names` of firms with enough evidence: matrix (n, m), NaN for missing; business keys (n,).

    `cells` say what each firm is registered as.
    """

    names: tuple[str, ...]
    matrix: NDArray[np.float64]
    business: NDArray[np.int64]
    cells: tuple[Cell, ...]


def latest_vectors(frames: Frames) -> Vectors:
    """Everybody who could be scored at the last moment that `frames` tell of, whether they ever borrowed or not."""
    last = max(int(str(frames[stream]["received_at"].max())) for stream in STREAMS if frames[stream].height)
    rows = _vectors(frames, last).filter(_enough())
    names = tuple(name for name in rows.columns if name != "business")
    matrix = rows.select(pl.col(names).cast(pl.Float64).fill_null(np.nan)).to_numpy()
    registered = frames["businesses"].select("business", "sector", pl.col("state_code").cast(pl.String), "size")
    cells = rows.select("business").join(registered, on="business", how="left", maintain_order="left").drop("business")
    return Vectors(
        names, np.ascontiguousarray(matrix), rows["business"].to_numpy(), tuple(Cell(*row) for row in cells.rows())
    )


def _enough() -> pl.Expr:
    policy = ScoringPolicy()
    return (pl.col(MONTHS) >= policy.least_months) & (pl.col(COVERAGE) >= policy.least_coverage)


def _observed(frames: Frames, dates: Sequence[int], tell: Tell) -> Iterator[pl.DataFrame]:
    for number, as_of in enumerate(dates, start=1):
        tell(f"measuring date {number} of {len(dates)}")
        labels = labelled(frames["outcomes"], as_of)
        vectors = _vectors(frames, as_of).filter(_enough())
        sectors = frames["businesses"].select("business", "sector", *(pl.col(kind).cast(pl.String) for kind in GROUPS))
        moment = pl.lit(as_of, dtype=pl.Int64)
        yield vectors.join(labels, on="business").join(sectors, on="business").with_columns(as_of=moment)


def _vectors(frames: Frames, as_of: int) -> pl.DataFrame:
    network = fraud_services.screen_frames(frames, as_of)
    tables = {name: frames[name].to_arrow() for name in ("businesses", *STREAMS)}
    return measure_all(evidence_of(tables, network.to_arrow()), as_of)


def _learn(sample: Sample, story: str) -> tuple[artefacts.Artefacts, dict[str, object]]:
    from scoring.engine.workshop import Lock, learn  # xgboost and scikit-learn: only training pays for them

    columns = columns_from([{name: getattr(entry, name) for name in entry.__slots__} for entry in catalogue.entries()])
    lock = Lock(LOCK_FILE.read_text(encoding="utf-8"), catalogue.lock_digest())
    finished = learn(sample, columns, lock, story=story, idle=catalogue.informative())
    return finished.artefacts, finished.metrics


def _story(world: Development, sample: Sample) -> str:
    return (
        f"Trained on a simulated development world of {world.businesses} businesses over {world.months} months "
        f"(seed {world.seed}): {len(sample)} rows at {len(DAYS_BEFORE_THE_LAST)} dates, "
        f"{sample.target.mean():.1%} of them 90 days past due within 12 months. The demo firms are not among them. "
        f"{BLIND}"
    )


def register(*, developed: Developed, at: datetime, by: User | None = None) -> TrainingReport:
    """Write the files and register the version, `by` its developer; twice changes nothing.

    It waits for validation, unless nothing can serve (a new house, or other features than the champion's): then it
    is installed as champion at once, and the one before retires.
    """
    packed = developed.packed
    name = f"{at:%Y.%m}-{packed.digest[:8]}"
    artefacts.write(packed, Path(settings.ARTEFACTS_DIR) / name)
    with transaction.atomic(durable=True):
        locks.hold("scoring.governance", HOUSE)
        version, new = ModelVersion.objects.get_or_create(
            digest=packed.digest,
            defaults={
                "version": name,
                "lock": catalogue.lock_digest(),
                "metrics": dict(developed.figures),
                "card": packed.files["card.md"].decode(),
                "developer": by,
            },
        )
        if new:
            audit.record("model.registered", target=f"model:{name}", at=at, by=by, payload={"digest": packed.digest})
        if version.status != VersionStatus.SUSPENDED and _nothing_can_serve():
            _install(version, at)
    return TrainingReport(version, developed.figures)


def _nothing_can_serve() -> bool:
    """Neither a champion nor the points table of a suspended one reads the features of today."""
    of_today = ModelVersion.objects.filter(lock=catalogue.lock_digest())
    serving = ModelVersion.objects.serving()
    return not of_today.serving().exists() and (serving.exists() or not of_today.last_served().exists())


def _install(version: ModelVersion, at: datetime) -> None:
    for stale in ModelVersion.objects.serving():
        stale.status, stale.served_until = VersionStatus.RETIRED, at
        stale.save(update_fields=["status", "served_until"])
    source, version.status, version.installed = version.status, VersionStatus.CHAMPION, True
    version.lock = catalogue.lock_digest()
    version.save(update_fields=["status", "installed", "lock"])
    VersionAct.objects.create(version=version, act="install", source=source, target="champion", at=at)
    audit.record("model.promoted", target=f"model:{version.version}", at=at, payload={"digest": version.digest})
