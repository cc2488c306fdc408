"""Score everybody in one vectorised pass: the same rows as the live path, bit for bit."""

from collections.abc import Iterator, Mapping
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
from scoring.engine.appraisal import Subject, appraise
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


def score_population(*, as_of: datetime) -> int:
    """Score every business with a live consent to the platform; what this as_of already has stays.

    One audit entry for the act. Returns how many runs are new. Raises NoChampion.
    """
    version = champion()
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
    shared = [standing.kinds for standing in standings]
    appraisals = appraise(standings[0].bench, subjects, names, np.ascontiguousarray(withhold(names, matrix, shared)))
    cause = f"as_of:{micros(as_of)}"
    runs = [
        ScoreRun(business=standing.business, cause=cause, **run_fields(standing, appraisal))
        for standing, appraisal in zip(standings, appraisals, strict=True)
    ]
    return _store(runs, cause, as_of)


def _store(runs: list[ScoreRun], cause: str, as_of: datetime) -> int:
    with transaction.atomic(durable=True):
        before = ScoreRun.objects.filter(cause=cause).count()
        ScoreRun.objects.bulk_create(runs, batch_size=BATCH, ignore_conflicts=True)
        new = ScoreRun.objects.filter(cause=cause).count() - before
        consents = [run.consent_id for run in runs if run.consent_id is not None]
        record_uses(consent_ids=consents, act=ConsentAct.SCORE, target=cause, at=as_of)
        audit.record("score.population", target=cause, at=as_of, payload={"runs": len(runs), "new": new})
    return new


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
