"""One step of an application: the table is asked, the row moves, the step and the audit entry are written together."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts import audit
from accounts.models import User
from accounts.permissions import Capability, require
from creditiq.kernel.errors import ApplicationError, Forbidden
from creditiq.kernel.events import publish
from creditiq.kernel.transitions import Transition
from lending.events import ApplicationMoved
from lending.models import STEPS, ApplicationEvent, LoanApplication
from lending.models.applications import SYSTEM
from lending.selectors.applications import visible_application

Work = Callable[[LoanApplication], None]


class UnableToProceed(ApplicationError):
    """The step is not allowed now; `code` says which rule stands against it."""

    code = "unable_to_proceed"


def take_step(
    *, application_id: UUID, event: str, by: User, at: datetime, note: str = "", work: Work | None = None
) -> LoanApplication:
    """Take a person's step, doing `work` on the locked row first.

    Raises NotVisible, Forbidden, ForbiddenTransition and what `work` raises; a refused attempt is on record.
    """
    application = visible_application(user=by, application_id=application_id, at=at)
    with refused_on_record(application, event, by, at), transaction.atomic(durable=True):
        locked = lock(application)
        allowed(locked, event, by)
        if work is not None:
            work(locked)
        follow(locked, event, by=by, at=at, note=note)
    return locked


@contextmanager
def refused_on_record(application: LoanApplication, event: str, by: User, at: datetime) -> Iterator[None]:
    """Write an audit entry of a refusal, and pass the refusal on."""
    try:
        yield
    except ApplicationError as refusal:
        with transaction.atomic(durable=True):
            audit.record(
                f"application.{event}"[:60], target=application, at=at, by=by,
                organisation=application.organisation, outcome="refused", payload={"code": refusal.code},
            )  # fmt: skip
        raise


def lock(application: LoanApplication) -> LoanApplication:
    """The row as it is now, held until the transaction ends."""
    rows = LoanApplication.objects.select_related("business", "organisation", "product", "officer")
    return rows.select_for_update(of=("self",)).get(pk=application.pk)


def allowed(application: LoanApplication, event: str, by: User) -> Transition:
    """The step, when this person may take it. Raises ForbiddenTransition or Forbidden."""
    step = STEPS.follow(application.state, event)
    if step.capability == SYSTEM:
        raise Forbidden
    require(by, Capability(step.capability), application)
    return step


def follow(
    application: LoanApplication, event: str, *, by: User | None, at: datetime, note: str = "", told: bool = True
) -> Transition:
    """Move a locked application inside the caller's transaction; everything set on the row is saved with it.

    A step that has news of its own is not `told` a second time.
    """
    step = STEPS.follow(application.state, event)
    application.state = step.target
    application.version += 1
    application.save()
    ApplicationEvent.objects.create(
        application=application, event=step.event, source=step.source, target=step.target, at=at, by=by, note=note
    )
    audit.record(
        f"application.{step.target}", target=application, at=at, by=by, organisation=application.organisation,
        payload={"event": step.event, "version": application.version},
    )  # fmt: skip
    if told:
        publish(ApplicationMoved(application_id=application.pk, business_id=application.business_id))
    return step
