"""The same consumer sale in a table and inside a GSTR-1's sum counts once, in any order, and reads of the past hold."""

import json
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

import numpy as np
import pytest
from django.db import connection
from django.test import Client, override_settings

from accounts.models import Business, Consent
from accounts.selectors import platform
from creditiq.kernel.clock import IST, now
from tests.factories.accounts import AnalystFactory, ConsentFactory
from tests.wallets.conftest import Shop
from tests.wallets.engine.importers.samples import csv_of, good_row
from tests.wallets.test_formats import read
from wallets.models import RECORD_MODELS, GstInvoice
from wallets.selectors.consumer_sums import told_sums
from wallets.selectors.frames import known_records
from wallets.selectors.history import history
from wallets.selectors.lake import lake_frames
from wallets.services import write_lake
from wallets.services.settling import settle_every_sum

SUM = "B2CS0926291800O"


@dataclass(frozen=True)
class Sale:
    """A consumer sale, or a note on one (`kind` CDNR)."""

    number: str
    rupees: int
    kind: str = "B2CS"
    day: str = "2026-09-10"
    state: str = "29"
    rate: int = 18


def table(shop: Shop, *sales: Sale) -> bytes:
    rows = [
        good_row(
            "gst_invoices", invoice_number=it.number, invoice_date=it.day, supplier_gstin=shop.business.gstin,
            buyer_gstin="", kind=it.kind, place_of_supply=it.state, rate=str(it.rate),
            taxable_value=str(it.rupees), igst="0", cgst=f"{it.rupees * it.rate / 200:.2f}",
            sgst=f"{it.rupees * it.rate / 200:.2f}",
        )
        for it in sales
    ]  # fmt: skip
    return csv_of("gst_invoices", rows)


def declared(shop: Shop, rupees: int, period: str = "092026", rate: int = 18, **sections: object) -> bytes:
    tax = rupees * rate / 200
    one = {"sply_ty": "INTRA", "typ": "OE", "pos": "29", "rt": rate, "txval": rupees, "camt": tax, "samt": tax}
    return json.dumps({"gstin": shop.business.gstin, "fp": period, "b2cs": [one], **sections}).encode()


def turnover(shop: Shop, at: datetime | None = None) -> int:
    """Consumer sales in rupees as frames of scoring hold them, notes subtracted."""
    as_of = at or now()
    frame = known_records(GstInvoice, [shop.business.pk], as_of)
    rows = history(business_id=shop.business.pk, kinds=["gst_invoices"], as_of=as_of)["gst_invoices"]
    assert sorted(frame["taxable_paise"]) == sorted(rows["taxable_paise"].to_pylist())
    signed = (-paise if kind == "CDNR" else paise for kind, paise in frame.select("kind", "taxable_paise").iter_rows())
    return sum(signed) // 100


@pytest.mark.parametrize("first", ["gstr1", "gst_invoices"])
def test_a_sale_told_singly_and_inside_a_sum_counts_once(shop: Shop, first: str) -> None:
    files = {"gstr1": declared(shop, 5000), "gst_invoices": table(shop, Sale("S/1", 1200), Sale("S/2", 800))}
    read(shop, files.pop(first), first)
    before, told = now(), turnover(shop)
    ((kind, content),) = files.items()
    read(shop, content, kind)
    assert (told, turnover(shop)) == (5000 if first == "gstr1" else 2000, 5000)
    assert turnover(shop, before) == told
    left = GstInvoice.objects.get(invoice_number=SUM, superseded_at=None)
    assert (left.taxable_paise, left.cgst_paise, left.revision) == (300_000, 27_000, 1)


def test_a_sum_that_single_rows_tell_in_full_has_no_row_left(shop: Shop) -> None:
    read(shop, declared(shop, 2000), "gstr1")
    read(shop, table(shop, Sale("S/1", 1200), Sale("S/2", 800)), "gst_invoices")
    assert sorted(known_records(GstInvoice, [shop.business.pk], now())["invoice_number"]) == ["S/1", "S/2"]


def test_more_told_singly_than_declared_is_a_discrepancy_and_no_sale_is_taken_away(shop: Shop) -> None:
    sums = read(shop, declared(shop, 1000), "gstr1")
    singles = read(shop, table(shop, Sale("S/1", 1200)), "gst_invoices")
    assert turnover(shop) == 1200
    for upload in (sums, singles):
        (found,) = told_sums(upload, user=shop.owner, at=now())
        assert (found.month, found.place_of_supply, found.declared, found.told_singly) == ("2026-09", 29, 1000, 1200)
        assert (found.counted, found.excess) == (0, 200)


