"""What is late is told once to those who can answer; borrowers hear of their statements once a month."""

from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.models import AuditEntry, Membership, Notification
from accounts.services import tell_business
from lending.models import AccrualRun, ApplicationState, LoanApplication
from lending.services import complain, escalate_late, freeze_collection_queues, run_eod, tell_of_statements
from lending.tasks import escalate_late as escalate_by_the_clock
from lending.tasks import tell_of_statements as tell_by_the_clock
from tests.factories.accounts import MembershipFactory, OfficerFactory, OwnerFactory
from tests.factories.loans import a_loan, noon
from tests.lending.conftest import Desk

pytestmark = pytest.mark.integration
DAY = timedelta(days=1)
LATE = datetime(2027, 3, 1, 6, tzinfo=UTC)


def topics(person) -> list[str]:
    return list(Notification.objects.of(person).order_by("pk").values_list("topic", flat=True))


def test_an_application_past_its_day_is_told_once_to_its_banks_desk(desk: Desk) -> None:
    elsewhere = OfficerFactory()
    LoanApplication.objects.filter(pk=desk.application.pk).update(state=ApplicationState.UNDER_REVIEW)
    assert escalate_late(at=LATE) == 1
    assert escalate_late(at=LATE + DAY) == 0
    escalate_by_the_clock()
    assert topics(desk.officer) == topics(desk.risk) == ["application.late"]
    assert topics(elsewhere) == topics(desk.owner) == []
    entry = AuditEntry.objects.get(action="application.escalated")
    assert entry.content["told"] == 2
    assert Notification.objects.of(desk.risk).get().path == f"/officer/applications/{desk.application.uuid}"


def test_one_that_waits_for_its_owner_is_not_late(desk: Desk) -> None:
    LoanApplication.objects.filter(pk=desk.application.pk).update(state=ApplicationState.INFO_REQUESTED)
    assert escalate_late(at=LATE) == 0


def test_one_with_other_terms_offered_is_not_late(desk: Desk) -> None:
    LoanApplication.objects.filter(pk=desk.application.pk).update(
        state=ApplicationState.COUNTERED, paused_at=LATE - DAY
    )
    assert escalate_late(at=LATE) == 0


def test_a_complaint_past_its_day_is_told_to_the_lender(db) -> None:
    loan = a_loan()
    owner = MembershipFactory(user=OwnerFactory(), business=loan.business).user
    complain(loan_id=loan.uuid, text="The fee is wrong.", by=owner, at=noon(date(2026, 2, 1)))
    assert escalate_late(at=noon(date(2026, 3, 3))) == 0
    assert escalate_late(at=noon(date(2026, 3, 4))) == 1
    assert escalate_late(at=noon(date(2026, 3, 5))) == 0
    assert topics(loan.disbursement.maker) == ["grievance.late"]


def test_borrowers_hear_of_a_months_statement_once_it_is_whole(db) -> None:
    loan = a_loan(on=date(2026, 1, 5))
    owner = MembershipFactory(user=OwnerFactory(), business=loan.business).user
    first = noon(date(2026, 3, 1))
    assert tell_of_statements(at=first) == 0  # the last day is not closed
    run_eod(on=date(2026, 2, 28), at=first)
    assert tell_of_statements(at=first) == 1
    assert tell_of_statements(at=first + timedelta(hours=2)) == 0
    tell_by_the_clock()
    assert topics(owner) == ["loan.statement"]
    assert "28 Feb 2026" in Notification.objects.of(owner).get().text


def test_the_mornings_queue_is_told_to_the_servicing_staff_of_the_lender(db) -> None:
    loan = a_loan(on=date(2026, 1, 5))
    day = date(2026, 3, 10)
    run_eod(on=day, at=noon(day + DAY))
    assert freeze_collection_queues(at=noon(day + DAY)) == 2
    assert freeze_collection_queues(at=noon(day + DAY)) == 2
    assert topics(loan.disbursement.maker) == ["collection.ready"]
    assert AccrualRun.objects.filter(on=day).exists()
    assert not Membership.objects.exists()
    assert tell_business(business_id=loan.business_id, topic="loan.statement", source="x", at=noon(day), facts={}) == []
