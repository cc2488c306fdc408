"""Only evidence of the time that a consent names is read, through every door that reads evidence."""

from datetime import datetime, timedelta

import polars as pl
import pytest

from accounts.models import Consent
from accounts.selectors import platform
from accounts.services import ConsentTerms, grant_consent
from creditiq.kernel.clock import micros
from fraud.engine.flow import Leg, MoneyCycle
from fraud.selectors.evidence import _shared
from fraud.selectors.timeline import timeline_of
from tests.factories.accounts import AnalystFactory, ConsentFactory
from tests.wallets.conftest import AT, Shop
from wallets import selectors, services
from wallets.models import RECORD_MODELS
from wallets.services import load_records

OLD, NEW = AT - timedelta(days=200), AT - timedelta(days=20)
BETWEEN = AT - timedelta(days=100)


def payment(payer: Shop, payee: Shop, at: datetime, reference: str) -> dict[str, object]:
    return {
        "business": payer.business.pk, "reference": reference, "direction": "out", "amount_paise": 50_000,
        "kind": "P2P", "status": "success", "vpa": "a@ybl", "counterparty_vpa": "b@ybl",
        "counterparty": payee.business.pk, "occurred_at": micros(at), "received_at": micros(at),
    }  # fmt: skip


@pytest.fixture
def traded(shop: Shop, neighbour: Shop) -> Shop:
    rows = [payment(shop, neighbour, OLD, "612345678901"), payment(shop, neighbour, NEW, "612345678902")]
    load_records(frames={"upi_payments": pl.DataFrame(rows)})
    return shop


@pytest.fixture
def reader(traded: Shop) -> AnalystFactory:
    consent = ConsentFactory(business=traded.business, kinds=list(RECORD_MODELS), data_from=BETWEEN)
    return AnalystFactory(organisation=consent.organisation)


def bound(shop: Shop, **bounds: datetime) -> Consent:
    Consent.objects.filter(pk=shop.consent.pk).update(**bounds)
    shop.consent.refresh_from_db()
    return shop.consent


@pytest.mark.parametrize(
    ("bounds", "read"),
    [
        ({}, [OLD, NEW]),
        ({"data_from": BETWEEN}, [NEW]),
        ({"data_to": BETWEEN}, [OLD]),
        ({"data_from": OLD, "data_to": NEW}, [OLD, NEW]),
        ({"data_from": OLD + timedelta(seconds=1), "data_to": NEW - timedelta(seconds=1)}, []),
        ({"data_to": AT + timedelta(days=900)}, [OLD, NEW]),
    ],
)
def test_a_score_reads_the_range_alone_for_one_for_all_and_from_the_lake(
    traded: Shop, bounds: dict[str, datetime], read: list[datetime], settings: object, tmp_path: object
) -> None:
    settings.LAKE_DIR = tmp_path / "lake"
    consent, whole = bound(traded, **bounds), [micros(at) for at in read]
    one = selectors.evidence(business_id=traded.business.pk, as_of=AT, consent=consent)
    assert sorted(one["upi_payments"]["occurred_at"].to_pylist()) == whole
    everybody = {"as_of": AT, "organisation_id": consent.organisation_id}
    assert sorted(selectors.population_evidence(**everybody)["upi_payments"]["occurred_at"].to_pylist()) == whole
    services.write_lake(as_of=AT)
    assert sorted(selectors.lake_frames(**everybody)["upi_payments"]["occurred_at"].to_pylist()) == whole
    moved = selectors.transfers(since=OLD - timedelta(days=1), until=AT, as_of=AT)
    assert moved["occurred_at"].to_pylist() == whole


def test_what_is_read_under_one_range_leaves_the_neighbour_alone(traded: Shop, neighbour: Shop) -> None:
    rows = [payment(neighbour, traded, OLD, "612345678903")]
    load_records(frames={"upi_payments": pl.DataFrame(rows)})
    bound(traded, data_from=BETWEEN)
    moved = selectors.transfers(since=OLD - timedelta(days=1), until=AT, as_of=AT)
    assert moved["payer"].to_pylist() == [neighbour.business.pk, traded.business.pk]