def test_sums_from_before_there_was_a_settling_are_settled_with_the_lake(shop: Shop, tmp_path: Path) -> None:
    read(shop, declared(shop, 5000), "gstr1")
    read(shop, table(shop, Sale("S/1", 1200)), "gst_invoices")
    with connection.cursor() as cursor:  # as the tables were then: one row a sum, standing
        cursor.execute("DELETE FROM wallets_gstinvoice WHERE revision > 0")
        cursor.execute("UPDATE wallets_gstinvoice SET superseded_at = NULL")
    before, doubled = now(), turnover(shop)
    with override_settings(LAKE_DIR=tmp_path / "lake"):
        write_lake(as_of=now())
    assert (doubled, turnover(shop, before), turnover(shop)) == (6200, 6200, 5000)
    assert settle_every_sum() == 0


def test_a_note_to_a_consumer_is_inside_the_sum_unless_the_return_lists_it(shop: Shop) -> None:
    read(shop, declared(shop, 900), "gstr1")
    read(shop, table(shop, Sale("S/1", 1000), Sale("CN/1", 100, "CDNR")), "gst_invoices")
    assert turnover(shop) == 900
    note = {
        "typ": "B2CL", "ntty": "C", "nt_num": "CN/1", "nt_dt": "10-09-2026", "val": 118, "pos": "29",
        "itms": [{"num": 1, "itm_det": {"rt": 18, "txval": 100, "iamt": 0, "camt": 9, "samt": 9}}],
    }  # fmt: skip
    read(shop, declared(shop, 900, cdnur=[note]), "gstr1")
    assert GstInvoice.objects.filter(invoice_number="CN/1").count() == 1
    assert turnover(shop) == 900  # the sale of 1,000 is more than the 900 declared; the note of 100 stands beside it


def test_large_sales_to_other_states_are_outside_the_sums_and_small_ones_inside(shop: Shop) -> None:
    sums = {"sply_ty": "INTER", "typ": "OE", "pos": "27", "rt": 18, "txval": 3000, "iamt": 540}
    read(shop, json.dumps({"gstin": shop.business.gstin, "fp": "092026", "b2cs": [sums]}).encode(), "gstr1")
    small, large = Sale("S/1", 1000, "B2CL", state="27"), Sale("S/2", 200_000, "B2CL", state="27")
    read(shop, table(shop, small, large), "gst_invoices")
    assert turnover(shop) == 3000 + 200_000


def test_another_rate_or_month_or_a_cancelled_sale_explains_nothing(shop: Shop) -> None:
    read(shop, declared(shop, 5000), "gstr1")
    read(shop, table(shop, Sale("S/1", 100, rate=5), Sale("S/2", 100, day="2026-08-31")), "gst_invoices")
    read(shop, table(shop, Sale("S/3", 100)).replace(b'"no"', b'"yes"'), "gst_invoices")
    left = GstInvoice.objects.get(invoice_number=SUM)
    assert (left.taxable_paise, left.revision, left.superseded_at) == (500_000, 0, None)


def test_a_quarterly_filers_sum_gives_way_to_the_sales_of_three_months(shop: Shop) -> None:
    shop.business.quarterly_filer = True
    shop.business.save()
    read(shop, declared(shop, 5000), "gstr1")
    read(shop, table(shop, Sale("S/1", 1000, day="2026-07-02"), Sale("S/2", 500, day="2026-06-30")), "gst_invoices")
    assert turnover(shop) == 5000 + 500


def test_an_amended_sum_is_reckoned_from_what_the_amendment_says(shop: Shop) -> None:
    read(shop, declared(shop, 5000), "gstr1")
    read(shop, table(shop, Sale("S/1", 1200)), "gst_invoices")
    before = now()
    amended = {
        "omon": "092026",
        "typ": "OE",
        "pos": "29",
        "itms": [{"rt": 18, "txval": 4000, "camt": 360, "samt": 360}],
    }
    content = {"gstin": shop.business.gstin, "fp": "102026", "b2csa": [amended]}
    read(shop, json.dumps(content).encode(), "gstr1")
    assert (turnover(shop, before), turnover(shop)) == (5000, 4000)


