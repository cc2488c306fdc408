"""The claim pack of a covered loan that went bad."""

import hashlib
import io
import json
import zipfile
from datetime import date, timedelta
from decimal import Decimal

import pytest

from accounts.models import AuditEntry
from creditiq.kernel.errors import NotVisible
from lending.models import Contact, Loan
from lending.services import UnableToServe, claim_pack, run_eod
from tests.factories.accounts import OfficerFactory
from tests.factories.loans import a_loan, noon
from tests.lending.api.test_applications import client_of

pytestmark = pytest.mark.integration
MAY = date(2026, 5, 20)


@pytest.fixture
def bad(db):
    loan = a_loan()
    Loan.objects.filter(pk=loan.pk).update(cover=Decimal(75))
    run_eod(on=MAY - timedelta(days=1), at=noon(MAY))
    Contact.objects.create(loan=loan, at=noon(MAY), by=loan.disbursement.maker, channel="call", note="=HYPERLINK()")
    loan.refresh_from_db()
    return loan


def files_of(pack):
    with zipfile.ZipFile(io.BytesIO(pack)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_pack_holds_claim_schedule_statement_notices_and_their_digests(bad):
    name, pack = claim_pack(loan_id=bad.uuid, by=bad.disbursement.maker, at=noon(MAY))

    files = files_of(pack)
    manifest = json.loads(files.pop("manifest.json"))
    assert name == f"{bad.account_no}-claim.zip"
    assert set(files) == {
        "claim.pdf", "schedule.csv", "statement.csv", "notices.csv", "contacts.csv", "classes.csv",
    }  # fmt: skip
    assert manifest["sha256"] == {each: hashlib.sha256(content).hexdigest() for each, content in files.items()}
    assert manifest["claim"] == "750000.00"  # capped by the guaranteed amount
    assert files["claim.pdf"].startswith(b"%PDF")
    assert len(files["schedule.csv"].splitlines()) == 37
    assert b"unpaid" in files["notices.csv"]
    assert b"substandard" in files["classes.csv"]
    assert b"'=HYPERLINK()" in files["contacts.csv"]
    assert claim_pack(loan_id=bad.uuid, by=bad.disbursement.maker, at=noon(MAY)) == (name, pack)
    assert AuditEntry.objects.filter(action="loan.claim_packed").count() == 2


def test_there_is_nothing_to_claim_without_cover_or_default(bad):
    good = a_loan(on=MAY, utr="GOOD", bank=bad.organisation)
    with pytest.raises(UnableToServe) as uncovered:
        claim_pack(loan_id=good.uuid, by=good.disbursement.maker, at=noon(MAY))
    Loan.objects.filter(pk=good.pk).update(cover=Decimal(75))
    with pytest.raises(UnableToServe) as performing:
        claim_pack(loan_id=good.uuid, by=good.disbursement.maker, at=noon(MAY))
    assert (uncovered.value.code, performing.value.code) == ("not_covered", "performing")
    with pytest.raises(NotVisible):
        claim_pack(loan_id=bad.uuid, by=OfficerFactory(), at=noon(MAY))


def test_the_pack_is_saved_from_the_page_and_over_the_api(bad, client):
    client.force_login(bad.disbursement.maker)
    assert "Claim pack" in client.get(f"/officer/loans/{bad.uuid}").content.decode()
    saved = client.get(f"/officer/loans/{bad.uuid}/claim.zip")
    over = client_of(bad.disbursement.maker).get(f"/api/v1/lending/loans/{bad.uuid}/claim")
    assert files_of(saved.content).keys() == files_of(over.content).keys()
    Loan.objects.filter(pk=bad.pk).update(cover=0)
    assert client.get(f"/officer/loans/{bad.uuid}/claim.zip").status_code == 409
