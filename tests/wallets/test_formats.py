"""Every format of evidence becomes records of its kind, under the same rules as the first one."""

from dataclasses import replace
from datetime import timedelta

import pytest

from accounts.models import AuditEntry
from creditiq.kernel.errors import NotVisible
from creditiq.kernel.events import capture_events
from tests.wallets.conftest import AT, Shop
from tests.wallets.engine.importers.samples import csv_of, good_row, parquet_of, xlsx_of
from tests.wallets.engine.importers.test_source_system import SAMPLES, file_of
from wallets import selectors
from wallets.engine.importers.catalogue import TABLES
from wallets.events import EvidenceReceived, UploadCancelled
from wallets.models import RECORD_MODELS, BankEntry, GstInvoice, GstReturn, Rejection, UpiPayment, Upload, UploadState
from wallets.selectors.frames import known_records
from wallets.services import IncomingFile, UnableToCancel, cancel_upload, parse_upload, receive_upload

OTHER = "29AAACG0569P1Z3"


def read(shop: Shop, content: bytes, kind: str, mode: str = "valid_lines") -> Upload:
    file = IncomingFile("file", content, kind, mode)
    taken = receive_upload(business=shop.business, file=file, by=shop.owner, at=AT)
    return parse_upload(upload_id=taken.pk, at=AT)


OWN_COLUMN = {"gst_invoices": "supplier_gstin", "eway_bills": "from_gstin"}


def row_of(shop: Shop, kind: str) -> dict[str, str]:
    own = {OWN_COLUMN[kind]: shop.business.gstin} if kind in OWN_COLUMN else {}
    return {**good_row(kind), **own}


@pytest.mark.parametrize("form", [csv_of, xlsx_of, parquet_of])
@pytest.mark.parametrize("kind", TABLES)
def test_a_table_of_any_kind_in_any_form_becomes_records(shop: Shop, kind: str, form: object) -> None:
    upload = read(shop, form(kind, [row_of(shop, kind)]), kind)
    assert (upload.state, upload.kind, upload.accepted, upload.rejected) == (UploadState.PARSED, kind, 1, 0)
    (record,) = RECORD_MODELS[kind]._default_manager.filter(business=shop.business)
    assert record.upload_id == upload.pk


def gstr1(shop: Shop, number: str, **amended: str) -> bytes:
    """A GSTR-1 with one invoice, or with the amendment of one."""
    item = '{"num":1,"itm_det":{"rt":18,"txval":1000.00,"camt":90,"samt":90,"iamt":0,"csamt":0}}'
    more = "".join(f',"{name}":"{value}"' for name, value in amended.items())
    invoice = f'{{"inum":"{number}","idt":"10-09-2026","val":1180,"pos":"29","rchrg":"N","inv_typ":"R"{more},'
    section = "b2ba" if amended else "b2b"
    return (
        f'{{"gstin":"{shop.business.gstin}","fp":"092026","{section}":'
        f'[{{"ctin":"{OTHER}","inv":[{invoice}"itms":[{item}]}}]}}]}}'
    ).encode()


def test_the_invoices_of_a_gstr1_are_stored_with_the_format_they_came_in(shop: Shop) -> None:
    upload = read(shop, gstr1(shop, "A/1"), "gstr1", "all_or_nothing")
    assert (upload.format, upload.kind, upload.accepted) == ("gstr1", "gst_invoices", 1)
    assert GstInvoice.objects.get().taxable_paise == 100_000


def test_an_amendment_keeps_the_number_of_what_it_amends(shop: Shop) -> None:
    read(shop, gstr1(shop, "A/2", oinum="A/1", oidt="10-08-2026"), "gstr1")
    assert (GstInvoice.objects.get().amended_from, GstInvoice.objects.get().amended_from_year) == ("A/1", 2026)


def test_a_return_without_a_filing_date_is_kept_and_called_neither_filed_nor_unfiled(shop: Shop) -> None:
    content = (
        f'{{"gstin":"{shop.business.gstin}","ret_period":"092026","sup_details":{{"osup_det":{{"txval":1000,'
        '"iamt":0,"camt":90,"samt":90,"csamt":0}}}'
    ).encode()
    upload = read(shop, content, "gstr3b")
    assert (upload.state, upload.accepted, upload.rejected) == (UploadState.PARSED, 1, 0)
    assert "does not say when" in upload.note
    kept = GstReturn.objects.get()
    assert (kept.status, kept.turnover_paise, kept.filed_at) == ("unknown", 100_000, None)
    assert known_records(GstReturn, [shop.business.pk], AT + timedelta(days=1)).is_empty()


