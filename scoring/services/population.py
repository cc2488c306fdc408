"""Score everybody in one vectorised pass: the same rows as the live path, bit for bit."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

import numpy as np
import polars as pl
import pyarrow as pa
from django.db import transaction

from accounts import audit
from accounts.models import Business, Consent, ConsentAct, Purpose
from accounts.selectors import platform
from accounts.services import record_uses
from creditiq.kernel.clock import micros
from scoring.engine.appraisal import Appraisal, Subject, appraise
from scoring.engine.measure import NOTES
from scoring.engine.permitted import withhold
from scoring.models import ModelVersion, ScoreRun
from scoring.services.cards import champion
from scoring.services.dossiers import Standing, policy_at, subject_of
from scoring.services.measuring import STREAMS, measure_many
from scoring.services.scoring import run_fields
from scoring.services.screenings import Block, blocks_of_all
from wallets import selectors as wallet_selectors

BATCH = 500
Tell = Callable[[str], object]


def score_population(*, as_of: datetime, tell: Tell = lambda _line: None) -> int:
    """Score every business with a live consent to the platform; what this as_of already has stays.

    Measured in one pass, issued batch by batch: stopped half-way, the same call goes on where it stopped. `tell`
    hears one line per batch. One audit entry for the act. Returns how many runs are new. Raises NoChampion.
    """
    version, cause = champion(), f"as_of:{micros(as_of)}"
    tables = wallet_selectors.population_evidence(as_of=as_of, organisation_id=platform().pk)
    block = blocks_of_all(as_of)
    measured = measure_many(tables, block.table, as_of)
    businesses = measured.features["business"].to_list()
    standings = list(_standings(businesses, version, block, as_of))
    if not standings:
        return 0
    subjects = list(_subjects(standings, _rows_per_stream(tables), measured.notes))
    names = [name for name in measured.features.columns if name != "business"]
    matrix = measured.features.select(pl.col(names).cast(pl.Float64).fill_null(np.nan)).to_numpy()
    permitted = np.ascontiguousarray(withhold(names, matrix, [standing.kinds for standing in standings]))
    issued = set(ScoreRun.objects.filter(cause=cause).values_list("business_id", flat=True))
    left = [place for place, key in enumerate(businesses) if key not in issued]
    for start in range(0, len(left), BATCH):
        chosen = left[start : start + BATCH]
        some, asked = [standings[place] for place in chosen], [subjects[place] for place in chosen]
        _store(list(zip(some, appraise(some[0].bench, asked, names, permitted[chosen]), strict=True)), cause, as_of)
        tell(f"{len(issued) + start + len(chosen)} of {len(businesses)} scored")
    new = ScoreRun.objects.filter(cause=cause).count() - len(issued)
    with transaction.atomic(durable=True):
        audit.record("score.population", target=cause, at=as_of, payload={"runs": len(businesses), "new": new})
    return new


def _store(answers: list[tuple[Standing, Appraisal]], cause: str, as_of: datetime) -> None:
    """One batch, whole or not at all; a run that somebody else issued meanwhile stays."""
    runs = [
        ScoreRun(business=standing.business, cause=cause, **run_fields(standing, appraisal))
        for standing, appraisal in answers
    ]
    consents = [run.consent_id for run in runs if run.consent_id is not None]
    with transaction.atomic(durable=True):
        ScoreRun.objects.bulk_create(runs, ignore_conflicts=True)
        record_uses(consent_ids=consents, act=ConsentAct.SCORE, target=cause, at=as_of)


def _standings(businesses: list[int], version: ModelVersion, block: Block, as_of: datetime) -> Iterator[Standing]:
    found = Business.register.in_bulk(businesses)
    live = Consent.objects.live_at(as_of).filter(organisation=platform(), purpose=Purpose.CREDIT_ASSESSMENT)
    consents = {consent.business_id: consent for consent in live.order_by("granted_at", "pk")}
    policy = policy_at(as_of)
    for key in businesses:
        yield Standing(found[key], version, as_of, consents[key], policy, block.screenings.get(key), {}, None)


def _subjects(
    standings: list[Standing], rows: Mapping[int, Mapping[str, int]], notes: pl.DataFrame
) -> Iterator[Subject]:
    held = {row[0]: tuple(name for name, value in zip(NOTES, row[1:], strict=True) if value) for row in notes.rows()}
    for standing in standings:
        key = standing.business.pk
        yield subject_of(standing, {stream: rows[key][stream] for stream in STREAMS}, held[key])


def _rows_per_stream(tables: Mapping[str, pa.Table]) -> dict[int, dict[str, int]]:
    rows = {key: dict.fromkeys(STREAMS, 0) for key in tables["businesses"].column("business").to_pylist()}
    for stream in STREAMS:
        frame = pl.DataFrame(pl.from_arrow(tables[stream].select(["business"])))
        for key, count in frame.group_by("business").len().iter_rows():
            rows[key][stream] = count
    return rows
