"""Evidence comes out as known at a moment, under a consent, and each transfer once."""

from datetime import timedelta

import polars as pl
import pytest

from creditiq.kernel.clock import micros
from tests.wallets.conftest import AT, Shop
from wallets import selectors
from wallets.services import load_records

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
