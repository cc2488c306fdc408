"""Labels from real lending: what became of each loan, told by the app that lends, read by training and monitoring."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts import audit
from scoring.models import LoanOutcome

FIELDS = ("business", "disbursed_at", "months", "defaulted_at", "ended_at", "observed_until")
AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class Repayment:
    """One loan as it went so far. `loan` is its account number; `defaulted_at` the first day 90 days past due."""

    business_id: int
    loan: str
    disbursed_at: datetime
    months: int
    defaulted_at: datetime | None
    ended_at: datetime | None
    observed_until: datetime


def record_outcome(*, repayment: Repayment, at: datetime) -> LoanOutcome:
    """Keep how a loan went: bad once it was 90 days past due, good when it ended without. Twice is harmless.

    A change of the label is on record; more days watched are not news.
    """
    with transaction.atomic(durable=True):
        before = LoanOutcome.objects.select_for_update().filter(loan=repayment.loan).first()
        _keep([repayment])
        outcome = LoanOutcome.objects.get(loan=repayment.loan)
        told = (before.defaulted_at, before.ended_at) if before else (None, None)
        if told != (outcome.defaulted_at, outcome.ended_at):
            facts = {"loan": outcome.loan, "defaulted_at": outcome.defaulted_at, "ended_at": outcome.ended_at}
            audit.record("outcome.recorded", target=outcome, at=at, payload=facts)
    return outcome


def record_outcomes(*, repayments: Sequence[Repayment], at: datetime) -> int:
    """The same for a whole book, with one audit entry. Returns how many."""
    for start in range(0, len(repayments), AT_ONCE):
        with transaction.atomic(durable=True):
            _keep(repayments[start : start + AT_ONCE])
    if repayments:
        with transaction.atomic(durable=True):
            bad = sum(one.defaulted_at is not None for one in repayments)
            facts = {"loans": len(repayments), "bad": bad}
            audit.record("outcome.recorded", target="scoring.loanoutcome", at=at, payload=facts)
    return len(repayments)


def _keep(repayments: Sequence[Repayment]) -> None:
    rows = [LoanOutcome(**{name: getattr(one, name) for name in Repayment.__slots__}) for one in repayments]
    LoanOutcome.objects.bulk_create(rows, update_conflicts=True, unique_fields=["loan"], update_fields=FIELDS)
