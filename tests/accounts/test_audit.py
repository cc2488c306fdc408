"""The audit trail holds, and the database refuses to change it."""

import json
from contextlib import redirect_stdout
from importlib import import_module
from io import StringIO
from pathlib import Path
from threading import Thread

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, InternalError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts import audit, selectors, services
from accounts.models import AuditCheckpoint, AuditEntry, Job, Organisation
from accounts.tasks import checkpoint_audit, run_job, verify_audit
from creditiq.kernel import audit_verifier
from tests.factories.accounts import AT, AdminFactory, BankFactory, OfficerFactory

pytestmark = pytest.mark.django_db
REFUSED = (InternalError, IntegrityError)
TWIN = """
CREATE TEMP TABLE twin ON COMMIT DROP AS SELECT * FROM accounts_auditentry WHERE seq = 3;
UPDATE twin SET id = id + 1000, seq = 4;
INSERT INTO accounts_auditentry SELECT * FROM twin
"""


def tamper(statement: str) -> None:
    """What only somebody who owns the tables could do."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def record_three() -> None:
    for figure in ("1.50", "2.00", "1e20"):
        audit.record("test.act", target="thing:1", at=AT, payload={"figure": figure, "share": float(figure)})


def test_entries_follow_one_another_and_the_chain_verifies() -> None:
    record_three()
    first, second, third = AuditEntry.objects.order_by("seq")
    assert [first.seq, second.seq, third.seq] == [1, 2, 3]
    assert (first.previous_hash, second.previous_hash, third.previous_hash) == ("", first.hash, second.hash)
    verdict = audit.verify_chain()
    assert verdict.ok
    assert (verdict.entries, verdict.chains[0].chain, verdict.chains[0].head) == (3, "platform", third.hash)


def test_each_bank_has_a_chain_of_its_own_and_the_platforms_people_write_to_the_platforms() -> None:
    officer, other = OfficerFactory(), BankFactory()
    audit.record("test.act", target="thing", at=AT, by=officer)
    audit.record("test.act", target="thing", at=AT, by=officer, organisation=other)
    audit.record("test.act", target="thing", at=AT, by=AdminFactory())
    chains = {reading.chain: reading.entries for reading in audit.verify_chain().chains}
    assert chains == {str(officer.organisation.uuid): 1, str(other.uuid): 1, "platform": 1}


def test_the_database_refuses_to_update_an_entry() -> None:
    record_three()
    with pytest.raises(REFUSED, match="append-only"), transaction.atomic():
        AuditEntry.objects.update(action="something else")


def test_the_database_refuses_to_delete_an_entry() -> None:
    record_three()
    with pytest.raises(REFUSED, match="append-only"), transaction.atomic():
        AuditEntry.objects.all().delete()


@pytest.mark.parametrize(
    ("statement", "broken_at"),
    [
        ("UPDATE accounts_auditentry SET action = 'other' WHERE seq = 2", 2),
        ("UPDATE accounts_auditentry SET payload = '{}' WHERE seq = 1", 1),
        ("UPDATE accounts_auditentry SET at = at + interval '1 microsecond' WHERE seq = 3", 3),
        ("DELETE FROM accounts_auditentry WHERE seq = 2", 3),
    ],
)
def test_what_was_changed_behind_our_back_is_found(statement: str, broken_at: int) -> None:
    record_three()
    tamper(statement)
    verdict = audit.verify_chain()
    assert not verdict.ok
    assert verdict.chains[0].broken_at == broken_at


def test_a_row_is_named_by_its_public_id() -> None:
    officer = OfficerFactory()
    entry = audit.record("test.act", target=officer, at=AT)
    assert entry.target == f"accounts.user:{officer.uuid}"
    assert entry.content == {}


def append(count: int) -> None:
    """What one of several writers does."""
    try:
        for _ in range(count):
            with transaction.atomic():
                audit.record("test.act", target="thing", at=AT)
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_writers_at_the_same_time_make_one_chain_without_gaps() -> None:
    writers = [Thread(target=append, args=(10,)) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    verdict = audit.verify_chain()
    assert verdict.ok
    assert verdict.entries == 40


@pytest.mark.django_db(transaction=True)
def test_writers_of_different_banks_do_not_wait_for_each_other() -> None:
    one, other = BankFactory(), BankFactory()
    with transaction.atomic():
        audit.record("test.act", target="thing", at=AT, organisation=one)
        held: list[bool] = []
        writer = Thread(target=lambda: held.append(_appends_to(other)))
        writer.start()
        writer.join(timeout=10)
    assert held == [True]


def _appends_to(organisation: Organisation) -> bool:
    try:
        with transaction.atomic():
            audit.record("test.act", target="thing", at=AT, organisation=organisation)
    finally:
        connection.close()
    return True


@pytest.mark.django_db(transaction=True)
def test_an_act_outside_a_transaction_cannot_be_recorded() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        audit.record("test.act", target="thing", at=AT)


def test_verify_audit_prints_the_verdict_as_json() -> None:
    record_three()
    out = StringIO()
    call_command("verify_audit", "--json", stdout=out)
    assert json.loads(out.getvalue())["ok"] is True


def test_verify_audit_fails_when_a_chain_is_broken() -> None:
    record_three()
    tamper("DELETE FROM accounts_auditentry WHERE seq = 1")
    out = StringIO()
    with pytest.raises(CommandError, match="broken"):
        call_command("verify_audit", stdout=out)
    assert "BROKEN at 2" in out.getvalue()


def test_the_database_refuses_to_empty_the_trail() -> None:
    """The test database alone is without this refusal; here it is put back for the length of a transaction."""
    record_three()
    services.checkpoint_audit(at=AT)
    refusal = import_module("accounts.migrations.0008_checkpoints").REFUSE_TRUNCATE
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(refusal)
        for table in ("accounts_auditentry", "accounts_auditcheckpoint CASCADE", "accounts_organisation CASCADE"):
            with pytest.raises(REFUSED, match="TRUNCATE"), transaction.atomic():
                cursor.execute(f"TRUNCATE {table}")
        transaction.set_rollback(True)
    assert AuditEntry.objects.count() == 3


def test_a_checkpoint_stamps_what_came_since_the_one_before() -> None:
    record_three()
    audit.record("test.act", target="thing", at=AT, organisation=BankFactory())
    assert services.checkpoint_audit(at=AT) == 2
    assert services.checkpoint_audit(at=AT) == 0
    record_three()
    checkpoint_audit()
    first, second = AuditCheckpoint.objects.filter(organisation=None).order_by("number")
    assert (first.first_seq, first.last_seq, second.first_seq, second.last_seq) == (1, 3, 4, 6)
    assert second.previous_hash == first.hash
    assert audit.verify_chain().ok


def test_the_database_refuses_to_change_a_checkpoint() -> None:
    record_three()
    services.checkpoint_audit(at=AT)
    with pytest.raises(REFUSED, match="append-only"), transaction.atomic():
        AuditCheckpoint.objects.update(merkle_root="0" * 64)
    with pytest.raises(REFUSED, match="append-only"), transaction.atomic():
        AuditCheckpoint.objects.all().delete()


@pytest.mark.parametrize(
    ("statement", "broken_at"),
    [
        ("DELETE FROM accounts_auditentry WHERE seq = 3", 3),
        ("DELETE FROM accounts_auditentry WHERE seq > 1", 2),
        ("DELETE FROM accounts_auditentry", 1),
        ("UPDATE accounts_auditcheckpoint SET merkle_root = head", 1),
        ("UPDATE accounts_auditcheckpoint SET at = at + interval '1 second'", 1),
        ("UPDATE accounts_auditentry SET seq = CASE seq WHEN 1 THEN 1000002 ELSE 1000001 END WHERE seq < 3", 3),
        (TWIN, 4),
    ],
)
def test_a_checkpoint_finds_what_a_chain_alone_would_not(statement: str, broken_at: int) -> None:
    record_three()
    services.checkpoint_audit(at=AT)
    tamper(statement)
    verdict = audit.verify_chain()
    assert not verdict.ok
    assert verdict.chains[0].broken_at == broken_at


def test_the_nightly_verification_says_on_the_trail_what_it_found() -> None:
    record_three()
    verify_audit()
    verify_audit()
    job = Job.objects.get(work="audit.verify")
    assert job.asked_by is None
    run_job(job_id=job.pk)
    job.refresh_from_db()
    assert (job.state, job.message) == ("done", "4 entries in 1 chains verify.")
    assert AuditEntry.objects.latest("seq").outcome == "ok"
    tamper("UPDATE accounts_auditentry SET action = 'other' WHERE seq = 2")
    assert not services.verify_audit(at=AT).ok
    last = AuditEntry.objects.latest("seq")
    assert (last.action, last.outcome, last.content["broken"]) == ("audit.verified", "broken", ["platform"])


def test_a_chain_is_walked_a_batch_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("accounts.models.audit.BATCH", 2)
    record_three()
    with CaptureQueriesContext(connection) as queries:
        assert [entry.seq for entry in AuditEntry.objects.links(None)] == [1, 2, 3]
    assert len(queries) == 3


def test_the_verifier_without_django_agrees_with_ours() -> None:
    record_three()
    services.checkpoint_audit(at=AT)
    record_three()
    lines = [line.decode() for line in selectors.exported_chain(None)]
    (chain,) = audit_verifier.verify(lines, AuditCheckpoint.objects.get().hash)
    assert isinstance(chain, audit_verifier.Chain)
    assert (chain.seq, chain.number, chain.head) == (6, 1, AuditEntry.objects.latest("seq").hash)


def test_export_audit_writes_every_chain_with_the_program_that_checks_it(tmp_path: Path) -> None:
    record_three()
    bank = BankFactory()
    audit.record("test.act", target="thing", at=AT, organisation=bank)
    call_command("export_audit", str(tmp_path), stdout=StringIO())
    assert {path.name for path in tmp_path.iterdir()} == {"verify_audit.py", "platform.jsonl", f"{bank.uuid}.jsonl"}
    told = StringIO()
    with redirect_stdout(told):
        assert audit_verifier.main([str(tmp_path / "platform.jsonl")]) == 0
    assert "platform  3 entries, 1 checkpoints" in told.getvalue()
