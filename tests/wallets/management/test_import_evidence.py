"""manage.py import_evidence: the documented keys, the reject file, and nothing new the second time."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.services import withdraw_consent
from creditiq.kernel.clock import now
from tests.wallets.conftest import AT, Shop
from tests.wallets.test_formats import gstr1
from wallets.engine.importers.catalogue import TABLES
from wallets.models import UpiPayment

KEYS = {"kind", "rows", "accepted", "duplicates", "superseded", "rejected", "rejects_file", "rejects", "note"}


@pytest.fixture
def file(tmp_path: Path, shop: Shop) -> Path:
    shop.consent.expires_at = now().replace(year=now().year + 1)
    shop.consent.save()
    path = tmp_path / "payments.csv"
    path.write_text(TABLES["upi_payments"].template + "=1+1,x\n")
    return path


def imported(shop: Shop, file: Path, *words: str) -> str:
    out = io.StringIO()
    gstin = shop.business.gstin
    call_command("import_evidence", str(file), "--kind", "upi_payments", "--business", gstin, *words, stdout=out)
    return out.getvalue()


def test_a_file_is_read_and_its_refused_lines_are_written_beside_it(shop: Shop, file: Path) -> None:
    report = json.loads(imported(shop, file, "--json"))
    assert report.keys() == KEYS
    assert (report["rows"], report["accepted"], report["duplicates"], report["rejected"]) == (3, 2, 0, 1)
    assert "csv.columns" in Path(report["rejects_file"]).read_text()
    (reject,) = report["rejects"]
    assert (reject["line"], reject["rule"]) == (4, "csv.columns")


def test_importing_again_is_a_no_op(shop: Shop, file: Path) -> None:
    imported(shop, file)
    report = json.loads(imported(shop, file, "--json"))
    assert (report["accepted"], report["duplicates"], UpiPayment.objects.count()) == (0, 2, 2)


def test_documents_that_an_amendment_replaces_are_counted(shop: Shop, file: Path) -> None:
    reports = []
    for name, more in (("first", {}), ("amended", {"oinum": "A/1", "oidt": "10-09-2026"}), ("amended", None)):
        path = file.with_name(f"{name}.json")
        if more is not None:
            path.write_bytes(gstr1(shop, "A/1", **more))
        out = io.StringIO()
        gstin = shop.business.gstin
        call_command("import_evidence", str(path), "--kind", "gstr1", "--business", gstin, "--json", stdout=out)
        reports.append(json.loads(out.getvalue()))
    assert [(it["accepted"], it["superseded"]) for it in reports] == [(1, 0), (1, 1), (0, 0)]


def test_a_person_reads_the_same_in_lines(shop: Shop, file: Path) -> None:
    told = imported(shop, file)
    assert "accepted  2" in told
    assert "line 4 " in told


def test_without_consent_without_business_or_without_file_nothing_is_imported(shop: Shop, file: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read or written"):
        imported(shop, file.with_name("missing.csv"))
    with pytest.raises(CommandError, match="no business"):
        call_command("import_evidence", str(file), "--kind", "upi_payments", "--business", "29AAACG0569P1Z3")
    withdraw_consent(consent_id=shop.consent.uuid, by=shop.owner, at=AT)
    with pytest.raises(CommandError, match="consent"):
        imported(shop, file)
