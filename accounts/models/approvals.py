"""What one person asked for and another must agree to."""

import json
import uuid
from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models

from creditiq.kernel.hashing import digest
from creditiq.kernel.transitions import Transition, TransitionTable

if TYPE_CHECKING:
    from accounts.models.people import User


AUDITS = "view_audit"
"""The capability that sees every request; permissions.py, which names them all, stands above the models."""


class ApprovalState(models.TextChoices):
    PENDING = "pending", "Waiting"
    APPROVED = "approved", "Approved"
    REJECTED = "rejected", "Rejected"
    EXPIRED = "expired", "Expired"
    CANCELLED = "cancelled", "Cancelled"


APPROVAL_STEPS = TransitionTable(
    [
        Transition("pending", "approve", "approved", "decide", "second_person"),
        Transition("pending", "reject", "rejected", "decide", "second_person"),
        Transition("pending", "cancel", "cancelled", "view_approvals", "maker"),
        Transition("pending", "expire", "expired", "", "time"),
    ]
)


class ApprovalRequestQuerySet(models.QuerySet["ApprovalRequest"]):
    def pending(self) -> "ApprovalRequestQuerySet":
        return self.filter(state=ApprovalState.PENDING)

    def due(self, at: datetime) -> "ApprovalRequestQuerySet":
        """Still waiting although their time is over."""
        return self.pending().filter(expires_at__lte=at)

    def visible_to(self, user: "User", capabilities: Collection[str]) -> "ApprovalRequestQuerySet":
        """Of the person's organisation (the platform's staff: any): their own, those they may decide, all for audit."""
        if user.organisation is None:
            return self.none()
        near = self if user.organisation.is_platform else self.filter(organisation=user.organisation)
        if AUDITS in capabilities:
            return near
        return near.filter(models.Q(maker=user) | models.Q(checked_with__in=capabilities))


class ApprovalRequest(models.Model):
    """An act that waits for a second person.

    What was asked for is frozen from the first moment and a decided request altogether (trigger, migration 0007);
    `payload` is canonical JSON text, and its digest is computed anew before it is carried out.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="approvals")
    action = models.CharField(max_length=60)
    summary = models.CharField(max_length=200)
    reason = models.CharField(max_length=500, blank=True)
    payload = models.TextField()
    payload_digest = models.CharField(max_length=64)
    checked_with = models.CharField(max_length=40, help_text="the capability of those who may decide")
    maker = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="approvals_made")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=ApprovalState, default=ApprovalState.PENDING)
    checker = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="approvals_checked")
    decided_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=500, blank=True)

    objects = ApprovalRequestQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(fields=["state", "expires_at"], name="approval_due"),
            models.Index(fields=["organisation", "-made_at"], name="approval_newest"),
        )
        constraints = (
            models.CheckConstraint(condition=models.Q(state__in=ApprovalState.values), name="approval_state_known"),
            models.CheckConstraint(
                condition=models.Q(checker__isnull=True) | ~models.Q(checker=models.F("maker")),
                name="approval_maker_is_not_checker",
            ),
            models.CheckConstraint(
                condition=models.Q(state="pending", checker__isnull=True, decided_at__isnull=True)
                | models.Q(state__in=("approved", "rejected"), checker__isnull=False, decided_at__isnull=False)
                | models.Q(state__in=("expired", "cancelled"), checker__isnull=True, decided_at__isnull=False),
                name="approval_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("made_at")), name="approval_expires_after_made"
            ),
            models.UniqueConstraint(
                fields=["organisation", "action", "payload_digest"],
                condition=models.Q(state="pending"),
                name="approval_one_pending",
            ),
        )

    def __str__(self) -> str:
        return self.summary

    @property
    def content(self) -> dict[str, object]:
        """What is to be carried out, as asked for."""
        loaded: dict[str, object] = json.loads(self.payload)
        return loaded

    def is_open_at(self, at: datetime) -> bool:
        """Whether somebody may still decide."""
        return self.state == ApprovalState.PENDING and at < self.expires_at


def digest_of(*, action: str, organisation_id: int, payload: str) -> str:
    """What the digest of a request covers: the act, for whom, and the payload's text."""
    return digest({"action": action, "organisation": organisation_id, "payload": payload})
