"""What the clock looks after: requests about data that wait, records past their time, the house itself."""

from datetime import datetime, timedelta

from django.db import transaction

from accounts import audit
from accounts.models import AuditEntry, DataRequest, DataRequestKind, DataRequestState, LegalHold, RetentionRun
from accounts.permissions import Capability
from accounts.services.notices import tell_staff
from creditiq.kernel import health
from creditiq.kernel.clock import IST

AHEAD = timedelta(hours=48)
"""How long before its day a request about data is brought to the administrators, again every night."""
FAILING, WELL = "house.failing", "house.well"


def chase_data_requests(*, at: datetime) -> int:
    """Every night: requests whose time ends within 48 hours or is over, and dry runs that wait; how many requests.

    Administrators hear of it once a day. The trail says how many erasures wait and how many of them a law forbids.
    """
    today = at.astimezone(IST).date()
    waiting = DataRequest.objects.filter(state=DataRequestState.OPEN)
    near = waiting.filter(due_at__lte=at + AHEAD).count()
    erasures = waiting.filter(kind=DataRequestKind.ERASURE)
    held = LegalHold.objects.live_on(today).values("business__memberships__user")
    counts = {
        "open": waiting.count(), "near_or_late": near, "late": waiting.filter(due_at__lt=at).count(),
        "erasures": erasures.count(), "erasures_held": erasures.filter(user__in=held).count(),
    }  # fmt: skip
    with transaction.atomic(durable=True):
        audit.record("data_request.queue_read", target="accounts.datarequest", at=at, payload=counts)
        if near:
            source, facts = f"data_request.due:{today}", {"count": str(near)}
            tell_staff(Capability.CONFIGURE, topic="data_request.due", source=source, at=at, facts=facts)
        for run in RetentionRun.objects.filter(released_at__isnull=True).order_by("pk"):
            if run.due:
                facts = {"count": str(run.due), "day": f"{run.not_before.astimezone(IST):%d %b %Y, %H:%M}"}
                source = f"retention.planned:{run.pk}"
                tell_staff(Capability.CONFIGURE, topic="retention.planned", source=source, at=at, facts=facts)
    return near


def watch_house(*, at: datetime) -> tuple[str, ...]:
    """Every few minutes: the parts of the house that fail their check. What changed is on record and told, once."""
    bad = tuple(sorted(name for name, reading in health.readings().items() if reading.get("ok") is False))
    last = AuditEntry.objects.filter(action__in=(FAILING, WELL)).order_by("-pk").first()
    before = last.content.get("parts") if last is not None else []
    if list(bad) == before:
        return bad
    with transaction.atomic(durable=True):
        audit.record(FAILING if bad else WELL, target="house", at=at, payload={"parts": list(bad)})
        if bad:
            source, facts = f"house.failing:{at:%Y-%m-%dT%H:%M}", {"parts": ", ".join(bad)}
            tell_staff(Capability.CONFIGURE, topic="house.failing", source=source, at=at, facts=facts)
    return bad
