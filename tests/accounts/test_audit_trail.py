"""The trail is explored, proved and taken along, and nobody sees more of it than they may."""

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts import audit, services
from accounts.models import AuditEntry, User
from creditiq.kernel import audit_verifier
from tests.accounts.conftest import signed_in
from tests.factories.accounts import (
    AT,
    AdminFactory,
    BankFactory,
    BusinessFactory,
    MembershipFactory,
    OfficerFactory,
    OwnerFactory,
    RiskManagerFactory,
)

pytestmark = pytest.mark.django_db


def entered(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def recorded(action: str, **circumstances: object) -> AuditEntry:
    with transaction.atomic():
        return audit.record(action, target=circumstances.pop("target", "thing:1"), at=AT, **circumstances)


def test_the_explorer_filters_and_keeps_its_number_of_queries(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    admin, officer = AdminFactory(), OfficerFactory()
    for number in range(12):
        recorded("loan.looked_at", by=officer, target=f"loan:{number}")
    recorded("loan.refused", by=officer, outcome="refused")
    client = entered(admin)
    client.get("/audit")
    with django_assert_num_queries(7):
        page = client.get("/audit")
    assert "13 acts on record" in page.text
    assert "1 entry fits" in client.get("/audit?action=loan.refused").text
    assert "1 entry fits" in client.get("/audit?target=11").text
    assert "13 entries fit" in client.get(f"/audit?actor={officer.email}").text
    assert "1 entry fits" in client.get("/audit?outcome=refused").text
    assert "No entry fits" in client.get("/audit?request_id=nothing").text
    assert "13 entries fit" in client.get("/audit?since=2026-11-01&until=2026-11-01").text
    assert "No entry fits" in client.get("/audit?until=2026-10-31").text
    assert client.get("/audit?since=yesterday").status_code == 422


def test_a_banks_risk_manager_sees_the_banks_chain_and_no_other() -> None:
    bank = BankFactory()
    manager = RiskManagerFactory(organisation=bank)
    mine, other = recorded("bank.act", organisation=bank), recorded("other.act", organisation=BankFactory())
    client = entered(manager)
    assert "1 acts on record" in client.get("/audit").text
    assert client.get(f"/audit/entries/{mine.hash}").status_code == 200
    assert client.get(f"/audit/entries/{other.hash}").status_code == 404
    assert client.get(f"/audit/entries/{other.hash}/proof.json").status_code == 404


def test_a_borrower_downloads_a_proof_and_checks_it_alone(
    tmp_path: Path, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    membership = MembershipFactory()
    for number in range(5):
        recorded(f"noise.{number}")
    entry = recorded("business.looked_at", target=membership.business, by=OfficerFactory(), organisation=None)
    client = entered(membership.user)
    assert "within the hour" in client.get(f"/audit/entries/{entry.hash}/proof.json").text
    services.checkpoint_audit(at=AT)
    client.get("/account/trail")
    with django_assert_num_queries(7):
        page = client.get("/account/trail")
    assert "business.looked_at" in page.text
    assert "noise.1" not in page.text
    answer = client.get(f"/audit/entries/{entry.hash}/proof.json")
    (tmp_path / "proof.json").write_bytes(answer.content)
    (tmp_path / "verify_audit.py").write_bytes(client.get("/audit/verifier.py").content)
    command = [sys.executable, "-I", "-S", "verify_audit.py", "--proof", "proof.json"]
    told = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert (told.returncode, told.stdout) == (0, "holds: the entry is in the tree of its checkpoint\n")


def test_an_owner_proves_an_act_of_their_own_at_page_and_interface() -> None:
    owner = MembershipFactory().user
    entry = recorded("own.act", by=owner)
    assert entry.organisation is None
    services.checkpoint_audit(at=AT)
    client = entered(owner)
    for address in (f"/audit/entries/{entry.hash}/proof.json", f"/api/v1/audit/events/{entry.hash}/proof"):
        assert audit_verifier.verify_proof(client.get(address).json()) == ""


def test_somebody_else_finds_no_proof_of_it() -> None:
    entry = recorded("business.looked_at", target=BusinessFactory())
    services.checkpoint_audit(at=AT)
    assert entered(OwnerFactory()).get(f"/audit/entries/{entry.hash}/proof.json").status_code == 404


def test_an_evidence_pack_checks_without_us_and_is_on_the_trail() -> None:
    admin = AdminFactory()
    for number in range(7):
        recorded("loan.looked_at", target=f"loan:{number}")
    client = entered(admin)
    assert client.post("/audit/pack", {}).status_code == 422
    answer = client.post("/audit/pack?action=loan", {"reason": "Yearly audit"})
    with zipfile.ZipFile(io.BytesIO(answer.content)) as pack:
        names = pack.namelist()
        proofs = [json.loads(pack.read(name)) for name in names if name.startswith("proofs/")]
        assert "Yearly audit" in pack.read("README.txt").decode()
        assert pack.read("verify_audit.py").decode() == services.verifier()
        assert len(pack.read("entries.jsonl").splitlines()) == 7
    assert [audit_verifier.verify_proof(proof) for proof in proofs] == [""] * 7
    assert AuditEntry.objects.filter(action="audit.exported", actor=admin).exists()


def test_a_pack_of_nothing_or_of_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    client = entered(AdminFactory())
    nothing = client.post("/audit/pack?action=nothing", {"reason": "Why not"}, follow=True)
    assert "No entry fits. Widen the filters." in nothing.text
    monkeypatch.setattr("accounts.services.evidence_packs.MOST_IN_A_PACK", 2)
    for number in range(3):
        recorded(f"loan.{number}")
    assert "Narrow the filters" in client.post("/audit/pack", {"reason": "All"}, follow=True).text


def test_the_interface_lists_proves_and_packs(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    admin, officer = AdminFactory(), OfficerFactory()
    seen, own = signed_in(admin), signed_in(officer)
    entry = recorded("loan.looked_at", by=officer)
    services.checkpoint_audit(at=AT)
    seen.get("/api/v1/audit/events")
    with django_assert_num_queries(2):
        listed = seen.get("/api/v1/audit/events?action=loan").json()["results"]
    assert [row["id"] for row in listed] == [entry.hash]
    assert {row["actor"] for row in own.get("/api/v1/audit/events").json()["results"]} == {str(officer.uuid)}
    proof = own.get(f"/api/v1/audit/events/{entry.hash}/proof").json()
    assert audit_verifier.verify_proof(proof) == ""
    with django_assert_num_queries(2):
        stamps = seen.get("/api/v1/audit/checkpoints").json()["results"]
    assert proof["checkpoint"]["hash"] in [stamp["hash"] for stamp in stamps]
    assert own.get("/api/v1/audit/checkpoints").status_code == 403
    assert seen.get("/api/v1/audit/events?since=yesterday").status_code == 422
    pack = seen.post("/api/v1/audit/packs", {"action": "loan", "reason": "Audit"})
    assert pack["Content-Type"] == "application/zip"
    assert own.post("/api/v1/audit/packs", {"reason": "Audit"}).status_code == 403
