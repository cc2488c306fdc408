"""Evidence comes out as known at a moment, under a consent, and each transfer once."""

from datetime import timedelta

import polars as pl
import pyarrow.compute as pc
import pytest

from creditiq.kernel.clock import micros
from tests.wallets.conftest import AT, Shop
from wallets import selectors
from wallets.models import RECORD_MODELS
from wallets.services import load_records
from wallets.services.worlds import development_world

WINDOW = {"since": AT - timedelta(days=30), "until": AT, "as_of": AT}


def leg(payer: Shop, payee: Shop, *, reference: str, paid: bool, status: str = "success") -> dict[str, object]:
    mine, other = (payer, payee) if paid else (payee, payer)
    at = micros(AT - timedelta(days=3))
    return {
        "business": mine.business.pk, "reference": reference, "direction": "out" if paid else "in",
        "amount_paise": 50_000, "kind": "P2P", "status": status, "vpa": "a@ybl", "counterparty_vpa": "b@ybl",
        "counterparty": other.business.pk, "occurred_at": at, "received_at": at,
    }  # fmt: skip


def load(*legs: dict[str, object]) -> None:
    load_records(frames={"upi_payments": pl.DataFrame(legs)})


def test_both_legs_of_a_payment_are_one_transfer(shop: Shop, neighbour: Shop) -> None:
    load(*(leg(shop, neighbour, reference="612345678901", paid=paid) for paid in (True, False)))
    moved = selectors.transfers(**WINDOW)
    assert moved.num_rows == 1
    assert (moved["payer"][0].as_py(), moved["payee"][0].as_py()) == (shop.business.pk, neighbour.business.pk)


def test_one_leg_alone_is_enough(shop: Shop, neighbour: Shop) -> None:
    load(leg(shop, neighbour, reference="612345678901", paid=False))
    assert selectors.transfers(**WINDOW)["payer"].to_pylist() == [shop.business.pk]


def test_a_failed_payment_moved_nothing(shop: Shop, neighbour: Shop) -> None:
    load(leg(shop, neighbour, reference="612345678901", paid=True, status="failed_funds"))
    assert selectors.transfers(**WINDOW).num_rows == 0


def test_a_kind_outside_the_consent_comes_as_an_empty_table(shop: Shop, neighbour: Shop) -> None:
    load(leg(shop, neighbour, reference="612345678901", paid=True))
    shop.consent.kinds = ["gst_invoices"]
    tables = selectors.evidence(business_id=shop.business.pk, as_of=AT, consent=shop.consent)
    assert tables["upi_payments"].num_rows == 0
    assert tables["businesses"]["gstin"].to_pylist() == [shop.business.gstin]


def test_another_businesss_consent_opens_nothing(shop: Shop, neighbour: Shop) -> None:
    with pytest.raises(selectors.NoLiveConsent):
        selectors.evidence(business_id=shop.business.pk, as_of=AT, consent=neighbour.consent)


def test_the_population_holds_exactly_those_who_consented(shop: Shop, neighbour: Shop) -> None:
    load(leg(shop, neighbour, reference="612345678901", paid=True))
    tables = selectors.population_evidence(as_of=AT, organisation_id=shop.consent.organisation_id)
    assert sorted(tables["businesses"]["business"].to_pylist()) == sorted([shop.business.pk, neighbour.business.pk])
    assert tables["upi_payments"]["amount_paise"].to_pylist() == [50_000]


def test_the_evidence_page_counts_what_is_shared(shop: Shop, neighbour: Shop) -> None:
    load(leg(shop, neighbour, reference="612345678901", paid=True))
    page = selectors.evidence_page(business=shop.business, as_of=AT)
    assert page.rows == 1
    assert {source.kind for source in page.sources if source.last_at} == {"upi_payments"}


def test_one_business_reads_as_the_population_does_to_the_last_bit(shop: Shop, neighbour: Shop) -> None:
    frames = development_world(businesses=20, months=3, seed=7, end=(AT - timedelta(days=1)).date())
    chosen = {kind: frames[kind].filter(pl.col("business") < 2) for kind in RECORD_MODELS}
    keys = {0: shop.business.pk, 1: neighbour.business.pk}
    load_records(
        frames={
            kind: rows.with_columns(
                pl.col("business").replace_strict(keys, return_dtype=pl.Int64),
                *([pl.lit(None, dtype=pl.Int64).alias("counterparty")] if "counterparty" in rows.columns else []),
            )
            for kind, rows in chosen.items()
        }
    )
    batch = selectors.population_evidence(as_of=AT, organisation_id=shop.consent.organisation_id)
    live = selectors.evidence(business_id=shop.business.pk, as_of=AT, consent=shop.consent)
    assert live.keys() == batch.keys()
    for kind, table in live.items():
        assert table.schema == batch[kind].schema, kind
        order = [(name, "ascending") for name in table.column_names]
        mine = batch[kind].filter(pc.equal(batch[kind]["business"], shop.business.pk)).sort_by(order)
        assert table.sort_by(order).to_pylist() == mine.to_pylist(), kind
    assert all(live[kind].num_rows for kind in ("gst_returns", "upi_payments", "bank_entries"))
    assert live["gst_returns"]["filed_at"].null_count < live["gst_returns"].num_rows


def test_moments_are_exact_also_beside_empty_ones(shop: Shop) -> None:
    due = AT - timedelta(days=20, microseconds=7)
    rows = [
        {"period": 24_320 + number, "filed_at": micros(filed) if filed else None}
        for number, filed in enumerate((None, due, None, due + timedelta(microseconds=1)))
    ]
    frame = pl.DataFrame(rows, schema={"period": pl.Int64, "filed_at": pl.Int64}).with_columns(
        business=pl.lit(shop.business.pk), return_type=pl.lit("GSTR3B"), due_at=pl.lit(micros(due)),
        turnover_paise=pl.lit(0), tax_cash_paise=pl.lit(0), tax_itc_paise=pl.lit(0), arn=pl.lit(None, dtype=pl.String),
        occurred_at=pl.lit(micros(due)), received_at=pl.lit(micros(due)),
    )  # fmt: skip
    load_records(frames={"gst_returns": frame})
    found = selectors.evidence(business_id=shop.business.pk, as_of=AT, consent=shop.consent)["gst_returns"]
    told = dict(zip(found["period"].to_pylist(), found["filed_at"].to_pylist(), strict=True))
    assert told == dict(frame.select("period", "filed_at").iter_rows())
