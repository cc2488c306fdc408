"""A deliberately dirty file of 100,000 lines: every bad line is named with its reason, every good one is stored."""

from collections.abc import Iterator

import pytest

from tests.wallets.conftest import AT, Shop
from wallets.models import Rejection, UpiPayment, Upload, UploadState
from wallets.services import IncomingFile, parse_upload, receive_upload

LINES = 100_000
EVERY = 41
HEADER = "reference,occurred_at,direction,amount,kind,status,vpa,counterparty_vpa"
GOOD = {
    "occurred_at": "2026-10-01T11:25:00+05:30", "direction": "in", "amount": "1250.00", "kind": "P2M",
    "status": "success", "vpa": "shop@okaxis", "counterparty_vpa": "asha@ybl",
}  # fmt: skip
DIRT: tuple[tuple[dict[str, str], str, str], ...] = (
    ({"reference": "12345"}, "reference", "upi.reference"),
    ({"reference": "٦١٢٣٤٥٦٧٨٩٠١"}, "reference", "upi.reference"),
    ({"reference": "600000000000"}, "reference", "upi.repeated"),
    ({"occurred_at": "yesterday"}, "occurred_at", "upi.time"),
    ({"occurred_at": "2026-13-40T11:25:00"}, "occurred_at", "upi.time"),
    ({"occurred_at": "2031-01-01T00:00:00Z"}, "occurred_at", "upi.time_future"),
    ({"occurred_at": "1900-01-01T00:00:00Z"}, "occurred_at", "upi.time_past"),
    ({"direction": "sideways"}, "direction", "upi.direction"),
    ({"amount": "NaN"}, "amount", "upi.amount"),
    ({"amount": "-5.00"}, "amount", "upi.amount"),
    ({"amount": "0"}, "amount", "upi.amount"),
    ({"amount": "1.005"}, "amount", "upi.amount"),
    ({"amount": "9999999999999999999"}, "amount", "upi.amount"),
    ({"amount": "1e6"}, "amount", "upi.amount"),
    ({"amount": '"=1+1"'}, "amount", "upi.amount"),
    ({"kind": "B2B"}, "kind", "upi.kind"),
    ({"status": ""}, "status", "upi.status"),
    ({"vpa": "no address"}, "vpa", "vpa.pattern"),
    ({"counterparty_vpa": "shop@okaxis"}, "counterparty_vpa", "upi.self"),
    ({"counterparty_vpa": "asha@ybl,one value more"}, "", "csv.columns"),
)
"""What is changed in a line, and the field and rule that must be reported for it."""


def dirt_on(line: int) -> int | None:
    """Which dirt lies on a line; the first of them comes after the header and the first good line."""
    return (line // EVERY) % len(DIRT) if line % EVERY == 0 else None


def lines() -> Iterator[str]:
    """The file; a bad line keeps its number as its reference unless the reference is what is wrong with it."""
    yield HEADER
    for line in range(2, LINES + 2):
        dirt = dirt_on(line)
        changed = {} if dirt is None else DIRT[dirt][0]
        yield ",".join(({"reference": str(600_000_000_000 + line - 2)} | GOOD | changed).values())


EXPECTED = [(line, *DIRT[dirt][1:]) for line in range(2, LINES + 2) if (dirt := dirt_on(line)) is not None]


def sent(shop: Shop, mode: str) -> Upload:
    content = "\r\n".join(lines()).encode("utf-8-sig")
    file = IncomingFile("dirty.csv", content, "upi_payments", mode)
    taken = receive_upload(business=shop.business, file=file, by=shop.owner, at=AT)
    return parse_upload(upload_id=taken.pk, at=AT)


def reported() -> list[tuple[int, str, str]]:
    return list(Rejection.objects.order_by("line", "pk").values_list("line", "field", "rule"))


def test_every_bad_line_is_named_with_its_reason_and_every_good_one_is_stored(shop: Shop) -> None:
    upload = sent(shop, "valid_lines")
    assert (upload.state, upload.rows, upload.rejected) == (UploadState.PARSED, LINES, len(EXPECTED))
    assert reported() == EXPECTED
    bad = {line for line, _, _ in EXPECTED}
    stored = set(UpiPayment.objects.filter(business=shop.business).values_list("reference", flat=True))
    assert stored == {str(600_000_000_000 + line - 2) for line in range(2, LINES + 2) if line not in bad}
    assert (upload.accepted, upload.duplicates) == (len(stored), 0)


@pytest.mark.parametrize("again", [False, True])
def test_all_or_nothing_stores_nothing_of_it_and_reports_the_same(shop: Shop, again: bool) -> None:
    upload = sent(shop, "all_or_nothing")
    if again:
        upload = sent(shop, "all_or_nothing")
    assert (upload.state, upload.accepted, upload.rejected) == (UploadState.REFUSED, 0, len(EXPECTED))
    assert not UpiPayment.objects.exists()
    assert reported() == EXPECTED
