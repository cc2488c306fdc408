"""Two people for one act: somebody asks, somebody else agrees, and only then it happens, once.

An app writes the act as a service marked `@approvable(...)` and names it in `creditiq/wiring.py` (APPROVABLE); its door
calls `request_approval`. The act runs inside the checker's transaction: it happens together with the approval or not
at all, so it opens no durable transaction of its own, and what takes long it announces with an event.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts import audit
from accounts.events import ApprovalDecided, ApprovalRequested
from accounts.models import APPROVAL_STEPS, ApprovalRequest, ApprovalState, User
from accounts.models.approvals import ApprovalRequestQuerySet, digest_of
from accounts.permissions import Capability, can, capabilities_of, require
from creditiq.kernel.errors import ApplicationError, Forbidden, InvalidInput, NotVisible
from creditiq.kernel.events import publish
from creditiq.kernel.hashing import canonical_json

LIFE = timedelta(days=7)
"""How long a request waits, unless its action says otherwise."""


class UnableToRequestApproval(ApplicationError):
    """The same thing is asked for already."""

    code = "unable_to_request_approval"


class UnableToDecide(ApplicationError):
    """The request cannot be decided as asked."""

    code = "unable_to_decide"


class UnknownAction(LookupError):
    """A programming error: the action is not in APPROVABLE of creditiq/wiring.py."""


@dataclass(frozen=True)
class Approved:
    """What an act is given: its payload, the two people, and when. `approval_id` is its idempotency key."""

    approval_id: int
    payload: Mapping[str, object]
    maker: User
    checker: User
    at: datetime


@dataclass(frozen=True)
class Action:
    """An act that needs two people: who may ask, who may agree, and the service that carries it out."""

    name: str
    title: str
    maker: Capability
    checker: Capability
    execute: Callable[[Approved], object]
    life: timedelta = LIFE


_actions: dict[str, Action] = {}


def approvable(
    name: str, *, title: str, maker: Capability, checker: Capability, life: timedelta = LIFE
) -> Callable[[Callable[[Approved], object]], Action]:
    """Decorator: turn a service that takes an `Approved` into an Action. It is known once APPROVABLE names it."""

    def declare(execute: Callable[[Approved], object]) -> Action:
        return Action(name, title, maker, checker, execute, life)

    return declare


def connect_actions(actions: Iterable[Action]) -> None:
    """Install the table of actions; called once when Django is ready."""
    listed = list(actions)
    named = {action.name: action for action in listed}
    if len(named) != len(listed):
        raise ValueError("two actions have one name")
    _actions.clear()
    _actions.update(named)


def known_actions() -> tuple[Action, ...]:
    """Every act that needs two people, by title."""
    return tuple(sorted(_actions.values(), key=lambda action: action.title))


def action_named(name: str) -> Action:
    """The action of that name. Raises UnknownAction."""
    if name not in _actions:
        raise UnknownAction(f"{name} is not in APPROVABLE of creditiq/wiring.py")
    return _actions[name]


def request_approval(
    *, action: str, payload: Mapping[str, object], summary: str, by: User, at: datetime, reason: str = ""
) -> ApprovalRequest:
    """Ask a second person of the same organisation to agree.

    `payload` (ids and figures) is what `execute` gets, word for word. Raises Forbidden when the role does not make
    such requests, UnableToRequestApproval when the same is asked for already.
    """
    wanted = action_named(action)
    require(by, wanted.maker)
    if by.organisation is None:
        raise Forbidden("Only staff of an organisation ask for a second pair of eyes.")
    text = canonical_json(dict(payload)).decode()
    asked = ApprovalRequest(
        organisation=by.organisation,
        action=action,
        summary=summary[:200],
        reason=reason[:500],
        payload=text,
        payload_digest=digest_of(action=action, organisation_id=by.organisation.pk, payload=text),
        checked_with=wanted.checker,
        maker=by,
        made_at=at,
        expires_at=at + wanted.life,
    )
    try:
        with transaction.atomic(durable=True):
            _close_due(ApprovalRequest.objects.filter(organisation=by.organisation, action=action), at)
            asked.save(force_insert=True)
            facts = {"action": action, "digest": asked.payload_digest}
            audit.record("approval.requested", target=asked, at=at, by=by, payload=facts)
            publish(ApprovalRequested(approval_id=asked.pk))
    except IntegrityError as error:
        raise UnableToRequestApproval("The same is asked for already and waits for a second person.") from error
    return asked


def approve_request(*, approval_id: UUID, by: User, at: datetime, note: str = "") -> ApprovalRequest:
    """Agree, and carry it out in the same transaction. The act's own refusal leaves the request waiting."""
    tampered = False
    with transaction.atomic(durable=True):
        asked, action = _to_decide(approval_id, by, at, "approve")
        tampered = asked.payload_digest != digest_of(
            action=asked.action, organisation_id=asked.organisation_id, payload=asked.payload
        )
        if tampered:
            chain = asked.organisation
            audit.record("approval.tampered", target=asked, at=at, by=by, outcome="refused", organisation=chain)
        else:
            _settle(asked, ApprovalState.APPROVED, at, by=by, note=note)
            action.execute(Approved(asked.pk, asked.content, asked.maker, by, at))
    if tampered:
        raise UnableToDecide("What was asked for was changed afterwards. It is not carried out; tell your auditor.")
    return asked


