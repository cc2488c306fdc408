"""Double entry: the accounts a loan is booked on, and entries whose lines sum to nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

NOTHING = Decimal(0)


class Account(StrEnum):
    """The chart. Lines are debit-positive: an asset or a cost stands above zero, a debt or an income below."""

    BANK = "bank"
    PRINCIPAL = "principal"
    ACCRUED = "accrued"
    INTEREST_DUE = "interest_due"
    FEE_DUE = "fee_due"
    PENAL_DUE = "penal_due"
    UNALLOCATED = "unallocated"
    SUSPENDED = "suspended"
    TAX = "tax"
    PROVISION = "provision"
    INTEREST_INCOME = "interest_income"
    FEE_INCOME = "fee_income"
    PENAL_INCOME = "penal_income"
    RECOVERED = "recovered"
    PROVISION_COST = "provision_cost"
    WRITTEN_OFF = "written_off"
    WAIVED = "waived"


OWED = (Account.PRINCIPAL, Account.ACCRUED, Account.INTEREST_DUE, Account.FEE_DUE, Account.PENAL_DUE)
"""What a borrower owes, part by part."""
HELD = (Account.UNALLOCATED, Account.SUSPENDED)
"""Kept for the borrower, and interest that is not yet income: never above zero."""


class Kind(StrEnum):
    """What an entry books."""

    DISBURSAL = "disbursal"
    DEMAND = "demand"
    ACCRUAL = "accrual"
    FEE = "fee"
    PENAL = "penal"
    RECEIPT = "receipt"
    ALLOCATION = "allocation"
    PREPAYMENT = "prepayment"
    CAPITALISATION = "capitalisation"
    SUSPENSION = "suspension"
    RESUMPTION = "resumption"
    WAIVER = "waiver"
    WRITE_OFF = "write_off"
    RECOVERY = "recovery"
    REFUND = "refund"
    PROVISION = "provision"
    COOLING_OFF = "cooling_off"


class Unbalanced(ValueError):
    """The lines of an entry do not sum to nothing."""


@dataclass(frozen=True, slots=True)
class Posting:
    """One entry of one loan: amounts by account in rupees, debit above zero; they sum to nothing."""

    kind: Kind
    on: date
    lines: tuple[tuple[Account, Decimal], ...]

    def __post_init__(self) -> None:
        """Raises Unbalanced."""
        if sum((amount for _, amount in self.lines), NOTHING) != 0:
            raise Unbalanced(f"A {self.kind} of {self.on} does not balance.")


Balances = Mapping[Account, Decimal]


def posted(balances: Balances, entry: Posting) -> dict[Account, Decimal]:
    """The balances after an entry.

    >>> lines = ((Account.BANK, Decimal(5)), (Account.UNALLOCATED, Decimal(-5)))
    >>> posted({}, Posting(Kind.RECEIPT, date(2026, 1, 5), lines))[Account.UNALLOCATED]
    Decimal('-5')
    """
    after = dict(balances)
    for account, amount in entry.lines:
        after[account] = after.get(account, NOTHING) + amount
    return after


def entry(kind: Kind, on: date, amounts: Mapping[Account, Decimal]) -> Posting | None:
    """The entry of these amounts; None when every one of them is zero, for there is nothing to book."""
    lines = tuple((account, amount) for account, amount in amounts.items() if amount)
    return Posting(kind, on, lines) if lines else None


def trial_balance(balances: Balances) -> Decimal:
    """The sum over all accounts: zero, always."""
    return sum(balances.values(), NOTHING)
