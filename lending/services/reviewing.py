"""The way through the house: who takes a case, what is asked of the owner, what an analyst makes of it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts import audit
from accounts.models import Role, User
from accounts.permissions import Capability, require
from accounts.services import tell_business
from creditiq.kernel.clock import IST
from creditiq.kernel.errors import InvalidInput, NotVisible
from creditiq.kernel.events import publish
from lending.engine.turnaround import resumed
from lending.events import ApplicationMoved
from lending.models import ApplicationCondition, LoanApplication, Step
from lending.selectors.applications import visible_application
from lending.selectors.exposures import is_related
from lending.services.moving import UnableToProceed, lock, refused_on_record, take_step

MOST_AT_ONCE = 50


def claim(*, application_id: UUID, version: int, by: User, at: datetime) -> LoanApplication:
    """Take a case nobody has, as it was at `version`. Raises UnableToProceed when somebody was quicker."""
    application = visible_application(user=by, application_id=application_id, at=at)
    require(by, Capability.RECOMMEND, application)
    with refused_on_record(application, "claim", by, at), transaction.atomic(durable=True):
        locked = lock(application)
        if locked.officer_id is not None:
            raise UnableToProceed(f"{locked.officer} has taken this case meanwhile.", code="taken")
        if locked.version != version:
            raise UnableToProceed("This case changed since you opened it. Look at it again.", code="changed")
        _give(locked, by, by, at)
    return locked


def assign(*, application_ids: Sequence[UUID], to: UUID, by: User, at: datetime) -> int:
    """Give open cases to an officer of the same bank, all or none. Returns how many.

    Raises NotVisible for a case that is not yours to see, InvalidInput for nobody or too many.
    """
    require(by, Capability.VIEW_QUEUE)
    if not 0 < len(set(application_ids)) <= MOST_AT_ONCE:
        message = f"Choose one to {MOST_AT_ONCE} applications."
        raise InvalidInput(message, field="applications", rule="applications.count")
    officer = User.objects.filter(uuid=to, role=Role.LOAN_OFFICER, is_active=True).first()
    if officer is None or officer.organisation_id is None:
        raise InvalidInput("Choose a loan officer.", field="officer", rule="officer.unknown")
    seen = [visible_application(user=by, application_id=one, at=at) for one in dict.fromkeys(application_ids)]
    if any(one.organisation_id != officer.organisation_id for one in seen):
        raise NotVisible
    with transaction.atomic(durable=True):
        for application in sorted(seen, key=lambda one: one.pk):
            _give(lock(application), officer, by, at)
    return len(seen)


def _give(locked: LoanApplication, officer: User, by: User, at: datetime) -> None:
    if not locked.is_open:
        raise UnableToProceed(f"{locked} is decided.", code="decided")
    if is_related(user_id=officer.pk, business=locked.business):
        raise UnableToProceed(f"{officer} is connected with this business.", code="related_party")
    locked.officer = officer
    locked.version += 1
    locked.save(update_fields=["officer", "version"])
    audit.record(
        "application.assigned", target=locked, at=at, by=by, organisation=locked.organisation,
        payload={"officer": officer.uuid},
    )  # fmt: skip
    publish(ApplicationMoved(application_id=locked.pk, business_id=locked.business_id))


def ask_owner(*, application_id: UUID, note: str, by: User, at: datetime) -> LoanApplication:
    """Ask the owner for something; the clock stands still until the answer."""
    question = _said(note, "Say what you need to know.")

    def pause(locked: LoanApplication) -> None:
        locked.paused_at = at
        source = f"application.asked:{locked.pk}:{locked.version}"
        facts = {"application": str(locked.uuid)}
        tell_business(business_id=locked.business_id, topic="application.asked", source=source, at=at, facts=facts)

    return take_step(application_id=application_id, event=Step.ASK, by=by, at=at, note=question, work=pause)


def answer_bank(*, application_id: UUID, note: str, by: User, at: datetime) -> LoanApplication:
    """Answer the bank; the last day moves on by the business days it waited."""
    said = _said(note, "Write an answer.")

    def go_on(locked: LoanApplication) -> None:
        if locked.paused_at is not None and locked.due is not None:
            locked.due = resumed(locked.due, locked.paused_at.astimezone(IST).date(), at.astimezone(IST).date())
        locked.paused_at = None

    return take_step(application_id=application_id, event=Step.ANSWER, by=by, at=at, note=said, work=go_on)


def review_credit(*, application_id: UUID, note: str, by: User, at: datetime) -> LoanApplication:
    """A credit analyst's reading of a recommended case, for the person who decides."""
    memo = _said(note, "Write what you found.")

    def check(locked: LoanApplication) -> None:
        if is_related(user_id=by.pk, business=locked.business):
            raise UnableToProceed("You are connected with this business.", code="related_party")
        recommended = locked.decisions.in_order().last()
        if recommended is not None and recommended.by_id == by.pk:
            raise UnableToProceed("Somebody else has to read your recommendation.", code="maker_is_checker")

    return take_step(application_id=application_id, event=Step.ANALYSE, by=by, at=at, note=memo, work=check)


def add_condition(*, application_id: UUID, text: str, by: User, at: datetime) -> ApplicationCondition:
    """Something to be met before the payment; added until the offer is made."""
    words = _said(text, "Write the condition.")[:300]
    application = visible_application(user=by, application_id=application_id, at=at)
    require(by, Capability.VIEW_QUEUE, application)
    with transaction.atomic(durable=True):
        locked = lock(application)
        if not locked.is_open:
            raise UnableToProceed("Conditions are set before the decision.", code="decided")
        condition, fresh = ApplicationCondition.objects.get_or_create(
            application=locked, text=words, defaults={"by": by, "at": at}
        )
        if fresh:
            audit.record("application.condition_set", target=locked, at=at, by=by, organisation=locked.organisation)
    return condition


def meet_condition(*, condition_id: UUID, by: User, at: datetime) -> ApplicationCondition:
    """Say that a condition is met. Raises NotVisible."""
    found = ApplicationCondition.objects.select_related("application").filter(uuid=condition_id).first()
    if found is None:
        raise NotVisible
    application = visible_application(user=by, application_id=found.application.uuid, at=at)
    require(by, Capability.VIEW_QUEUE, application)
    with transaction.atomic(durable=True):
        locked = ApplicationCondition.objects.select_for_update(of=("self",)).get(pk=found.pk)
        if locked.met_at is None:
            locked.met_at, locked.met_by = at, by
            locked.save(update_fields=["met_at", "met_by"])
            audit.record(
                "application.condition_met", target=application, at=at, by=by, organisation=application.organisation
            )
    return locked


def _said(text: str, otherwise: str) -> str:
    words = text.strip()
    if not words:
        raise InvalidInput(otherwise, field="note", rule="note.empty")
    return words
