"""The nightly proof: every entry balances, every loan repeats its ledger, what was lent is paid, owed or gone."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import connection, transaction

from accounts import audit

NOTHING = Decimal(0)

BALANCE = """
SELECT line.account_id, sum(line.debit), sum(line.credit) FROM lending_journalline AS line
JOIN lending_account AS account ON account.code = line.account_id GROUP BY 1, account."order" ORDER BY account."order"
"""
UNBALANCED = """
SELECT entry_id FROM lending_journalline GROUP BY 1 HAVING sum(debit) <> sum(credit) ORDER BY 1 LIMIT 20
"""
ASTRAY = """
WITH booked AS (
    SELECT loan_id,
        coalesce(sum(debit - credit) FILTER (WHERE account_id = 'principal'), 0) AS principal,
        coalesce(sum(debit - credit) FILTER (WHERE account_id = 'accrued'), 0) AS accrued,
        coalesce(sum(debit - credit) FILTER (WHERE account_id = 'interest_due'), 0) AS interest_due,
        coalesce(sum(debit - credit) FILTER (WHERE account_id = 'fee_due'), 0) AS fee_due,
        coalesce(sum(debit - credit) FILTER (WHERE account_id = 'penal_due'), 0) AS penal_due,
        coalesce(sum(credit - debit) FILTER (WHERE account_id = 'unallocated'), 0) AS unallocated,
        coalesce(sum(credit - debit) FILTER (WHERE account_id = 'suspended'), 0) AS suspended,
        coalesce(sum(credit - debit) FILTER (WHERE account_id = 'provision'), 0) AS provision
    FROM lending_journalline GROUP BY 1
)
SELECT loan.account_no FROM lending_loan AS loan LEFT JOIN booked ON booked.loan_id = loan.id
WHERE loan.state <> 'approved' AND (loan.principal, loan.accrued, loan.interest_due, loan.fee_due, loan.penal_due,
    loan.unallocated, loan.suspended, loan.provision)
IS DISTINCT FROM (booked.principal, booked.accrued, booked.interest_due, booked.fee_due, booked.penal_due,
    booked.unallocated, booked.suspended, booked.provision)
ORDER BY 1 LIMIT 20
"""
UNPAID = """
WITH asked AS (
    SELECT loan_id, component, sum(amount - paid - let_go) AS left FROM lending_due GROUP BY 1, 2
)
SELECT loan.account_no FROM lending_loan AS loan
LEFT JOIN asked AS interest ON interest.loan_id = loan.id AND interest.component = 'interest'
LEFT JOIN asked AS fee ON fee.loan_id = loan.id AND fee.component = 'fee'
LEFT JOIN asked AS penal ON penal.loan_id = loan.id AND penal.component = 'penal'
WHERE loan.interest_due <> coalesce(interest.left, 0) OR loan.fee_due <> coalesce(fee.left, 0)
    OR loan.penal_due <> coalesce(penal.left, 0)
ORDER BY 1 LIMIT 20
"""


@dataclass(frozen=True)
class AccountLine:
    """One account of the trial balance."""

    account: str
    debit: Decimal
    credit: Decimal


@dataclass(frozen=True)
class Proof:
    """The trial balance and everything that does not agree; lists stop at twenty."""

    accounts: tuple[AccountLine, ...]
    unbalanced_entries: tuple[int, ...]
    loans_astray: tuple[str, ...]
    loans_with_other_dues: tuple[str, ...]

    @property
    def difference(self) -> Decimal:
        """Debits less credits: zero."""
        return sum((line.debit - line.credit for line in self.accounts), NOTHING)

    @property
    def holds(self) -> bool:
        """Whether everything agrees."""
        return not (self.difference or self.unbalanced_entries or self.loans_astray or self.loans_with_other_dues)


def prove_books(*, at: datetime) -> Proof:
    """Compute the proof from the lines and put its outcome on record."""
    with transaction.atomic(durable=True):
        proof = Proof(
            accounts=tuple(AccountLine(str(name), debit, credit) for name, debit, credit in _rows(BALANCE)),
            unbalanced_entries=tuple(int(str(row[0])) for row in _rows(UNBALANCED)),
            loans_astray=tuple(str(row[0]) for row in _rows(ASTRAY)),
            loans_with_other_dues=tuple(str(row[0]) for row in _rows(UNPAID)),
        )
        payload = {"difference": proof.difference, "astray": list(proof.loans_astray)}
        outcome = "ok" if proof.holds else "failed"
        audit.record("books.proved", target="lending.journalentry", at=at, outcome=outcome, payload=payload)
    return proof


def _rows(statement: str) -> list[tuple[str, Decimal, Decimal]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())
