"""Cases past their time go to whoever has them and to everybody who can take them on."""

from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.permissions import Capability
from accounts.services import tell_staff
from creditiq.kernel.clock import IST
from fraud.models import Case


def escalate_late_cases(*, at: datetime) -> int:
    """Every quarter of an hour: cases past their time are told to the house's fraud desk, once each; how many."""
    late = Case.objects.unfinished().filter(due_at__lt=at).select_related("organisation").most_urgent_first()
    return sum(_escalate(case, at) for case in late)


def _escalate(case: Case, at: datetime) -> bool:
    facts = {
        "number": case.number, "case": str(case.uuid), "day": f"{case.due_at.astimezone(IST):%d %b %Y, %H:%M}",
    }  # fmt: skip
    with transaction.atomic(durable=True):
        told = tell_staff(
            Capability.WORK_FRAUD, topic="case.late", source=f"case.late:{case.pk}", at=at, facts=facts,
            organisation_id=case.organisation_id,
        )  # fmt: skip
        if told:
            chain = None if case.organisation.is_platform else case.organisation
            payload = {"due_at": case.due_at, "told": len(told)}
            audit.record("case.escalated", target=case, at=at, organisation=chain, payload=payload)
    return bool(told)
