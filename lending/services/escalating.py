"""What a bank owes an answer to and is late with goes to those who can give it: applications and complaints."""

from datetime import date, datetime

from django.db import transaction

from accounts import audit
from accounts.models import Notification
from accounts.permissions import Capability
from accounts.services import tell_staff
from creditiq.kernel.clock import IST
from lending.models import ApplicationState, Grievance, LoanApplication
from lending.selectors.applications import due_of


def escalate_late(*, at: datetime) -> int:
    """Every quarter of an hour: what is past its day is told to the bank's officers and risk managers, once each.

    An application that waits for its owner is not late: its clock stands still. Returns how many are newly late.
    """
    today = at.astimezone(IST).date()
    applications = (_escalate_application(application, at) for application in _late_applications(today))
    unanswered = Grievance.objects.filter(answered_at__isnull=True, answer_by__lt=today)
    late = unanswered.select_related("loan__organisation").order_by("answer_by", "pk")
    complaints = (_escalate_complaint(grievance, at) for grievance in late)
    return sum(applications) + sum(complaints)


def _late_applications(today: date) -> list[LoanApplication]:
    rows = (
        LoanApplication.objects.undecided()
        .filter(paused_at__isnull=True)
        .exclude(state=ApplicationState.INFO_REQUESTED)
    )
    return [one for one in rows.select_related("business", "organisation").order_by("pk") if due_of(one) < today]


def _escalate_application(application: LoanApplication, at: datetime) -> bool:
    facts = {
        "business": application.business.trade_name, "application": str(application.uuid),
        "day": f"{due_of(application):%d %b %Y}",
    }  # fmt: skip
    with transaction.atomic(durable=True):
        told = [
            news
            for capability in (Capability.RECOMMEND, Capability.SANCTION)
            for news in _tell(application.organisation_id, capability, "application.late", application.pk, at, facts)
        ]
        if told:
            audit.record(
                "application.escalated", target=application, at=at, organisation=application.organisation,
                payload={"due": due_of(application), "told": len(told)},
            )  # fmt: skip
    return bool(told)


def _escalate_complaint(grievance: Grievance, at: datetime) -> bool:
    loan = grievance.loan
    facts = {"account": loan.account_no, "loan": str(loan.uuid), "day": f"{grievance.answer_by:%d %b %Y}"}
    with transaction.atomic(durable=True):
        told = [
            news
            for capability in (Capability.SERVICE_LOANS, Capability.APPROVE_LOAN_ACTS)
            for news in _tell(loan.organisation_id, capability, "grievance.late", grievance.pk, at, facts)
        ]
        if told:
            audit.record(
                "grievance.escalated", target=grievance, at=at, organisation=loan.organisation,
                payload={"answer_by": grievance.answer_by, "told": len(told)},
            )  # fmt: skip
    return bool(told)


def _tell(
    bank: int, capability: Capability, topic: str, key: int, at: datetime, facts: dict[str, str]
) -> list[Notification]:
    return tell_staff(capability, topic=topic, source=f"{topic}:{key}", at=at, facts=facts, organisation_id=bank)
