"""The audit trail holds, and the database refuses to change it."""

import json
from io import StringIO
from threading import Thread

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, InternalError, connection, transaction

from accounts import audit
from accounts.models import AuditEntry, Organisation
from tests.factories.accounts import AT, AdminFactory, BankFactory, OfficerFactory

pytestmark = pytest.mark.django_db
REFUSED = (InternalError, IntegrityError)


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
