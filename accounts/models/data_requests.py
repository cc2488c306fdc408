"""What people ask about their own data, and what the law keeps although they ask."""

import uuid
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import models

from accounts.models.businesses import Business

if TYPE_CHECKING:
    from accounts.models.people import User

ANSWERED_WITHIN = timedelta(days=30)
"""Our clock; the DPDP Rules 2025 allow ninety days for a grievance."""


class DataRequestKind(models.TextChoices):
    CORRECTION = "correction", "Correct something"
    ERASURE = "erasure", "Erase my account"
    GRIEVANCE = "grievance", "Complain"


class DataRequestState(models.TextChoices):
    OPEN = "open", "Open"
    ANSWERED = "answered", "Answered"
    ERASED = "erased", "Erased"


class DataRequest(models.Model):
    """A person's request and what became of it; `due_at` is the clock. What was written is wiped with the person."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="data_requests")
    kind = models.CharField(max_length=10, choices=DataRequestKind)
    text = models.CharField(max_length=1000, blank=True)
    state = models.CharField(max_length=8, choices=DataRequestState, default=DataRequestState.OPEN)
    answer = models.CharField(max_length=1000, blank=True)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = (models.Index(fields=["state", "due_at"], name="data_request_due"),)
        constraints = (
            models.CheckConstraint(condition=models.Q(kind__in=DataRequestKind.values), name="data_request_kind_known"),
            models.CheckConstraint(
                condition=models.Q(state="open", answered_at__isnull=True)
                | models.Q(state__in=("answered", "erased"), answered_at__isnull=False),
                name="data_request_answered_when_closed",
            ),
            models.UniqueConstraint(
                fields=["user", "kind"], condition=models.Q(state="open"), name="data_request_one_open"
            ),
        )

    def __str__(self) -> str:
        return self.get_kind_display()

    def is_late_at(self, at: datetime) -> bool:
        """Whether the clock has run out."""
        return self.state == DataRequestState.OPEN and at > self.due_at


class LegalHoldQuerySet(models.QuerySet["LegalHold"]):
    def live_on(self, day: date) -> "LegalHoldQuerySet":
        return self.filter(until__gte=day)

    def of(self, user: "User") -> "LegalHoldQuerySet":
        """Holds on the businesses that the person speaks for."""
        return self.filter(business__memberships__user=user)


class LegalHold(models.Model):
    """A law that keeps records of a business until a day, such as PMLA five years after the end of a relationship."""

    business = models.ForeignKey(Business, on_delete=models.PROTECT, related_name="legal_holds")
    source = models.CharField(max_length=120)
    reason = models.CharField(max_length=200)
    until = models.DateField()
    placed_at = models.DateTimeField()

    objects = LegalHoldQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["business", "source"], name="legal_hold_once"),)

    def __str__(self) -> str:
        return self.reason