def test_the_pointer_of_a_refusal_is_kept(shop: Shop) -> None:
    read(shop, gstr1(shop, "not a number!"), "gstr1")
    (refusal,) = Rejection.objects.all()
    assert (refusal.pointer, refusal.rule) == ("/b2b/0/inv/0", "invoice.number")


def test_who_a_bank_entry_went_to_is_read_from_the_upi_address_in_its_text(shop: Shop, neighbour: Shop) -> None:
    row = {**good_row("bank_entries"), "mode": "UPI", "narration": "UPI/612345678901/Supplier@okicici/goods"}
    read(shop, csv_of("bank_entries", [row]), "bank_entries")
    assert BankEntry.objects.get().counterparty == neighbour.business.pk


def test_a_file_refused_in_one_format_is_read_anew_in_another(shop: Shop) -> None:
    content = gstr1(shop, "A/1")
    first = read(shop, content, "gstr2b")
    second = read(shop, content, "gstr1")
    assert (first.state, second.pk, second.state) == (UploadState.REFUSED, first.pk, UploadState.PARSED)
    assert not second.rejections.exists()


def waiting(shop: Shop) -> Upload:
    file = IncomingFile("payments.csv", TABLES["upi_payments"].template.encode(), "upi_payments", "valid_lines")
    return receive_upload(business=shop.business, file=file, by=shop.owner, at=AT)


def test_a_file_taken_back_is_not_read(shop: Shop) -> None:
    upload = waiting(shop)
    with capture_events() as events:
        cancelled = cancel_upload(upload_id=upload.uuid, by=shop.owner, at=AT)
    assert parse_upload(upload_id=upload.pk, at=AT).state == cancelled.state == UploadState.CANCELLED
    assert [type(event) for event in events] == [UploadCancelled]
    assert not UpiPayment.objects.exists()
    assert AuditEntry.objects.filter(action="evidence.cancelled").count() == 1


def test_a_file_taken_back_may_be_sent_again(shop: Shop) -> None:
    upload = waiting(shop)
    cancel_upload(upload_id=upload.uuid, by=shop.owner, at=AT)
    with capture_events() as events:
        again = waiting(shop)
    assert (again.pk, again.state) == (upload.pk, UploadState.RECEIVED)
    assert [type(event) for event in events] == [EvidenceReceived]


def test_a_file_that_was_read_cannot_be_taken_back_and_a_strangers_not_be_seen(shop: Shop, neighbour: Shop) -> None:
    upload = parse_upload(upload_id=waiting(shop).pk, at=AT)
    with pytest.raises(UnableToCancel):
        cancel_upload(upload_id=upload.uuid, by=shop.owner, at=AT)
    with pytest.raises(NotVisible):
        cancel_upload(upload_id=upload.uuid, by=neighbour.owner, at=AT)


def test_dirty_lines_are_refused_one_by_one_and_the_good_ones_stored(shop: Shop) -> None:
    template = TABLES["upi_payments"].template.splitlines()
    good = template[1].partition(",")[2]
    lines = [f"{at:012d},{good}" if at % 100 == 0 else f"{at},{good}" for at in range(20_000)]
    upload = read(shop, "\n".join([template[0], *lines]).encode(), "upi_payments")
    assert (upload.rows, upload.accepted, upload.rejected) == (20_000, 200, 19_800)
    assert len(list(selectors.rejection_lines(selectors.refusals(upload)))) == 10_000


def test_records_learned_from_any_format_are_read_by_the_score(shop: Shop) -> None:
    read(shop, csv_of("gst_returns", [good_row("gst_returns")]), "gst_returns")
    received = GstReturn.objects.get().received_at
    frames = selectors.evidence(business_id=shop.business.pk, as_of=received + timedelta(1), consent=shop.consent)
    assert frames["gst_returns"].num_rows == 1


def test_an_upload_keeps_the_name_its_sender_gave(shop: Shop) -> None:
    file = replace(IncomingFile("../../etc/passwd", b"x", "upi_payments", "valid_lines"))
    upload = receive_upload(business=shop.business, file=file, by=shop.owner, at=AT)
    assert upload.filename == "../../etc/passwd"
    assert ".." not in upload.file.name


@pytest.mark.parametrize(
    ("name", "layout"), [("invoices", "gst_invoices"), ("payments", "upi_transactions"), ("eway_bills", "eway_bills")]
)
def test_the_parquet_files_of_the_source_system_are_taken_as_they_are(shop: Shop, name: str, layout: str) -> None:
    row = SAMPLES[layout] | {"gstin": shop.business.gstin}
    upload = read(shop, file_of(row, SAMPLES[layout]), f"source_{name}")
    assert (upload.state, upload.rows, upload.accepted) == (UploadState.PARSED, 1, 1)
    assert GstReturn.objects.count() == (name == "invoices")