def test_the_same_file_in_other_bytes_changes_nothing(shop: Shop) -> None:
    read(shop, declared(shop, 5000), "gstr1")
    read(shop, table(shop, Sale("S/1", 1200)), "gst_invoices")
    rows = list(GstInvoice.objects.order_by("pk").values())
    again = read(shop, declared(shop, 5000) + b"\n", "gstr1")
    assert (again.accepted, again.superseded) == (0, 0)
    assert list(GstInvoice.objects.order_by("pk").values()) == rows


@pytest.mark.parametrize("seed", range(6))
def test_in_any_order_the_sales_come_to_the_larger_of_both_and_no_past_read_changes(shop: Shop, seed: int) -> None:
    chance = np.random.default_rng(seed)
    sums = {rate: int(chance.integers(0, 40)) * 100 for rate in (5, 18)}
    sales = [
        Sale(f"S/{number}", int(chance.integers(1, 9)) * 100, "CDNR" if chance.random() < 0.2 else "B2CS",
             rate=int(chance.choice((5, 18))))
        for number in range(int(chance.integers(1, 12)))
    ]  # fmt: skip
    files = [("gst_invoices", table(shop, *sales[start : start + 3])) for start in range(0, len(sales), 3)]
    files += [("gstr1", declared(shop, rupees, rate=rate)) for rate, rupees in sums.items()]
    seen = []
    for place in chance.permutation(len(files)):
        read(shop, files[place][1], files[place][0])
        seen.append((now(), turnover(shop)))
    told = {
        rate: sum(-it.rupees if it.kind == "CDNR" else it.rupees for it in sales if it.rate == rate) for rate in sums
    }
    assert seen[-1][1] == sum(max(rupees, told[rate]) for rate, rupees in sums.items())
    assert [turnover(shop, at) for at, _ in seen] == [was for _, was in seen]


def test_the_lake_answers_the_same_after_a_sum_gave_way(shop: Shop, tmp_path: Path) -> None:
    with override_settings(LAKE_DIR=tmp_path):
        read(shop, declared(shop, 5000), "gstr1")
        before = now()
        write_lake(as_of=before)
        read(shop, table(shop, Sale("S/1", 5000)), "gst_invoices")
        write_lake(as_of=now())
        for moment, number in ((before, SUM), (now(), "S/1")):
            frames = lake_frames(as_of=moment, organisation_id=platform().pk)
            assert frames["gst_invoices"]["invoice_number"].to_pylist() == [number]


def test_the_page_and_the_api_show_what_a_sum_and_single_sales_told(shop: Shop, client: Client) -> None:
    upload = read(shop, declared(shop, 1000), "gstr1")
    read(shop, table(shop, Sale("S/1", 1200)), "gst_invoices")
    client.force_login(shop.owner)
    page = client.get(f"/owner/evidence/{upload.uuid}").content.decode()
    assert "Consumer sales told as a sum and one by one" in page
    assert "₹ 200" in page
    body = client.get(f"/api/v1/evidence/uploads/{upload.uuid}").json()
    assert body["consumer_sums"] == [
        {
            "month": "2026-09", "place_of_supply": 29, "rate": "18", "declared": "1000.00", "told_singly": "1200.00",
            "counted": "0.00", "excess": "200.00",
        }
    ]  # fmt: skip


def test_a_file_without_consumer_sales_shows_no_sums(shop: Shop) -> None:
    upload = read(shop, table(shop, Sale("S/1", 1200)), "gst_invoices")
    assert told_sums(upload, user=shop.owner, at=now()) == ()


def test_a_bank_reads_a_sum_only_where_all_its_months_are_shared(shop: Shop) -> None:
    Business.register.filter(pk=shop.business.pk).update(quarterly_filer=True)
    upload = read(shop, declared(shop, 1000), "gstr1")
    read(shop, table(shop, Sale("S/1", 200, day="2026-07-10")), "gst_invoices")
    consent = ConsentFactory(business=shop.business, kinds=list(RECORD_MODELS))
    bank = AnalystFactory(organisation=consent.organisation)
    for begins, shown in (("2026-07-01", 1), ("2026-08-01", 0)):
        begun = datetime.combine(date.fromisoformat(begins), time.min, IST)
        Consent.objects.filter(pk=consent.pk).update(data_from=begun)
        assert len(told_sums(upload, user=bank, at=now())) == shown
