"""An owner says that something is wrong; an analyst or a risk manager assigns, asks and resolves.

Upholding a dispute about a hold clears the standing alerts of the business and asks for a new score.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Q

from accounts import audit
from accounts.models import Business, User
from accounts.permissions import Capability, require
from accounts.services import tell_business
from creditiq.kernel.errors import ApplicationError, Forbidden, InvalidInput
from creditiq.kernel.events import publish
from fraud.events import AlertDecided, DisputeAnswered, DisputeUpheld
from fraud.models import (
    UNRESOLVED,
    Alert,
    AlertState,
    Dispute,
    DisputeFile,
    DisputeMessage,
    DisputeState,
    DisputeSubject,
    RingMember,
)
from fraud.selectors.disputes import answerers, visible_dispute
from fraud.selectors.policy import policy_at

MOST_FILES = 5
MOST_BYTES = 10 * 2**20
SIGNATURES = {b"%PDF-": "application/pdf", b"\x89PNG\r\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
"""What a document may be, told by its first bytes and never by its name."""


class UnableToDispute(ApplicationError):
    """The same thing is disputed already, or the dispute is resolved."""

    code = "unable_to_dispute"


@dataclass(frozen=True)
class Attachment:
    """A document as its sender named it."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Statement:
    """What is disputed, in the owner's words, with documents."""

    subject: DisputeSubject
    reference: str
    text: str
    files: Sequence[Attachment] = ()


@dataclass(frozen=True)
class Resolution:
    """Whether the owner is right, and why; the owner reads it."""

    upheld: bool
    outcome: str


def open_dispute(*, business: Business, statement: Statement, by: User, at: datetime) -> Dispute:
    """Open a dispute about a reason, a record or a hold. Raises UnableToDispute for one that is open already."""
    require(by, Capability.VIEW_OWN_SCORE, business)
    text = _stated(statement.text, "text")
    reference = " ".join(statement.reference.split())[:120]
    if statement.subject != DisputeSubject.FLAG and not reference:
        raise InvalidInput("Name the reason or the record.", field="reference", rule="dispute.reference")
    documents = [_checked(file) for file in _few(statement.files)]
    same = Dispute.objects.unresolved().filter(business=business, subject=statement.subject, reference=reference)
    with transaction.atomic(durable=True):
        if same.exists():
            raise UnableToDispute("You dispute this already; add to that dispute instead.")
        dispute = Dispute.objects.create(
            business=business,
            subject=statement.subject,
            reference=reference,
            opened_at=at,
            opened_by=by,
            due_at=at + timedelta(days=policy_at(at).policy.dispute_days),
        )
        _say(dispute, text, documents, by, at)
        audit.record("dispute.opened", target=dispute, at=at, by=by, payload={"subject": statement.subject})
        publish(DisputeAnswered(dispute_id=dispute.pk, business_id=business.pk))
    return dispute


def _few(files: Sequence[Attachment]) -> Sequence[Attachment]:
    if len(files) > MOST_FILES:
        raise InvalidInput(f"Send at most {MOST_FILES} documents at a time.", field="documents", rule="dispute.files")
    return files


def _checked(file: Attachment) -> tuple[Attachment, str]:
    """The document with its kind. Raises InvalidInput for what is too large or neither PDF, PNG nor JPEG."""
    if len(file.content) > MOST_BYTES:
        message = f"“{file.name[:60]}” is larger than {MOST_BYTES // 2**20} MiB."
        raise InvalidInput(message, field="documents", rule="dispute.file_size")
    kind = next((kind for start, kind in SIGNATURES.items() if file.content.startswith(start)), None)
    if kind is None:
        message = f"“{file.name[:60]}” is not a PDF, PNG or JPEG."
        raise InvalidInput(message, field="documents", rule="dispute.file_kind")
    return file, kind


def _say(dispute: Dispute, text: str, files: Sequence[tuple[Attachment, str]], by: User, at: datetime) -> None:
    from_owner = by.organisation is None
    message = DisputeMessage.objects.create(dispute=dispute, at=at, by=by, from_owner=from_owner, text=text)
    for file, kind in files:
        sha256 = hashlib.sha256(file.content).hexdigest()
        DisputeFile.objects.create(
            message=message, filename=file.name[:200], content_type=kind, sha256=sha256, size=len(file.content),
            file=ContentFile(file.content, name=sha256),
        )  # fmt: skip


def _stated(text: str, field: str) -> str:
    if not text.strip():
        raise InvalidInput("Say in a few words what is meant.", field=field, rule=f"dispute.{field}")
    return text.strip()


def _locked(dispute_id: UUID, by: User) -> Dispute:
    """The unresolved dispute, its row locked. Raises NotVisible, UnableToDispute."""
    found = visible_dispute(user=by, dispute_id=dispute_id)
    dispute = Dispute.objects.select_for_update(of=("self",)).select_related("business").get(pk=found.pk)
    if dispute.state not in UNRESOLVED:
        raise UnableToDispute("This dispute is resolved.")
    return dispute


