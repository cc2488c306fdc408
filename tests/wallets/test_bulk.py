"""Rows over the API: one result each, stored once, answered the same under the same key."""

import json

import pytest
from rest_framework.test import APIClient

from creditiq.kernel.clock import now
from creditiq.kernel.errors import InvalidInput
from creditiq.kernel.events import capture_events
from tests.factories.accounts import OfficerFactory, OwnerFactory
from tests.wallets.conftest import AT, Shop
from tests.wallets.engine.importers.samples import good_row
from wallets.events import EvidenceRecorded
from wallets.models import BulkAnswer, UpiPayment, Upload
from wallets.services import BulkRows, record_rows

ROW = good_row("upi_payments")


def lines(*rows: object) -> bytes:
    return "\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows).encode()


def send(shop: Shop, content: bytes, key: str = "") -> dict[str, object]:
    rows = BulkRows("upi_payments", content, key)
    return json.loads(record_rows(business=shop.business, rows=rows, by=shop.owner, at=AT))


def states(answer: dict[str, object]) -> list[str]:
    return [result["state"] for result in answer["results"]]


def test_every_row_gets_its_own_result(shop: Shop) -> None:
    bad = {**ROW, "reference": "12"}
    answer = send(shop, lines(ROW, "", bad, "not json", {**ROW, "reference": "7" * 12}))
    assert states(answer) == ["accepted", "rejected", "rejected", "accepted"]
    assert [result["line"] for result in answer["results"]] == [1, 3, 4, 5]
    assert answer["results"][1]["reasons"][0]["rule"] == "upi.reference"
    assert (answer["rows"], answer["accepted"], answer["rejected"]) == (4, 2, 2)


def test_rows_known_already_are_called_duplicates_and_news_is_made_of_new_rows_only(shop: Shop) -> None:
    with capture_events() as events:
        send(shop, lines(ROW))
        assert states(send(shop, lines(ROW, {**ROW, "reference": "8" * 12}))) == ["duplicate", "accepted"]
        assert states(send(shop, lines(ROW))) == ["duplicate"]
    assert [type(event) for event in events] == [EvidenceRecorded, EvidenceRecorded]
    assert UpiPayment.objects.count() == 2


def test_the_same_request_under_a_key_gets_the_first_answer_again(shop: Shop) -> None:
    first = send(shop, lines(ROW), "monday")
    assert send(shop, lines(ROW), "monday") == first
    assert states(first) == ["accepted"]
    assert (BulkAnswer.objects.count(), Upload.objects.count()) == (1, 1)


def test_another_request_under_the_same_key_is_refused(shop: Shop) -> None:
    send(shop, lines(ROW), "monday")
    with pytest.raises(InvalidInput, match="another request") as refused:
        send(shop, lines({**ROW, "reference": "9" * 12}), "monday")
    assert refused.value.rule == "bulk.key_reused"
    assert UpiPayment.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "rule"),
    [(b"\n \n", "file.empty"), (b"", "upload.empty"), (b"{}\n" * 100_001, "file.lines")],
)
def test_a_body_without_rows_or_with_too_many_is_refused_whole(shop: Shop, content: bytes, rule: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        send(shop, content)
    assert refused.value.rule == rule
    assert not Upload.objects.exists()


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("[1]", "json.object"),
        ("[" * 3_000, "json.syntax"),
        ('{"reference": NaN}', "json.syntax"),
        (json.dumps({**ROW, "amount": [1]}), "json.value"),
        (json.dumps({**ROW, "surprise": 1}), "json.members"),
        (json.dumps({**ROW, "amount": 10**40}), "upi.amount"),
        (json.dumps(ROW) + " " * 9_000, "json.long"),
        ('{"reference": "\ud800"}'.encode("utf-8", "surrogatepass").decode("latin-1"), "json.members"),
    ],
)
def test_a_hostile_line_is_refused_alone(shop: Shop, line: str, rule: str) -> None:
    answer = send(shop, lines(line, ROW))
    assert states(answer) == ["rejected", "accepted"]
    assert answer["results"][0]["reasons"][0]["rule"] == rule


def asked(person: object, shop: Shop, kind: str = "upi_payments", **headers: str) -> object:
    client = APIClient()
    client.force_authenticate(person)
    path = f"/api/v1/evidence/{kind}?gstin={shop.business.gstin}"
    return client.generic("POST", path, lines(ROW), content_type="application/x-ndjson", **headers)


def test_the_door_repeats_status_and_body_and_refuses_a_reused_key(shop: Shop) -> None:
    shop.consent.expires_at = now().replace(year=now().year + 1)
    shop.consent.save()
    answers = [asked(shop.owner, shop, HTTP_IDEMPOTENCY_KEY="k") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].content == answers[1].content
    assert asked(shop.owner, shop, "photos").status_code == 422
    assert asked(shop.owner, shop, "gst_returns", HTTP_IDEMPOTENCY_KEY="k").status_code == 422


def test_only_the_owner_sends_rows(shop: Shop) -> None:
    assert asked(OwnerFactory(), shop).status_code == 404
    assert asked(OfficerFactory(), shop).status_code == 403
