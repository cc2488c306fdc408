"""Loans that ended or went bad are labels that training and monitoring read."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from accounts.models import AuditEntry
from creditiq.kernel.clock import micros
from lending import tasks
from lending.models import Loan
from lending.services import Paid, Wish, answer_proposal, propose, record_receipt, run_eod
from lending.services.outcomes import report_book, report_outcomes
from scoring.engine.labels import labelled
from scoring.models import LoanOutcome
from scoring.selectors.outcomes import matured_outcomes, outcome_frame
from tests.factories.loans import START, a_loan, noon

pytestmark = pytest.mark.integration
DAY = timedelta(days=1)
AFTER_A_YEAR = date(2027, 3, 1)


def close(on):
    run_eod(on=on, at=noon(on + DAY))


def target(loan, as_of=START):
    rows = dict(labelled(outcome_frame(), micros(noon(as_of))).iter_rows())
    return rows.get(loan.business_id)


def paid_back(loan):
    """Closed as agreed: every instalment on its day."""
    for row in list(loan.instalments.order_by("number")):
        paid = Paid(amount=row.principal + row.interest, on=row.due, mode="upi", utr=f"U{loan.pk}-{row.number}")
        record_receipt(loan_id=loan.uuid, paid=paid, by=loan.disbursement.maker, at=noon(row.due))
    return Loan.objects.get(pk=loan.pk)


def test_a_loan_ninety_days_behind_becomes_a_bad_label(db):
    loan = a_loan()
    close(date(2026, 5, 5))
    assert (report_outcomes(business_id=loan.business_id, at=noon(START)), target(loan)) == (1, None)

    close(date(2026, 5, 8))
    tasks.report_outcomes(business_id=loan.business_id)

    outcome = LoanOutcome.objects.get(loan=loan.account_no)
    assert outcome.defaulted_at.date() == date(2026, 5, 6)  # 5 Feb is the first day of 91
    assert target(loan) == 1.0
    assert [(one.gstin, one.defaulted) for one in matured_outcomes(noon(date(2026, 5, 9)))] == [
        (loan.business.gstin, True)
    ]


def test_a_loan_paid_back_becomes_a_good_label(db):
    loan = paid_back(a_loan(months=3))
    assert loan.state == "closed"

    report_outcomes(business_id=loan.business_id, at=noon(AFTER_A_YEAR))

    assert target(loan) == 0.0
    assert [one.defaulted for one in matured_outcomes(noon(AFTER_A_YEAR))] == [False]
    assert AuditEntry.objects.filter(action="outcome.recorded").count() == 1


def test_a_bad_label_stays_when_the_loan_is_settled_and_one_more_telling_is_no_news(db):
    loan = a_loan()
    close(date(2026, 5, 8))
    paid = Paid(amount=Decimal(100_000), on=date(2026, 5, 9), mode="neft", utr="SETTLED")
    wish = Wish(kind="settle", paid=paid)
    asked = propose(loan_id=loan.uuid, wish=wish, note="Agreed", by=loan.disbursement.maker, at=noon(paid.on))
    answer_proposal(proposal_id=asked.uuid, approve=True, answer="", by=loan.disbursement.checker, at=noon(paid.on))

    report_outcomes(business_id=loan.business_id, at=noon(paid.on))
    report_outcomes(business_id=loan.business_id, at=noon(paid.on))

    outcome = LoanOutcome.objects.get(loan=loan.account_no)
    assert (outcome.defaulted_at.date(), outcome.ended_at is not None) == (date(2026, 5, 6), True)
    assert AuditEntry.objects.filter(action="outcome.recorded").count() == 1


def test_the_night_tells_of_every_loan_that_may_still_change(db):
    running, ended = a_loan(), paid_back(a_loan(months=3, utr="SECOND"))
    assert report_book(at=noon(AFTER_A_YEAR)) == 2
    close(date(2026, 7, 1))

    assert report_book(at=noon(AFTER_A_YEAR)) == 1

    watched = LoanOutcome.objects.get(loan=running.account_no)
    assert watched.observed_until.date() == date(2026, 7, 1)
    assert LoanOutcome.objects.get(loan=ended.account_no).ended_at is not None


def test_a_loan_left_in_the_cooling_off_days_says_nothing_of_its_borrower(db):
    loan = a_loan()
    Loan.objects.filter(pk=loan.pk).update(state="closed", closed_as="cooled_off")

    assert report_outcomes(business_id=loan.business_id, at=noon(START)) == 0
