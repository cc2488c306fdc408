"""Owners hear that their loan was paid out, and of every instalment in time."""

from datetime import timedelta

import pytest

from accounts.models import Business, Notification, Reminder, ReminderState, User
from accounts.services import send_reminders
from lending.services.reminding import AHEAD, remind_of_instalments
from tests.factories.accounts import BusinessFactory, MembershipFactory, OwnerFactory
from tests.factories.loans import START, a_loan, noon

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    return OwnerFactory()


@pytest.fixture
def business(owner: User) -> Business:
    return MembershipFactory(user=owner, business=BusinessFactory()).business


def test_a_paid_out_loan_is_told_and_its_instalments_are_remembered(owner: User, business: Business) -> None:
    loan = a_loan(business=business)
    (news,) = Notification.objects.of(owner)
    assert (news.topic, news.path) == ("loan.disbursed", f"/owner/loans/{loan.uuid}")
    assert remind_of_instalments(loan_id=loan.pk, at=noon(START)) == AHEAD
    assert remind_of_instalments(loan_id=loan.pk, at=noon(START)) == AHEAD
    rows = Reminder.objects.filter(business=business).order_by("due_on")
    assert rows.count() == AHEAD
    assert rows[0].title == f"Instalment 1 of {loan.account_no}"
    first = rows[0].due_on
    assert first == loan.instalments.get(number=1).due
    assert send_reminders(at=noon(first - timedelta(days=4))) == 0
    for day, topic in ((-3, "reminder.soon"), (0, "reminder.today"), (1, "reminder.overdue")):
        assert send_reminders(at=noon(first + timedelta(days=day))) == 1
        assert Notification.objects.of(owner).order_by("-pk")[0].topic == topic


def test_a_closed_loan_reminds_of_nothing(business: Business) -> None:
    loan = a_loan(business=business)
    remind_of_instalments(loan_id=loan.pk, at=noon(START))
    loan.state, loan.closed_as, loan.closed_on = "closed", "foreclosed", START
    loan.save(update_fields=["state", "closed_as", "closed_on"])
    assert remind_of_instalments(loan_id=loan.pk, at=noon(START)) == 0
    assert not Reminder.objects.in_state(ReminderState.UPCOMING, START).filter(business=business).exists()