def reply_to_dispute(
    *, dispute_id: UUID, text: str, files: Sequence[Attachment] = (), by: User, at: datetime
) -> Dispute:
    """The owner adds to the thread; a dispute that waited for the owner goes on."""
    require(by, Capability.VIEW_OWN_SCORE)
    words, documents = _stated(text, "text"), [_checked(file) for file in _few(files)]
    with transaction.atomic(durable=True):
        dispute = _locked(dispute_id, by)
        _say(dispute, words, documents, by, at)
        _move(dispute, DisputeState.OPEN)
        audit.record("dispute.replied", target=dispute, at=at, by=by, payload={"files": len(documents)})
        publish(DisputeAnswered(dispute_id=dispute.pk, business_id=dispute.business_id))
    return dispute


def withdraw_dispute(*, dispute_id: UUID, by: User, at: datetime) -> Dispute:
    """The owner takes the dispute back."""
    require(by, Capability.VIEW_OWN_SCORE)
    with transaction.atomic(durable=True):
        dispute = _locked(dispute_id, by)
        _resolve(dispute, DisputeState.WITHDRAWN, "", by, at)
        audit.record("dispute.withdrawn", target=dispute, at=at, by=by)
    return dispute


def assign_dispute(*, dispute_id: UUID, to: UUID, by: User, at: datetime) -> Dispute:
    """Give the dispute to somebody of the organisation who may answer it. Raises InvalidInput."""
    require(by, Capability.VIEW_FRAUD)
    with transaction.atomic(durable=True):
        dispute = _locked(dispute_id, by)
        person = answerers(by).filter(uuid=to).first()
        if person is None:
            message = "Choose a colleague of your organisation who answers disputes."
            raise InvalidInput(message, field="to", rule="dispute.assignee")
        dispute.assignee = person
        dispute.save(update_fields=["assignee"])
        audit.record("dispute.assigned", target=dispute, at=at, by=by, payload={"to": person.uuid})
    return dispute


def ask_owner(*, dispute_id: UUID, question: str, by: User, at: datetime) -> Dispute:
    """Ask the owner something; the dispute waits for the answer, its clock runs on."""
    require(by, Capability.VIEW_FRAUD)
    words = _stated(question, "question")
    with transaction.atomic(durable=True):
        dispute = _locked(dispute_id, by)
        _say(dispute, words, (), by, at)
        _move(dispute, DisputeState.ASKED)
        audit.record("dispute.asked", target=dispute, at=at, by=by)
        _tell(dispute, "dispute.asked", at)
        publish(DisputeAnswered(dispute_id=dispute.pk, business_id=dispute.business_id))
    return dispute


def resolve_dispute(*, dispute_id: UUID, resolution: Resolution, by: User, at: datetime) -> Dispute:
    """Uphold or reject a dispute, with the reason the owner will read.

    Upheld: the standing alerts that hold the business are dismissed for that reason, and a rescore follows.
    Clearing a hold takes the capability to work on fraud. Raises UnableToDispute, InvalidInput, Forbidden.
    """
    require(by, Capability.VIEW_FRAUD)
    outcome = _stated(resolution.outcome, "outcome")
    with transaction.atomic(durable=True):
        dispute = _locked(dispute_id, by)
        if dispute.opened_by_id == by.pk:
            raise Forbidden("Somebody else has to resolve what you opened.")
        if resolution.upheld and dispute.subject == DisputeSubject.FLAG:
            require(by, Capability.WORK_FRAUD)
            _clear(dispute, outcome, by, at)
        _resolve(dispute, DisputeState.UPHELD if resolution.upheld else DisputeState.REJECTED, outcome, by, at)
        audit.record(f"dispute.{dispute.state}", target=dispute, at=at, by=by, payload={"subject": dispute.subject})
        _tell(dispute, "dispute.resolved", at)
        publish(DisputeAnswered(dispute_id=dispute.pk, business_id=dispute.business_id))
        if resolution.upheld:
            publish(DisputeUpheld(dispute_id=dispute.pk, business_id=dispute.business_id))
    return dispute


def _tell(dispute: Dispute, topic: str, at: datetime) -> None:
    """Tell the owners: of each question, and of the answer."""
    source = f"{topic}:{dispute.pk}:{dispute.messages.count()}"
    facts = {"dispute": str(dispute.uuid)}
    tell_business(business_id=dispute.business_id, topic=topic, source=source, at=at, facts=facts)


def _move(dispute: Dispute, state: DisputeState) -> None:
    dispute.state = state
    dispute.save(update_fields=["state"])


def _resolve(dispute: Dispute, state: DisputeState, outcome: str, by: User, at: datetime) -> None:
    dispute.state, dispute.outcome, dispute.resolved_by, dispute.resolved_at = state, outcome, by, at
    dispute.save(update_fields=["state", "outcome", "resolved_by", "resolved_at"])


def _clear(dispute: Dispute, outcome: str, by: User, at: datetime) -> None:
    """Dismiss every alert that holds the business, a confirmed one too: an owner can be right against a person."""
    suspected = RingMember.objects.filter(business=dispute.business, current=True, suspect=True)
    about = Q(ring__in=suspected.values("ring_id")) | Q(business=dispute.business)
    for alert in Alert.objects.select_for_update().standing().filter(about).order_by("pk"):
        alert.state, alert.until = AlertState.DISMISSED, None
        alert.reason = f"Dispute {dispute.number} upheld: {outcome}"
        alert.decided_at, alert.decided_by = at, by
        alert.save()
        audit.record("alert.cleared", target=alert, at=at, by=by, payload={"dispute": dispute.uuid})
        if alert.ring_id:
            publish(AlertDecided(alert_id=alert.pk, ring_id=alert.ring_id))
