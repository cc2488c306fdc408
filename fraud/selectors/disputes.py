"""Disputes as their owner sees them, and as the people who answer them do."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet

from accounts.models import Role, User
from accounts.permissions import CAPABILITIES, Capability
from creditiq.kernel.errors import NotVisible
from fraud.models import UNRESOLVED, Dispute, DisputeFile, DisputeMessage, DisputeState, Finding, Ring
from fraud.selectors.queue import RingRow, rows_of

DISPUTES_PER_PAGE = 25
SHARES = (
    ("open", "To answer"), ("mine", "Mine"), ("asked", "Waits for the owner"), ("late", "Late"),
    ("resolved", "Resolved"),
)  # fmt: skip
SHOWN_FINDINGS = 12


class Turn(NamedTuple):
    """One message of the thread with its documents; the owner is not told who in the house wrote it."""

    message: DisputeMessage
    files: tuple[DisputeFile, ...]

    @property
    def names(self) -> list[str]:
        """What its documents are called."""
        return [file.filename for file in self.files]


class DisputeRow(NamedTuple):
    """A dispute in a list; `days` are left until an answer is due, negative when it is late."""

    dispute: Dispute
    late: bool
    days: float


class Share(NamedTuple):
    """A share of the disputes."""

    code: str
    label: str
    disputes: int


@dataclass(frozen=True)
class OwnDispute:
    """A dispute as its owner sees it: the thread, the clock, the outcome. Nothing of rings, alerts or cases."""

    dispute: Dispute
    row: DisputeRow
    turns: tuple[Turn, ...]


@dataclass(frozen=True)
class DisputeQueue:
    """Disputes the person may see, in one share; the counts are over all shares."""

    rows: tuple[DisputeRow, ...]
    page: Page[Dispute]
    shares: tuple[Share, ...]
    current: str
    late: int
    open: int


@dataclass(frozen=True)
class DisputeView:
    """A dispute beside the evidence it is about, for whom it is theirs to answer."""

    dispute: Dispute
    row: DisputeRow
    turns: tuple[Turn, ...]
    rings: tuple[RingRow, ...]
    findings: tuple[Finding, ...]
    colleagues: tuple[User, ...]


def dispute_row(dispute: Dispute, at: datetime) -> DisputeRow:
    """The dispute with the state of its clock."""
    return DisputeRow(dispute, dispute.is_late(at), (dispute.due_at - at).total_seconds() / 86_400)


def own_disputes(*, user: User, at: datetime) -> tuple[DisputeRow, ...]:
    """The disputes about the person's businesses, newest first."""
    rows = Dispute.objects.visible_to(user).select_related("business").order_by("-opened_at", "-pk")
    return tuple(dispute_row(dispute, at) for dispute in rows)


def visible_dispute(*, user: User, dispute_id: UUID) -> Dispute:
    """A dispute about a business the person may see. Raises NotVisible."""
    disputes = Dispute.objects.visible_to(user).select_related("business", "assignee", "opened_by", "resolved_by")
    found = disputes.filter(uuid=dispute_id).first()
    if found is None:
        raise NotVisible
    return found


def own_dispute(*, user: User, dispute_id: UUID, at: datetime) -> OwnDispute:
    """One dispute with its thread. Raises NotVisible."""
    dispute = visible_dispute(user=user, dispute_id=dispute_id)
    return OwnDispute(dispute, dispute_row(dispute, at), _turns(dispute))


def _turns(dispute: Dispute) -> tuple[Turn, ...]:
    messages: Iterable[DisputeMessage] = dispute.messages.prefetch_related("files").select_related("by")
    ordered = sorted(messages, key=lambda message: (message.at, message.pk))
    return tuple(Turn(message, tuple(message.files.all())) for message in ordered)


def in_share(disputes: "QuerySet[Dispute]", share: str, user: User, at: datetime) -> "QuerySet[Dispute]":
    """The disputes of one share of the list."""
    return disputes.filter(_share_rules(user, at)[share])


def _share_rules(user: User, at: datetime) -> dict[str, Q]:
    waiting = Q(state__in=UNRESOLVED)
    return {
        "open": Q(state=DisputeState.OPEN),
        "mine": waiting & Q(assignee=user),
        "asked": Q(state=DisputeState.ASKED),
        "late": waiting & Q(due_at__lt=at),
        "resolved": ~waiting,
    }


def dispute_queue(*, user: User, share: str = "open", page: str = "1", at: datetime) -> DisputeQueue:
    """Most urgent first; the answered ones too when asked for."""
    seen = Dispute.objects.visible_to(user)
    rules = _share_rules(user, at)
    wanted = {code: Count("pk", filter=rules[code]) for code, _ in SHARES}
    counts = seen.aggregate(**wanted, unresolved=Count("pk", filter=Q(state__in=UNRESOLVED)))
    current = share if share in wanted else "open"
    rows = in_share(seen, current, user, at).select_related("business", "assignee").order_by("due_at", "pk")
    paginator = Paginator(rows, DISPUTES_PER_PAGE)
    paginator.count = counts[current]
    shown = paginator.get_page(page)
    return DisputeQueue(
        rows=tuple(dispute_row(dispute, at) for dispute in shown),
        page=shown,
        shares=tuple(Share(code, label, counts[code]) for code, label in SHARES),
        current=current,
        late=counts["late"],
        open=counts["unresolved"],
    )


def answerers(user: User) -> QuerySet[User]:
    """Who may answer disputes beside the person: those of the same organisation whose role sees fraud."""
    roles: list[Role] = [Role(role) for role, held in CAPABILITIES.items() if Capability.VIEW_FRAUD in held]
    return User.objects.active().filter(organisation=user.organisation, role__in=roles).order_by("first_name", "pk")


def dispute_view(*, user: User, dispute_id: UUID, at: datetime) -> DisputeView:
    """One dispute beside the rings and findings of the business. Raises NotVisible."""
    dispute = visible_dispute(user=user, dispute_id=dispute_id)
    rings = Ring.objects.filter(members__business=dispute.business, members__current=True, members__suspect=True)
    findings = Finding.objects.filter(business=dispute.business).known_at(at).latest_first()
    return DisputeView(
        dispute=dispute,
        row=dispute_row(dispute, at),
        turns=_turns(dispute),
        rings=rows_of(list(rings.order_by("-confidence", "pk")), user),
        findings=tuple(findings[:SHOWN_FINDINGS]),
        colleagues=tuple(answerers(user)),
    )


def visible_file(*, user: User, file_id: UUID) -> DisputeFile:
    """A document of a dispute about a business the person may see. Raises NotVisible."""
    disputes = Dispute.objects.visible_to(user)
    file = DisputeFile.objects.filter(message__dispute__in=disputes, uuid=file_id).first()
    if file is None:
        raise NotVisible
    return file