def reject_request(*, approval_id: UUID, note: str, by: User, at: datetime) -> ApprovalRequest:
    """Say no, and why."""
    with transaction.atomic(durable=True):
        asked, _ = _to_decide(approval_id, by, at, "reject")
        if not note.strip():
            raise InvalidInput("Say why, so that the other person can do better.", field="note", rule="note.missing")
        _settle(asked, ApprovalState.REJECTED, at, by=by, note=note)
    return asked


def cancel_request(*, approval_id: UUID, by: User, at: datetime) -> ApprovalRequest:
    """Take one's own request back."""
    with transaction.atomic(durable=True):
        asked = _locked(approval_id, by)
        if asked.maker_id != by.pk:
            raise Forbidden("Only the person who asked takes a request back.")
        APPROVAL_STEPS.follow(asked.state, "cancel")
        _settle(asked, ApprovalState.CANCELLED, at, by=None, note="")
    return asked


def expire_requests(*, at: datetime) -> int:
    """Close what nobody decided in time; how many. Twice is harmless."""
    with transaction.atomic(durable=True):
        return _close_due(ApprovalRequest.objects.all(), at)


def _close_due(rows: ApprovalRequestQuerySet, at: datetime) -> int:
    due = list(rows.due(at).select_for_update(of=("self",), skip_locked=True).select_related("maker", "organisation"))
    for asked in due:
        _settle(asked, ApprovalState.EXPIRED, at, by=None, note="")
    return len(due)


def _to_decide(approval_id: UUID, by: User, at: datetime, step: str) -> tuple[ApprovalRequest, Action]:
    """The request, locked, for somebody who may decide it now."""
    asked = _locked(approval_id, by)
    action = action_named(asked.action)
    require(by, action.checker, asked)
    if asked.maker_id == by.pk:
        raise Forbidden("You asked for this; somebody else decides.")
    APPROVAL_STEPS.follow(asked.state, step)
    if not asked.is_open_at(at):
        raise UnableToDecide("The time for this request is over. It has to be asked for again.")
    if step == "approve" and not can(asked.maker, action.maker):
        raise UnableToDecide(f"{asked.maker} may not ask for this any more. Reject it.")
    return asked, action


def _locked(approval_id: UUID, by: User) -> ApprovalRequest:
    rows = ApprovalRequest.objects.visible_to(by, capabilities_of(by)).select_for_update(of=("self",))
    asked = rows.select_related("maker__organisation", "organisation").filter(uuid=approval_id).first()
    if asked is None:
        raise NotVisible
    return asked


def _settle(asked: ApprovalRequest, state: ApprovalState, at: datetime, *, by: User | None, note: str) -> None:
    asked.state, asked.checker, asked.decided_at, asked.note = state, by, at, note[:500]
    asked.save(update_fields=["state", "checker", "decided_at", "note"])
    facts = {"action": asked.action, "digest": asked.payload_digest, "maker": asked.maker.uuid}
    who = by if state != ApprovalState.CANCELLED else asked.maker
    audit.record(f"approval.{state}", target=asked, at=at, by=who, payload=facts, organisation=asked.organisation)
    publish(ApprovalDecided(approval_id=asked.pk))
