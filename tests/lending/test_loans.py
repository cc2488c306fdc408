"""A loan comes to life, and the database keeps its books honest."""

from datetime import timedelta
from decimal import Decimal
from importlib import import_module

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from accounts.models import AuditEntry, LegalHold
from lending.engine.days import months_after
from lending.models import JournalEntry, JournalLine, Loan
from lending.selectors.books import book
from lending.services import Payout, UnableToDisburse, disburse
from tests.factories.loans import START, a_loan, agreed, noon

pytestmark = pytest.mark.django_db


def test_a_loan_is_paid_out_less_its_fee_and_booked(db):
    loan = a_loan()

    lines = {line.account_id: line.debit - line.credit for line in JournalLine.objects.filter(loan=loan)}
    assert lines == {
        "principal": Decimal(1_000_000),
        "bank": -Decimal(988_200),
        "fee_income": -Decimal(10_000),
        "tax": -Decimal(1_800),
    }
    assert (loan.state, loan.principal, loan.next_due) == ("active", Decimal(1_000_000), START + timedelta(days=31))
    assert loan.instalments.count() == 36
    assert loan.disbursement.net == Decimal(988_200)
    assert AuditEntry.objects.filter(action="loan.disbursed").count() == 1


def test_the_law_keeps_the_borrowers_records_five_years_after_the_loan(db):
    loan = a_loan()
    hold = LegalHold.objects.get(business=loan.business)
    maturity = loan.instalments.latest("due").due
    assert (hold.source, hold.reason) == (f"loan:{loan.uuid}", "PMLA s.12")
    assert hold.until == months_after(maturity, 60)
    Loan.objects.filter(pk=loan.pk).update(state="closed", closed_as="repaid", closed_on=START)
    LegalHold.objects.all().delete()
    migration = import_module("lending.migrations.0015_the_law_keeps_borrowers")
    for _ in range(2):
        migration.hold_loans(apps, None)
    assert LegalHold.objects.get().until == months_after(START, 60)


def test_the_stored_loan_reads_back_as_the_book_it_was(db):
    loan = Loan.objects.get(pk=a_loan().pk)
    read = book(loan)
    assert read.rows[0].interest == Decimal("10000.00")
    assert len(read.rows) == 36
    assert read.agreement.terms == agreed().terms
    assert read.owed == Decimal(1_000_000)


def test_one_person_pays_nothing_out_and_a_reference_is_used_once(db):
    loan = a_loan(utr="TWICE")
    other = loan.application
    made = {"application": other, "agreed": agreed(), "at": noon(START)}
    officer, risk = loan.disbursement.maker, loan.disbursement.checker
    with pytest.raises(UnableToDisburse, match="two people"):
        disburse(**made, payout=Payout("X", "B", "1"), maker=officer, checker=officer)
    with pytest.raises(UnableToDisburse, match="has its loan"):
        disburse(**made, payout=Payout("X", "B", "1"), maker=officer, checker=risk)
    with pytest.raises(UnableToDisburse, match="reference"):
        a_loan(utr="TWICE")
    with pytest.raises(UnableToDisburse, match="dated"):
        disburse(
            **made | {"at": noon(START + timedelta(days=1))}, payout=Payout("X", "B", "1"), maker=officer, checker=risk
        )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE lending_journalline SET debit = debit + 1 WHERE debit > 0",
        "DELETE FROM lending_journalentry",
        "UPDATE lending_instalment SET principal = 0",
        "UPDATE lending_loanact SET amount = 1",
        "UPDATE lending_loan SET sanctioned = 1",
        "UPDATE lending_loan SET agreement = '{}'",
        "UPDATE lending_loan SET principal = -1",
        "DELETE FROM lending_disbursement",
    ],
)
def test_the_database_refuses_to_rewrite_the_books(db, statement):
    a_loan()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_an_entry_that_does_not_balance_never_commits(db):
    loan = a_loan()
    entry = JournalEntry.objects.create(loan=loan, kind="receipt", value_date=START, booked_at=noon(START))
    JournalLine.objects.create(entry=entry, loan=loan, account_id="bank", debit=5)
    with pytest.raises(DatabaseError, match="does not balance"), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_line_is_a_debit_or_a_credit(db):
    loan = a_loan()
    entry = JournalEntry.objects.create(loan=loan, kind="receipt", value_date=START, booked_at=noon(START))
    with pytest.raises(DatabaseError, match="line_one_sided"), transaction.atomic():
        JournalLine.objects.create(entry=entry, loan=loan, account_id="bank", debit=Decimal(1), credit=Decimal(1))
