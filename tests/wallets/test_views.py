"""The owner's evidence pages: every format by its name, templates, the reject report, taking a file back."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from creditiq.kernel.clock import now
from tests.wallets.conftest import Shop
from wallets.engine.importers.catalogue import TABLES
from wallets.engine.importers.formats import FORMATS
from wallets.engine.importers.parquet import read_parquet
from wallets.engine.importers.xlsx import read_xlsx
from wallets.models import Rejection, Upload, UploadState
from wallets.services import parse_upload

DIRTY = TABLES["upi_payments"].template.encode() + b"\"=cmd|'/C calc'!A0\",2026-10-01,in,1,P2M,success,a@ok,b@ok\n"


@pytest.fixture
def owner(shop: Shop, client: Client) -> Client:
    shop.consent.expires_at = now().replace(year=now().year + 1)
    shop.consent.save()
    client.force_login(shop.owner)
    return client


def sent(owner: Client, content: bytes = DIRTY, kind: str = "upi_payments") -> Upload:
    file = SimpleUploadedFile("payments.csv", content)
    answer = owner.post("/owner/evidence", {"kind": kind, "mode": "valid_lines", "file": file})
    assert answer.status_code == 302, answer.content
    return Upload.objects.get()


def test_the_form_offers_every_format_and_the_columns_of_every_table(owner: Client) -> None:
    page = owner.get("/owner/evidence").content.decode()
    assert all(f'<option value="{name}"' in page for name in FORMATS)
    assert all(column.name in page for table in TABLES.values() for column in table.columns)


@pytest.mark.parametrize("kind", TABLES)
def test_every_template_is_downloaded_by_its_kind(owner: Client, kind: str) -> None:
    answer = owner.get(f"/owner/evidence/template.csv?kind={kind}")
    assert answer.content.decode() == TABLES[kind].template
    assert f"{kind.replace('_', '-')}-template.csv" in answer["Content-Disposition"]


@pytest.mark.parametrize("form", ["xlsx", "parquet"])
@pytest.mark.parametrize("kind", TABLES)
def test_every_template_is_a_workbook_and_a_parquet_file_that_reads_as_the_csv(
    owner: Client, kind: str, form: str
) -> None:
    answer = owner.get(f"/owner/evidence/template.csv?kind={kind}&format={form}")
    readers = {"xlsx": read_xlsx, "parquet": read_parquet}
    (piece,) = readers[form](answer.content, TABLES[kind].headings)
    names = [column.name for column in TABLES[kind].columns]
    rows = piece.raw.select(names).fill_null("").rows()
    assert rows == [tuple(column.examples[row] for column in TABLES[kind].columns) for row in range(2)]
    assert piece.refused == 0
    assert f"{kind.replace('_', '-')}-template.{form}" in answer["Content-Disposition"]


def test_the_form_links_the_templates_in_every_form(owner: Client) -> None:
    page = owner.get("/owner/evidence").content.decode()
    assert all(f"format={form}" in page for form in ("xlsx", "parquet"))


def test_a_waiting_file_says_so_and_can_be_taken_back_on_its_page(owner: Client) -> None:
    upload = sent(owner)
    address = f"/owner/evidence/{upload.uuid}"
    page = owner.get(address).content.decode()
    assert "being read" in page
    assert "every 3s" in page
    assert owner.post(f"{address}/cancel").status_code == 302
    assert "You took this file back" in owner.get(address).content.decode()
    again = owner.post(f"{address}/cancel")
    assert again.status_code == 409
    assert "not waiting any more" in again.content.decode()
    assert sent(owner).state == UploadState.RECEIVED


def test_the_reject_report_names_line_rule_and_sentence_as_page_and_as_file(owner: Client) -> None:
    upload = parse_upload(upload_id=sent(owner).pk, at=now())
    page = owner.get(f"/owner/evidence/{upload.uuid}").content.decode()
    assert "Give the 12-digit bank reference" in page
    report = owner.get(f"/owner/evidence/{upload.uuid}/rejections.csv")
    assert report["Content-Type"].startswith("text/csv")
    assert "4,,reference,upi.reference" in report.content.decode()


def test_no_cell_of_the_reject_report_runs_in_a_spreadsheet(owner: Client) -> None:
    upload = parse_upload(upload_id=sent(owner).pk, at=now())
    Rejection.objects.filter(upload=upload).update(value="=1+1", pointer="@SUM(A1)")
    for address in ("/owner/evidence", "/api/v1/evidence/uploads"):
        report = owner.get(f"{address}/{upload.uuid}/rejections.csv").content.decode()
        assert "'=1+1" in report
        assert ",'@SUM(A1)," in report


def test_a_file_in_an_official_format_is_taken_by_its_name(owner: Client) -> None:
    upload = parse_upload(upload_id=sent(owner, b"{", "gstr1").pk, at=now())
    assert (upload.format, upload.kind, upload.state) == ("gstr1", "gst_invoices", UploadState.REFUSED)
    assert Path(upload.file.name).name == upload.sha256
    assert "GSTR-1 for" in owner.get(f"/owner/evidence/{upload.uuid}").content.decode()


def test_the_api_takes_a_file_back_once(owner: Client) -> None:
    address = f"/api/v1/evidence/uploads/{sent(owner).uuid}/cancel"
    assert [owner.post(address).status_code for _ in range(2)] == [200, 409]
