"""Amendments take the place of what they amend, in whatever order they come; the past reads as it was known then."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from django.db import transaction

from accounts.selectors import platform
from creditiq.kernel.clock import micros
from tests.wallets.conftest import AT, Shop
from tests.wallets.test_formats import gstr1, read
from wallets import selectors
from wallets.models import GstInvoice, GstReturn, UploadState
from wallets.selectors.frames import known_records
from wallets.services import write_lake
from wallets.services.records import insert_records

SUPPLIER, YEAR = "29AAACG0569P1Z3", 2026
HOURS = 12
NUMBERS = ("A", "B", "C")


@dataclass(frozen=True)
class Document:
    """One telling of an invoice at some hour."""

    number: str
    version: int
    amends: str | None
    paise: int
    hour: int

    @property
    def key(self) -> tuple[str, int]:
        return self.number, self.version


def told(seed: int) -> list[Document]:
    """Originals and amendments of three invoices, in any order, some of them told twice."""
    chance = np.random.default_rng(seed)
    documents = []
    for hour in range(HOURS):
        for _ in range(chance.integers(0, 3)):
            version = int(chance.choice((0, 0, 24_310, 24_311, 24_312)))
            amends = str(chance.choice(NUMBERS)) if version else None
            number = amends if amends and chance.random() < 0.5 else str(chance.choice(NUMBERS))
            documents.append(Document(number, version, amends, int(chance.integers(1, 10)) * 100, hour))
    return documents


def standing(documents: list[Document], hour: int) -> set[tuple[str, int]]:
    """The oracle, by replay: of what was known, what nothing known replaces. The first telling of a version counts."""
    known: dict[tuple[str, int], Document] = {}
    for it in documents:
        if it.hour <= hour:
            known.setdefault(it.key, it)

    def replaced(old: Document) -> bool:
        return any(
            new.version > old.version
            and (old.number in (new.number, new.amends) or (old.version > 0 and old.amends == new.amends))
            for new in known.values()
        )

    return {(it.number, it.paise) for it in known.values() if not replaced(it)}


def frame(business: int, documents: list[Document]) -> pl.DataFrame:
    times = [micros(AT + timedelta(hours=it.hour)) for it in documents]
    return pl.DataFrame(
        {
            "invoice_number": [it.number for it in documents], "amended_from": [it.amends for it in documents],
            "amended_from_year": [YEAR if it.amends else None for it in documents],
            "version": [it.version for it in documents], "taxable_paise": [it.paise for it in documents],
            "received_at": times,
        },
        schema_overrides={"amended_from": pl.String, "amended_from_year": pl.Int32, "received_at": pl.Int64},
    ).with_columns(
        business=pl.lit(business), direction=pl.lit("in"), supplier_gstin=pl.lit(SUPPLIER),
        counterparty_gstin=pl.lit(SUPPLIER), financial_year=pl.lit(YEAR), kind=pl.lit("B2B"), cancelled=pl.lit(False),
        hsn=pl.lit(""), place_of_supply=pl.lit(29), rate_bp=pl.lit(1800), igst_paise=pl.lit(0), cgst_paise=pl.lit(0),
        sgst_paise=pl.lit(0), occurred_at=pl.lit(micros(AT - timedelta(days=2))),
    )  # fmt: skip


def tell(business: int, documents: list[Document]) -> int:
    """Store them as they were told, an hour at a time; returns the rows replaced."""
    hours = sorted({it.hour for it in documents})
    return sum(
        insert_records(GstInvoice, frame(business, [it for it in documents if it.hour == hour])).superseded
        for hour in hours
    )


def pairs(rows: pl.DataFrame) -> list[tuple[str, int]]:
    return sorted(rows.select("invoice_number", "taxable_paise").rows())


@pytest.mark.parametrize("seed", range(25))
def test_the_history_at_any_moment_is_the_replay_of_the_documents_known_then(shop: Shop, seed: int) -> None:
    documents = told(seed)
    tell(shop.business.pk, documents)
    for hour in range(-1, HOURS):
        found = known_records(GstInvoice, [shop.business.pk], AT + timedelta(hours=hour))
        assert pairs(found) == sorted(standing(documents, hour)), hour


@pytest.mark.parametrize("seed", range(5))
def test_telling_everything_again_changes_nothing(shop: Shop, seed: int) -> None:
    documents = told(seed)
    tell(shop.business.pk, documents)
    before = list(GstInvoice.objects.order_by("id").values())
    assert tell(shop.business.pk, documents) == 0
    assert list(GstInvoice.objects.order_by("id").values()) == before


@pytest.mark.parametrize("seed", range(5))
def test_the_lake_answers_the_same_history(shop: Shop, seed: int, settings: object, tmp_path: Path) -> None:
    settings.LAKE_DIR = tmp_path / "lake"
    documents = told(seed)
    half = [it for it in documents if it.hour < HOURS // 2]
    tell(shop.business.pk, half)
    write_lake(as_of=AT + timedelta(hours=HOURS // 2 - 1))
    tell(shop.business.pk, [it for it in documents if it not in half])
    for written in (False, True):
        if written:
            write_lake(as_of=AT + timedelta(hours=HOURS))
        for hour in (HOURS // 2, HOURS):
            at = AT + timedelta(hours=hour)
            frames = selectors.lake_frames(as_of=at, organisation_id=platform().pk)
            assert pairs(pl.DataFrame(frames["gst_invoices"])) == sorted(standing(documents, hour))


def stored_at(number: str) -> datetime:
    return GstInvoice.objects.get(invoice_number=number).received_at


def known_numbers(shop: Shop, at: datetime) -> list[str]:
    return sorted(known_records(GstInvoice, [shop.business.pk], at)["invoice_number"].to_list())


def test_an_amendment_takes_the_place_of_its_original_from_the_moment_it_is_known(shop: Shop) -> None:
    read(shop, gstr1(shop, "A/1"), "gstr1")
    upload = read(shop, gstr1(shop, "A/2", oinum="A/1", oidt="10-09-2026"), "gstr1", "all_or_nothing")
    assert (upload.state, upload.accepted, upload.duplicates, upload.superseded) == (UploadState.PARSED, 1, 0, 1)
    amended = stored_at("A/2")
    assert known_numbers(shop, amended - timedelta(microseconds=1)) == ["A/1"]
    assert known_numbers(shop, amended) == ["A/2"]
    assert GstInvoice.objects.get(invoice_number="A/1").superseded_at == amended


def test_an_amendment_under_the_same_number_is_a_version_of_its_own(shop: Shop) -> None:
    read(shop, gstr1(shop, "A/1"), "gstr1")
    upload = read(shop, gstr1(shop, "A/1", oinum="A/1", oidt="10-09-2026"), "gstr1")
    assert (upload.accepted, upload.superseded) == (1, 1)
    assert known_numbers(shop, AT + timedelta(days=9999)) == ["A/1"]


def test_an_original_that_comes_after_its_amendment_never_stands(shop: Shop) -> None:
    read(shop, gstr1(shop, "A/2", oinum="A/1", oidt="10-09-2026"), "gstr1")
    upload = read(shop, gstr1(shop, "A/1"), "gstr1")
    assert (upload.accepted, upload.superseded) == (1, 1)
    assert known_numbers(shop, AT + timedelta(days=9999)) == ["A/2"]
    assert GstInvoice.objects.count() == 2


def restated(shop: Shop, received: datetime, paise: int, filed: datetime | None) -> tuple[int, int]:
    due = micros(datetime.combine(date(2026, 10, 20), datetime.min.time(), tzinfo=AT.tzinfo))
    rows = pl.DataFrame(
        {
            "business": [shop.business.pk], "return_type": ["GSTR3B"], "period": [24_320], "due_at": [due],
            "filed_at": [micros(filed) if filed else None], "turnover_paise": [paise], "tax_cash_paise": [0],
            "tax_itc_paise": [0], "arn": [None], "occurred_at": [due], "received_at": [micros(received)],
        },
        schema_overrides={"filed_at": pl.Int64, "arn": pl.String},
    )  # fmt: skip
    with transaction.atomic():
        stored = insert_records(GstReturn, rows)
    return stored.inserted, stored.superseded


def test_a_return_told_with_other_figures_replaces_the_earlier_telling(shop: Shop) -> None:
    """First seen unfiled, then filed, then with another turnover; a list that lacks the filing does not undo it."""
    filed = AT - timedelta(days=1)
    assert restated(shop, AT, 0, None) == (1, 0)
    assert restated(shop, AT + timedelta(hours=1), 500, filed) == (1, 1)
    assert restated(shop, AT + timedelta(hours=2), 500, filed) == (0, 0)
    assert restated(shop, AT + timedelta(hours=3), 700, filed) == (1, 1)
    assert restated(shop, AT + timedelta(hours=4), 0, None) == (0, 0)
    turnovers = [
        known_records(GstReturn, [shop.business.pk], AT + timedelta(hours=hour))["turnover_paise"].to_list()
        for hour in range(5)
    ]
    assert turnovers == [[0], [500], [500], [700], [700]]
