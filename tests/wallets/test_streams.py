"""Streams: what is published arrives once, whoever dies on the way, and what cannot be stored is never lost."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import polars as pl
import pytest
from django.core.management import CommandError, call_command

from accounts.models import AuditEntry
from accounts.selectors import platform
from accounts.services import ConsentTerms, grant_consent, grant_consents, register_businesses, withdraw_consent
from creditiq.kernel import health
from creditiq.kernel.clock import micros
from creditiq.kernel.events import capture_events
from tests.wallets.conftest import AT, Shop
from tests.wallets.engine.importers.samples import good_row
from wallets.engine.feeds import Feed
from wallets.events import EvidenceRecorded
from wallets.models import EwayBill, GstInvoice, UpiPayment, Upload
from wallets.services import (
    Consumed,
    Pace,
    UnableToPublish,
    consume_streams,
    dead_letters,
    publish_evidence,
    replay_dead_letters,
    streams,
)
from wallets.services.publishing import CURSORS
from wallets.services.streams import DEAD, KIND_OF, take_new, valkey

PACE = Pace(batch=100, wait_ms=1, idle_ms=0)
PAYMENTS = "stream:upi_transactions"
ROW = good_row("upi_payments")


@pytest.fixture(autouse=True)
def empty_streams(services: object) -> Iterator[None]:
    """The group is open and nothing is on the way, before and after."""
    valkey().delete(*KIND_OF, DEAD, CURSORS)
    streams.open_group()
    yield
    valkey().delete(*KIND_OF, DEAD, CURSORS)


def sent(shop: Shop, *rows: object) -> None:
    for row in rows:
        valkey().xadd(PAYMENTS, {"gstin": shop.business.gstin, "row": row if isinstance(row, str) else json.dumps(row)})


def payment(number: int, **changes: str) -> dict[str, str]:
    return ROW | {"reference": f"{number:012d}"} | changes


def consume(pace: Pace = PACE) -> Consumed:
    return consume_streams(consumer="one", pace=pace, at=AT)


def counts() -> tuple[int, int, int]:
    reading = health.readings()["streams"]
    return reading["lag"], reading["pending"], reading["dead"]


def test_rows_of_several_businesses_are_stored_with_their_provenance(shop: Shop, neighbour: Shop) -> None:
    sent(shop, payment(1), payment(2))
    sent(neighbour, payment(3))
    assert counts() == (3, 0, 0)
    with capture_events() as events:
        done = consume()
    assert (done.stored, done.duplicates, done.dead) == (3, 0, 0)
    assert counts() == (0, 0, 0)
    assert {event.business_id for event in events} == {shop.business.pk, neighbour.business.pk}
    assert {type(event) for event in events} == {EvidenceRecorded}
    upload = Upload.objects.get(business=shop.business)
    assert (upload.consent, upload.rows, upload.accepted) == (shop.consent, 2, 2)
    assert set(UpiPayment.objects.filter(business=shop.business).values_list("upload_id", flat=True)) == {upload.pk}


def test_what_is_known_already_changes_nothing_within_a_batch_and_across(shop: Shop) -> None:
    sent(shop, payment(1), payment(1))
    assert (consume().stored, UpiPayment.objects.count()) == (1, 1)
    sent(shop, payment(1))
    with capture_events() as events:
        assert consume().duplicates == 1
    assert events == []
    assert UpiPayment.objects.count() == 1


def test_settled_entries_leave_the_stream_and_pending_ones_stay(shop: Shop) -> None:
    sent(shop, payment(1), payment(2))
    consume()
    assert valkey().xlen(PAYMENTS) == 1
    sent(shop, payment(3), payment(4))
    take_new("dies", most=1, wait_ms=1)
    consume(Pace(batch=100, wait_ms=1, idle_ms=60_000))
    assert UpiPayment.objects.count() == 3
    assert valkey().xlen(PAYMENTS) == 2
    assert counts() == (0, 1, 0)


def test_another_consumer_takes_over_what_a_dead_one_left(shop: Shop) -> None:
    sent(shop, payment(1), payment(2), payment(3))
    assert len(take_new("dies", most=2, wait_ms=1)) == 2
    assert consume(Pace(batch=100, wait_ms=1, idle_ms=60_000)).stored == 1
    done = consume()
    assert (done.taken_over, done.stored) == (2, 2)
    assert UpiPayment.objects.count() == 3
    assert counts() == (0, 0, 0)


def test_a_row_that_kills_every_reader_is_buried_without_its_neighbours(shop: Shop) -> None:
    sent(shop, payment(1), payment(2))
    take_new("dies", most=2, wait_ms=1)
    for number in range(5):
        assert streams.take_over(f"dies {number}", idle_ms=0) is not None
    done = consume()
    assert (done.stored, done.dead) == (1, 1)
    (letter,) = dead_letters(most=10)
    assert (letter.rule, letter.deliveries) == ("stream.worn_out", 7)
    assert UpiPayment.objects.get().reference == f"{2:012d}"


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        (payment(1, amount="-5"), "upi.amount"),
        ("not json", "json.syntax"),
        ({"reference": "1"}, "json.members"),
        (payment(1, vpa="a\u0000b@okaxis"), "vpa.pattern"),
    ],
)
def test_a_bad_row_lands_in_the_dead_letters_with_the_reason_and_blocks_nobody(
    shop: Shop, row: object, rule: str
) -> None:
    sent(shop, row, payment(2))
    done = consume()
    assert (done.stored, done.dead) == (1, 1)
    (letter,) = dead_letters(most=10)
    assert (letter.stream, letter.gstin, letter.rule) == (PAYMENTS, shop.business.gstin, rule)
    assert letter.reason
    assert counts() == (0, 0, 1)


def test_entries_of_nobody_and_without_fields_are_buried(shop: Shop) -> None:
    valkey().xadd(PAYMENTS, {"gstin": "27AAPFU0939F1ZV", "row": json.dumps(ROW)})
    valkey().xadd(PAYMENTS, {"surprise": b"\xff\x00"})
    assert consume().dead == 2
    assert [letter.rule for letter in dead_letters(most=10)] == ["stream.business", "stream.fields"]


def test_without_consent_nothing_is_stored_and_after_it_the_letters_are_replayed(shop: Shop) -> None:
    withdraw_consent(consent_id=shop.consent.uuid, by=shop.owner, at=AT)
    sent(shop, payment(1), payment(2))
    assert consume().dead == 2
    assert not Upload.objects.exists()
    assert {letter.rule for letter in dead_letters(most=10)} == {"upload.consent"}
    terms = ConsentTerms(organisation=platform(), expires_at=AT + timedelta(days=30))
    grant_consent(business=shop.business, terms=terms, by=shop.owner, at=AT)
    first = dead_letters(most=1)[0]
    assert replay_dead_letters(at=AT, only=[first.id]) == 1
    assert (consume().stored, counts()) == (1, (0, 0, 1))
    assert replay_dead_letters(at=AT) == 1
    assert (consume().stored, counts()) == (1, (0, 0, 0))
    assert AuditEntry.objects.filter(action="evidence.replayed").count() == 2


@pytest.fixture
def world(db: None, tmp_path: Path) -> Path:
    """A small simulated economy whose businesses are registered here and consent."""
    options = {"businesses": 20, "months": 3, "seed": 5, "out": tmp_path, "end": date(2026, 10, 31)}
    call_command("simulate", **options, stdout=StringIO())
    rows = pl.read_parquet(tmp_path / "businesses.parquet").to_dicts()
    owners = register_businesses(rows=rows, at=AT)
    terms = ConsentTerms(organisation=platform(), expires_at=AT + timedelta(days=365))
    grant_consents(business_ids=[owner.pk for owner in owners], terms=terms, at=AT)
    return tmp_path


def published(folder: Path) -> dict[str, int]:
    return publish_evidence(folder=folder, tell=lambda *_: None)


def drained() -> Consumed:
    total = Consumed()
    while (done := consume(Pace(batch=1_000, wait_ms=1, idle_ms=0))).entries:
        total.add(done)
    return total


def test_a_published_world_is_in_the_tables_to_the_last_paisa(world: Path) -> None:
    frames = {kind: pl.read_parquet(world / f"{kind}.parquet") for kind in KIND_OF.values()}
    assert published(world) == {stream: frames[kind].height for stream, kind in KIND_OF.items()}
    done = drained()
    assert (done.dead, done.duplicates) == (0, 0)
    assert done.stored == sum(frame.height for frame in frames.values())
    columns = ("taxable_paise", "igst_paise", "cgst_paise", "sgst_paise", "invoice_number", "direction", "kind")
    stored = sorted(GstInvoice.objects.values_list(*columns))
    assert stored == sorted(frames["gst_invoices"].select(columns).iter_rows())
    times = sorted(micros(at) for at in UpiPayment.objects.values_list("occurred_at", flat=True))
    assert times == sorted(frames["upi_payments"]["occurred_at"])
    assert EwayBill.objects.count() == frames["eway_bills"].height


def test_an_interrupted_publisher_goes_on_where_it_was(world: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wallets.services.publishing.AT_ONCE", 100)
    told = []

    def cut_off(feed: Feed, done: int, _total: int) -> None:
        told.append(feed.kind)
        if done == 200:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        publish_evidence(folder=world, tell=cut_off)
    height = pl.read_parquet(world / "gst_invoices.parquet").height
    assert valkey().xlen("stream:gst_invoices") == 200
    assert published(world)["stream:gst_invoices"] == height - 200
    assert published(world) == dict.fromkeys(KIND_OF, 0)
    assert valkey().xlen("stream:gst_invoices") == height
    assert publish_evidence(folder=world, tell=lambda *_: None, again=True)["stream:gst_invoices"] == height
    done = drained()
    assert done.stored * 2 == done.entries
    assert done.dead == 0


def test_real_rows_come_as_csv_with_a_gstin_in_front(shop: Shop, tmp_path: Path) -> None:
    rows = [{"gstin": shop.business.gstin, **payment(number)} for number in range(3)]
    pl.DataFrame(rows).write_csv(tmp_path / "upi_payments.csv")
    assert published(tmp_path)[PAYMENTS] == 3
    assert consume().stored == 3


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("other.csv", "a,b", "There is none of"),
        ("upi_payments.csv", "a,b\n1,2\n", "no column gstin"),
        ("upi_payments.parquet", "PAR1", "cannot be read"),
    ],
)
def test_a_folder_that_is_not_evidence_is_refused(
    services: object, tmp_path: Path, name: str, content: str, said: str
) -> None:
    (tmp_path / name).write_text(content)
    with pytest.raises(UnableToPublish, match=said):
        published(tmp_path)


def spoken(*words: str) -> str:
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def test_the_commands_publish_consume_and_show_what_died(world: Path) -> None:
    added = json.loads(spoken("publish_evidence", str(world), "--json").splitlines()[-1])
    assert set(added) == set(KIND_OF)
    valkey().xadd(PAYMENTS, {"gstin": "nobody", "row": "{}"})
    assert "1 dead letters" in spoken("consume_evidence", "--drain")
    shown = json.loads(spoken("dead_letters", "--json"))
    assert (shown["dead"], shown["replayed"], shown["letters"][0]["rule"]) == (1, 0, "stream.business")
    assert "1 replayed, 0 dead letters" in spoken("dead_letters", "--replay")
    assert "0 rows" in spoken("publish_evidence", str(world))
    with pytest.raises(CommandError, match="There is none of"):
        spoken("publish_evidence", str(world / "nowhere"))
