"""Instalments as reminders of the business: told three days before, on the day, and when they are late."""

from datetime import datetime

from django.db import transaction

from accounts.models import Reminder, ReminderKind
from accounts.services import Occasion, complete_scheduled, schedule_reminder
from lending.models import Loan
from lending.selectors.books import book

AHEAD = 12
"""How many instalments lie ahead as reminders; every payment brings the next."""


def remind_of_instalments(*, loan_id: int, at: datetime) -> int:
    """Bring the reminders of a loan in line with its book; how many lie ahead. Twice is harmless.

    What was asked for and is paid, or is no longer asked for, is ticked off.
    """
    loan = Loan.objects.get(pk=loan_id)
    stands = book(loan)
    ahead = {f"emi:{loan.uuid}:{row.number}": row for row in stands.rows[:AHEAD]} if not loan.closed_as else {}
    unpaid = {due.due for due in stands.dues} if not loan.closed_as else set()
    with transaction.atomic(durable=True):
        for source, row in ahead.items():
            occasion = Occasion(ReminderKind.EMI, source, f"Instalment {row.number} of {loan.account_no}", row.due)
            schedule_reminder(business_id=loan.business_id, occasion=occasion, at=at)
        kept = Reminder.objects.open().filter(business_id=loan.business_id, source__startswith=f"emi:{loan.uuid}:")
        for reminder in kept.order_by("pk"):
            if reminder.source not in ahead and reminder.due_on not in unpaid:
                complete_scheduled(business_id=loan.business_id, source=reminder.source, at=at)
    return len(ahead)
