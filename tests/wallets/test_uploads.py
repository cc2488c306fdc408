"""A file of evidence is taken in once, read once, and never half-written."""

from dataclasses import replace
from datetime import timedelta

import pytest

from accounts.models import AuditEntry
from accounts.services import withdraw_consent
from creditiq.kernel.errors import Forbidden, InvalidInput, NotVisible
from creditiq.kernel.events import capture_events
from tests.wallets.conftest import AT, Shop
from wallets import selectors
from wallets.engine.importers.upi_csv import TEMPLATE
from wallets.events import EvidenceReceived, EvidenceRecorded, UploadRefused
from wallets.models import UpiPayment, Upload, UploadState
from wallets.services import IncomingFile, parse_upload, receive_upload
from wallets.services.uploads import UnableToReceive

FILE = IncomingFile("payments.csv", TEMPLATE.encode(), "upi_payments", "all_or_nothing")
DIRTY = replace(FILE, content=TEMPLATE.encode() + b"12,x\n")


def take_in(shop: Shop, file: IncomingFile = FILE) -> Upload:
    return receive_upload(business=shop.business, file=file, by=shop.owner, at=AT)


def test_a_good_file_becomes_records_and_news(shop: Shop, neighbour: Shop) -> None:
    with capture_events() as events:
        upload = parse_upload(upload_id=take_in(shop).pk, at=AT)
    assert (upload.state, upload.rows, upload.accepted, upload.rejected) == (UploadState.PARSED, 2, 2, 0)
    assert [type(event) for event in events] == [EvidenceReceived, EvidenceRecorded]
    paid = UpiPayment.objects.get(direction="out")
    assert (paid.amount_paise, paid.counterparty) == (840_050, neighbour.business.pk)
    assert paid.upload_id == upload.pk


def test_the_same_file_twice_is_one_upload(shop: Shop) -> None:
    first, second = take_in(shop), take_in(shop)
    assert first == second
    assert AuditEntry.objects.filter(action="evidence.received").count() == 1


def test_reading_an_upload_twice_changes_nothing(shop: Shop) -> None:
    upload = take_in(shop)
    parse_upload(upload_id=upload.pk, at=AT)
    with capture_events() as events:
        parse_upload(upload_id=upload.pk, at=AT)
    assert (events, UpiPayment.objects.count()) == ([], 2)


def test_rows_known_already_are_counted_and_not_doubled(shop: Shop) -> None:
    parse_upload(upload_id=take_in(shop).pk, at=AT)
    again = replace(FILE, content=TEMPLATE.encode() + b"\n")
    upload = parse_upload(upload_id=take_in(shop, again).pk, at=AT)
    assert (upload.accepted, upload.duplicates, UpiPayment.objects.count()) == (0, 2, 2)


def test_all_or_nothing_writes_nothing_when_one_line_is_bad(shop: Shop) -> None:
    with capture_events() as events:
        upload = parse_upload(upload_id=take_in(shop, DIRTY).pk, at=AT)
    assert (upload.state, upload.accepted, UpiPayment.objects.count()) == (UploadState.REFUSED, 0, 0)
    assert isinstance(events[-1], UploadRefused)
    (refusal,) = selectors.refusals(upload)
    assert (refusal.line, refusal.rule) == (4, "csv.columns")


def test_valid_lines_are_taken_and_the_rest_is_reported(shop: Shop) -> None:
    upload = parse_upload(upload_id=take_in(shop, replace(DIRTY, mode="valid_lines")).pk, at=AT)
    assert (upload.state, upload.rows, upload.accepted, upload.rejected) == (UploadState.PARSED, 3, 2, 1)


def test_evidence_without_a_live_consent_is_not_taken(shop: Shop) -> None:
    withdraw_consent(consent_id=shop.consent.uuid, by=shop.owner, at=AT)
    with pytest.raises(UnableToReceive, match="no live consent"):
        take_in(shop)


def test_somebody_else_cannot_add_evidence(shop: Shop, neighbour: Shop) -> None:
    with pytest.raises((NotVisible, Forbidden)):
        receive_upload(business=shop.business, file=FILE, by=neighbour.owner, at=AT)
    assert not Upload.objects.exists()


@pytest.mark.parametrize(
    ("change", "field"), [({"kind": "photos"}, "kind"), ({"mode": "some"}, "mode"), ({"content": b""}, "file")]
)
def test_a_wrong_request_names_the_field(shop: Shop, change: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        take_in(shop, replace(FILE, **change))
    assert refused.value.field == field


def test_a_score_as_of_an_earlier_moment_does_not_see_what_was_learned_later(shop: Shop) -> None:
    parse_upload(upload_id=take_in(shop).pk, at=AT)
    received = UpiPayment.objects.values_list("received_at", flat=True).first()
    assert received is not None
    before, after = (
        selectors.evidence(business_id=shop.business.pk, as_of=moment, consent=shop.consent)["upi_payments"].num_rows
        for moment in (received - timedelta(microseconds=1), received)
    )
    assert (before, after) == (0, 2)
