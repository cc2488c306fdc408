"""The lake answers what the tables answer, holds each row once, and survives being broken off."""

import json
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path
from threading import Thread

import polars as pl
import pytest
from django.core.management import call_command
from django.db import connection, connections, transaction
from polars.testing import assert_frame_equal

from accounts.models import Business
from accounts.selectors import platform
from creditiq.kernel.clock import micros, now
from creditiq.kernel.locks import try_hold
from tests.factories.accounts import BusinessFactory, ConsentFactory
from wallets import selectors, services, tasks
from wallets.engine import lake
from wallets.models import RECORD_MODELS, UpiPayment
from wallets.services.worlds import development_world

END = date(2026, 10, 31)
AFTER = datetime(2026, 11, 5, tzinfo=UTC)


@pytest.fixture(autouse=True)
def folder(settings: object, tmp_path: Path) -> Path:
    settings.LAKE_DIR = tmp_path / "lake"
    return settings.LAKE_DIR


@pytest.fixture(scope="module")
def economy() -> dict[str, pl.DataFrame]:
    return development_world(businesses=20, months=3, seed=5, end=END)


@pytest.fixture
def town(db: None, economy: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Twenty firms with a consent to the platform, one of them for invoices only; their records are not loaded yet."""
    firms: list[Business] = BusinessFactory.create_batch(20)
    for firm in firms:
        kinds = ["gst_invoices"] if firm is firms[0] else list(RECORD_MODELS)
        ConsentFactory(business=firm, organisation=platform(), kinds=kinds)
    keys = {number: firm.pk for number, firm in enumerate(firms)}
    return {
        kind: economy[kind].with_columns(pl.col("business").replace_strict(keys, return_dtype=pl.Int64))
        for kind in RECORD_MODELS
    }


def learned(frames: dict[str, pl.DataFrame], after: datetime | None, until: datetime) -> dict[str, pl.DataFrame]:
    since = micros(after) if after else 0
    return {
        kind: frame.filter(pl.col("received_at").is_between(since, micros(until), closed="right"))
        for kind, frame in frames.items()
    }


def assert_the_lake_equals_the_tables(as_of: datetime) -> None:
    asked = {"as_of": as_of, "organisation_id": platform().pk}
    lake_says, tables_say = selectors.lake_frames(**asked), selectors.population_evidence(**asked)
    assert lake_says.keys() == tables_say.keys()
    for kind, table in tables_say.items():
        assert lake_says[kind].schema == table.schema
        assert_frame_equal(pl.from_arrow(lake_says[kind]), pl.from_arrow(table), check_row_order=False)


def stored_rows(folder: Path) -> int:
    return sum(part.rows for part in lake.read_manifest(folder).parts)


def test_the_lake_answers_what_the_tables_answer_at_any_moment(town: dict[str, pl.DataFrame]) -> None:
    middle = datetime(2026, 9, 20, tzinfo=UTC)
    services.load_records(frames=learned(town, None, middle))
    services.write_lake(as_of=middle)
    services.load_records(frames=learned(town, middle, AFTER))  # known to the tables only

    for as_of in (middle - timedelta(days=20), middle, middle + timedelta(days=10), AFTER):
        assert_the_lake_equals_the_tables(as_of)
    services.write_lake(as_of=AFTER)
    assert_the_lake_equals_the_tables(middle)
    assert_the_lake_equals_the_tables(AFTER)


def test_no_lake_yet_is_no_hindrance(town: dict[str, pl.DataFrame]) -> None:
    services.load_records(frames=town)
    assert_the_lake_equals_the_tables(AFTER)


def test_writing_again_adds_nothing(town: dict[str, pl.DataFrame], folder: Path) -> None:
    services.load_records(frames=town)
    first = services.write_lake(as_of=AFTER)
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*.parquet")}

    second = services.write_lake(as_of=AFTER)

    assert sum(it.rows for it in first) == sum(model.objects.count() for model in RECORD_MODELS.values())
    assert sum(it.rows for it in second) == 0
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*.parquet")} == before


def test_months_have_parts_of_their_own_sorted_by_business(town: dict[str, pl.DataFrame], folder: Path) -> None:
    services.load_records(frames=town)
    services.write_lake(as_of=AFTER)
    parts = lake.read_manifest(folder).of("upi_payments")
    assert len({part.month for part in parts}) == len(parts) >= 3
    for part in parts:
        rows = pl.read_parquet(folder / part.file, hive_partitioning=False)
        assert rows["business"].is_sorted()
        india = pl.from_epoch("occurred_at", time_unit="us").dt.convert_time_zone("Asia/Kolkata").dt.strftime("%Y-%m")
        assert rows.select(india).to_series().unique().to_list() == [part.month]


def test_a_history_loaded_late_and_dated_back_comes_in_too(town: dict[str, pl.DataFrame], folder: Path) -> None:
    half = {kind: frame.gather_every(2) for kind, frame in town.items()}
    services.load_records(frames=half)
    services.write_lake(as_of=AFTER)
    services.load_records(frames=town)

    services.write_lake(as_of=AFTER + timedelta(days=1))

    assert stored_rows(folder) == sum(model.objects.count() for model in RECORD_MODELS.values())
    assert_the_lake_equals_the_tables(AFTER)


def test_a_run_that_broke_off_is_made_good_by_the_next(town: dict[str, pl.DataFrame], folder: Path) -> None:
    """Parts that were written and never named, a manifest half written: what a crash leaves."""
    services.load_records(frames=town)
    services.write_lake(as_of=AFTER)
    (folder / lake.MANIFEST).unlink()
    (folder / f"{lake.MANIFEST}.draft").write_text('{"parts": [')
    (folder / "upi_payments" / "month=2026-10" / "part-00000.draft").write_bytes(b"PAR1")

    services.write_lake(as_of=AFTER)

    assert stored_rows(folder) == sum(model.objects.count() for model in RECORD_MODELS.values())
    assert list(folder.rglob("*.draft")) == []
    assert_the_lake_equals_the_tables(AFTER)


def test_an_amended_row_is_read_in_its_new_version(town: dict[str, pl.DataFrame]) -> None:
    services.load_records(frames=town)
    services.write_lake(as_of=AFTER)
    row = UpiPayment.objects.filter(business__consents__kinds__contains=["upi_payments"]).order_by("id").first()
    later = AFTER + timedelta(hours=1)
    UpiPayment.objects.filter(business=row.business_id, id=row.id).update(amount_paise=1, received_at=later)

    assert_the_lake_equals_the_tables(later)
    services.write_lake(as_of=later)
    assert_the_lake_equals_the_tables(later)


def test_the_nightly_task_and_the_command_write_the_same_lake(town: dict[str, pl.DataFrame], folder: Path) -> None:
    services.load_records(frames=town)
    tasks.write_lake()
    out = StringIO()
    call_command("write_lake", "--json", stdout=out)
    report = json.loads(out.getvalue().splitlines()[-1])
    assert report["rows"] == 0
    assert set(report["by_kind"]) == set(RECORD_MODELS)
    assert stored_rows(folder) > 0


@pytest.mark.django_db(transaction=True)
def test_what_a_writer_has_not_committed_holds_the_watermark_back(folder: Path) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        (began,) = cursor.fetchone()
        other = Thread(target=_write_and_close)
        other.start()
        other.join()
    assert max(lake.read_manifest(folder).watermarks.values()) < micros(began) < micros(now())


@pytest.mark.django_db(transaction=True)
def test_two_writers_at_once_are_one_too_many() -> None:
    refusals: list[services.UnableToWriteLake] = []
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        from_here = try_hold("wallets.lake", 0)
        other = Thread(target=_write_and_close, args=(refusals,))
        other.start()
        other.join()
    assert from_here
    assert len(refusals) == 1


def _write_and_close(refusals: list[services.UnableToWriteLake] | None = None) -> None:
    try:
        services.write_lake(as_of=now())
    except services.UnableToWriteLake as refusal:
        if refusals is None:
            raise
        refusals.append(refusal)
    finally:
        connections.close_all()
