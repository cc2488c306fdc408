"""One invoice told by two files is one row with both sources; a GSTR-1 is also a return; Part B is told anew."""

from datetime import timedelta

from tests.wallets.conftest import AT, Shop
from tests.wallets.engine.importers.samples import bill, bulk, csv_of, good_row
from tests.wallets.test_formats import gstr1, read
from wallets.models import EwayBill, GstInvoice, GstReturn, InvoiceSource
from wallets.selectors.frames import known_records
from wallets.selectors.history import history

OTHER = "29AAACG0569P1Z3"


def as_table(shop: Shop, **changes: str) -> bytes:
    """The invoice of `gstr1` as a row of a table."""
    row = good_row(
        "gst_invoices", invoice_number="A/1", invoice_date="2026-09-10", supplier_gstin=shop.business.gstin,
        buyer_gstin=OTHER, place_of_supply="29", taxable_value="1000", igst="0", cgst="90", sgst="90", **changes,
    )  # fmt: skip
    return csv_of("gst_invoices", [row])


def filed(content: bytes, day: str = "09-10-2026") -> bytes:
    return content.replace(b'"fp":"092026"', b'"fp":"092026","fil_dt":"' + day.encode() + b'"')


def test_the_same_invoice_from_a_table_and_a_gstr1_is_one_row_with_both_sources(shop: Shop) -> None:
    first, second = read(shop, as_table(shop), "gst_invoices"), read(shop, gstr1(shop, "A/1"), "gstr1")
    invoice, source = GstInvoice.objects.get(), InvoiceSource.objects.get()
    assert (invoice.upload_id, source.invoice, source.upload_id) == (first.pk, invoice.id, second.pk)
    assert (source.differences, second.duplicates) == ({}, 1)


def test_values_that_differ_are_kept_as_a_discrepancy_and_the_first_telling_stands(shop: Shop) -> None:
    read(shop, gstr1(shop, "A/1"), "gstr1")
    told = as_table(shop, hsn="7210", cess="5.50", reverse_charge="yes")
    read(shop, told.replace(b'"1000"', b'"1200"').replace(b"2026-09-10", b"2026-09-12"), "gst_invoices")
    assert GstInvoice.objects.get().taxable_paise == 100_000
    assert InvoiceSource.objects.get().differences == {
        "taxable_paise": 120_000, "cess_paise": 550, "reverse_charge": True, "occurred_at": "2026-09-12",
    }  # fmt: skip


def test_the_same_format_again_is_a_source_only_where_it_tells_something_else(shop: Shop) -> None:
    read(shop, as_table(shop), "gst_invoices")
    read(shop, as_table(shop) + b"\n\n", "gst_invoices")
    assert not InvoiceSource.objects.exists()
    read(shop, as_table(shop).replace(b'"1000"', b'"1001"'), "gst_invoices")
    assert InvoiceSource.objects.get().differences == {"taxable_paise": 100_100}


def test_an_amendment_is_no_second_source(shop: Shop) -> None:
    read(shop, as_table(shop), "gst_invoices")
    upload = read(shop, gstr1(shop, "A/1", oinum="A/1", oidt="10-09-2026"), "gstr1")
    assert (upload.superseded, InvoiceSource.objects.count()) == (1, 0)


def test_a_gstr1_that_names_its_filing_date_is_a_filed_return_too(shop: Shop) -> None:
    upload = read(shop, filed(gstr1(shop, "A/1")), "gstr1")
    made = GstReturn.objects.get()
    assert (made.return_type, made.status, made.turnover_paise) == ("GSTR1", "filed", 100_000)
    assert (made.upload_id, upload.accepted, upload.note) == (upload.pk, 1, "")


def test_a_gstr1_without_a_filing_date_gives_the_figures_only_and_undoes_no_filing(shop: Shop) -> None:
    upload = read(shop, gstr1(shop, "A/1"), "gstr1")
    assert (GstReturn.objects.get().status, "does not say when" in upload.note) == ("unknown", True)
    read(shop, filed(gstr1(shop, "A/1")), "gstr1")
    standing = GstReturn.objects.get(superseded_at=None)
    assert (standing.status, standing.version) == ("filed", 1)
    read(shop, gstr1(shop, "A/2"), "gstr1")
    assert GstReturn.objects.get(superseded_at=None).pk == standing.pk


def test_returns_of_unknown_filing_are_in_no_frame(shop: Shop) -> None:
    read(shop, gstr1(shop, "A/1"), "gstr1")
    later = AT + timedelta(days=1)
    assert known_records(GstReturn, [shop.business.pk], later).is_empty()
    assert history(business_id=shop.business.pk, kinds=["gst_returns"], as_of=later)["gst_returns"].num_rows == 0


def test_without_consent_for_returns_the_return_is_not_stored_and_that_is_said(shop: Shop) -> None:
    shop.consent.kinds = ["gst_invoices"]
    shop.consent.save(update_fields=["kinds"])
    upload = read(shop, filed(gstr1(shop, "A/1")), "gstr1")
    assert (upload.accepted, GstReturn.objects.count()) == (1, 0)
    assert "do not share GST returns" in upload.note


def own_bill(shop: Shop, **changes: object) -> bytes:
    own = {"userGstin": shop.business.gstin, "fromGstin": shop.business.gstin, "docDate": "14/06/2026"}
    return bulk(bill(**{**own, "ewayBillNo": 331000000001, "fromTrdName": "A\u0000B\ud800", **changes}))


def test_a_bill_keeps_what_the_official_file_says_of_it(shop: Shop) -> None:
    read(shop, own_bill(shop, transporterId=OTHER), "eway_bills")
    made = EwayBill.objects.get()
    assert (made.supply_type, made.sub_supply_type, made.transaction_type, made.part_b) == ("O", 1, 1, "complete")
    assert (made.transporter, str(made.document_date)) == (OTHER, "2026-06-14")
    assert made.details["itemList"][0]["hsnCode"] == "7208"
    assert made.details["igstValue"] == 18000


def test_another_vehicle_is_a_new_version_and_the_old_one_stays_known_for_the_past(shop: Shop) -> None:
    waiting = own_bill(shop, vehicleNo="", transporterId=OTHER)
    read(shop, waiting, "eway_bills")
    assert EwayBill.objects.get().part_b == "waiting"
    told = read(shop, own_bill(shop), "eway_bills")
    moved = read(shop, own_bill(shop, vehicleNo="MH12CD5678"), "eway_bills")
    assert (told.superseded, moved.superseded) == (1, 1)
    assert EwayBill.objects.get(superseded_at=None).vehicle == "MH12CD5678"
    again = read(shop, own_bill(shop, toPlace="Bengaluru East"), "eway_bills")
    assert (again.accepted, again.duplicates, EwayBill.objects.count()) == (0, 1, 3)