def test_a_bank_sees_records_charts_and_counts_of_the_range_alone(traded: Shop, reader: AnalystFactory) -> None:
    page = services.look_at_business(business_id=traded.business.uuid, grain="week", by=reader, at=AT)
    (upi,) = (source for source in page.sources if source.kind == "upi_payments")
    assert (upi.freshness.rows, [row.record.reference for row in upi.rows]) == (1, ["612345678902"])
    found = services.look_at_records(gstin=traded.business.gstin, kind="upi_payments", by=reader, at=AT)
    assert [record.reference for record in found.records] == ["612345678902"]
    matched = services.look_at_reconciliation(business=traded.business, by=reader, at=AT)
    assert matched.side("payments").total == 1


def test_an_owner_sees_all_of_their_own(traded: Shop) -> None:
    bound(traded, data_from=BETWEEN)
    found = services.look_at_records(gstin=traded.business.gstin, kind="upi_payments", by=traded.owner, at=AT)
    assert found.records.count() == 2


def test_an_investigator_reads_records_behind_a_finding_of_the_range_alone(
    traded: Shop, reader: AnalystFactory
) -> None:
    rows = [{"kind": "upi_payments", "key": key} for key in ("612345678901", "612345678902")]
    assert [one.key for one in timeline_of(user=reader, business=traded.business, rows=rows, at=AT)] == ["612345678902"]


def test_a_stored_cycle_counts_while_a_side_shares_the_time_of_each_payment(traded: Shop, neighbour: Shop) -> None:
    there = Leg(traded.business.pk, neighbour.business.pk, 1, micros(OLD), "612345678901", "upi")
    back = Leg(neighbour.business.pk, traded.business.pk, 1, micros(NEW), "612345678902", "upi")
    cycle, parties = MoneyCycle((there, back), micros(NEW)), [traded.business.pk, neighbour.business.pk]
    bound(traded, data_from=BETWEEN)
    assert _shared([cycle], parties, AT) == (cycle,)
    bound(neighbour, data_from=BETWEEN)
    assert _shared([cycle], parties, AT) == ()


def moved_for(traded: Shop, **asked: object) -> list[int]:
    window = {"since": OLD - timedelta(days=1), "until": AT, "as_of": AT, "businesses": [traded.business.pk]}
    return selectors.transfers(**window | asked)["occurred_at"].to_pylist()


def test_a_past_moment_is_read_under_the_consents_of_the_moment_asked_for(traded: Shop) -> None:
    later, then = AT + timedelta(days=2), {"until": NEW, "as_of": NEW}
    Consent.objects.filter(pk=traded.consent.pk).update(granted_at=OLD)
    assert moved_for(traded, **then) == [micros(OLD), micros(NEW)]
    Consent.objects.filter(pk=traded.consent.pk).update(status="withdrawn", withdrawn_at=AT)
    assert moved_for(traded, **then, consents_at=later) == []
    assert moved_for(traded, **then) == [micros(OLD), micros(NEW)]
    grant_consent(
        business=traded.business,
        terms=ConsentTerms(organisation=platform(), expires_at=AT + timedelta(days=90), bounds={"data_from": BETWEEN}),
        by=traded.owner,
        at=AT,
    )
    assert moved_for(traded, **then, consents_at=later) == [micros(NEW)]


def test_a_bank_reads_payments_of_the_kinds_and_the_time_of_a_consent_of_its_own(traded: Shop, neighbour: Shop) -> None:
    own = ConsentFactory(business=traded.business, kinds=["bank_entries"])
    bank = own.organisation_id
    assert moved_for(traded, bank=bank) == []
    Consent.objects.filter(pk=own.pk).update(kinds=["upi_payments"])
    assert moved_for(traded, bank=bank) == [micros(OLD), micros(NEW)]
    Consent.objects.filter(pk=own.pk).update(data_from=BETWEEN)
    assert moved_for(traded, bank=bank) == [micros(NEW)]
    Consent.objects.filter(pk=own.pk).update(business=neighbour.business)
    assert moved_for(traded, bank=bank) == [micros(NEW)], "the payee agreed, so the payment touches one who did"
    assert (
        moved_for(traded, bank=ConsentFactory(business=neighbour.business, purpose="monitoring").organisation_id) == []
    )
    Consent.objects.filter(pk=traded.consent.pk).update(kinds=["bank_entries"])
    assert moved_for(traded, bank=bank) == [], "who keeps the record still has to let the platform read it"
