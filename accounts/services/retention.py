"""Forgetting what its time is over for: a dry run, 48 hours of notice, two people, and then it is gone."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from accounts import audit
from accounts.engine.retention import in_force
from accounts.models import ApprovalRequest, RetentionRun, User
from accounts.permissions import Capability, require
from accounts.services.approvals import Approved, approvable, request_approval
from accounts.services.retained import ENDINGS
from creditiq.kernel.clock import IST
from creditiq.kernel.errors import ApplicationError, NotVisible

NOTICE = timedelta(hours=48)
PLANNED_ANEW = timedelta(days=7)
"""A dry run stands this long: one made anew each night would start its notice anew each night."""


class UnableToRelease(ApplicationError):
    """The notice still runs, or there is nothing to forget."""

    code = "unable_to_release"


def plan_retention(*, at: datetime, by: User | None = None) -> RetentionRun:
    """A dry run: counts what is past its time and what a law holds, changes nothing. An open one is replaced."""
    today = at.astimezone(IST).date()
    if by is not None:
        require(by, Capability.CONFIGURE)
    rows: list[dict[str, object]] = []
    for keeping in in_force(today):
        if keeping.kind not in ENDINGS:
            continue
        ending, before = ENDINGS[keeping.kind], keeping.before(at)
        due = ending.due(before)
        counts = {"due": ending.free(due, today).count(), "held": ending.held(due, today).count()}
        rows.append({"kind": keeping.kind, "label": keeping.label, "before": before.isoformat(), **counts})
    with transaction.atomic(durable=True):
        RetentionRun.objects.filter(released_at__isnull=True).delete()
        run = RetentionRun.objects.create(planned_at=at, not_before=at + NOTICE, rows=rows)
        audit.record("retention.planned", target=run, at=at, by=by, payload={"due": run.due})
    return run


def plan_weekly_retention(*, at: datetime) -> RetentionRun | None:
    """The same by the clock: none while an open dry run that found something is younger than a week."""
    standing = RetentionRun.objects.filter(released_at__isnull=True, planned_at__gt=at - PLANNED_ANEW)
    if any(run.due for run in standing):
        return None
    return plan_retention(at=at)


def propose_release(*, run_id: UUID, by: User, at: datetime) -> ApprovalRequest:
    """Ask a second administrator to let the records of a dry run go. Raises UnableToRelease, NotVisible."""
    require(by, Capability.CONFIGURE)
    run = _releasable(RetentionRun.objects.filter(uuid=run_id).first(), at)
    payload = {"run": str(run.uuid), "due": run.due}
    return request_approval(
        action="retention.release", payload=payload, summary=f"Forget {run.due} records", by=by, at=at
    )


@approvable("retention.release", title="Forget old records", maker=Capability.CONFIGURE, checker=Capability.CONFIGURE)
def release_approved_retention(approved: Approved) -> RetentionRun:
    """Payload: `run`. Only what was due on the day of the dry run, and what no law holds today."""
    rows = RetentionRun.objects.select_for_update().filter(uuid=UUID(str(approved.payload["run"])))
    run = _releasable(rows.first(), approved.at)
    today = approved.at.astimezone(IST).date()
    run.forgotten = {row["kind"]: _forget(row["kind"], row["before"], today=today) for row in run.rows}
    run.released_at = approved.at
    run.save(update_fields=["forgotten", "released_at"])
    facts = {"maker": approved.maker.uuid, **run.forgotten}
    audit.record("retention.released", target=run, at=approved.at, by=approved.checker, payload=facts)
    return run


def _forget(kind: str, before: str, *, today: date) -> int:
    ending = ENDINGS[kind]
    return ending.forget(ending.free(ending.due(datetime.fromisoformat(before)), today))


def _releasable(run: RetentionRun | None, at: datetime) -> RetentionRun:
    if run is None:
        raise NotVisible
    if run.released_at is not None:
        raise UnableToRelease("This was released already.")
    if not run.due:
        raise UnableToRelease("Nothing is past its time.")
    if at < run.not_before:
        raise UnableToRelease(f"Notice runs until {run.not_before.astimezone(IST):%d %b %Y, %H:%M}. Ask again then.")
    return run
