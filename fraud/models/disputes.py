"""Disputes: an owner says that something held against the business is wrong.

Owners see these rows and nothing of cases, alerts or reports: the wall against tipping off runs between the tables.
"""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q

from accounts.models import Business, User


class DisputeSubject(models.TextChoices):
    REASON = "reason", "A reason of my score"
    DATUM = "datum", "A record that is wrong or not mine"
    FLAG = "flag", "My business is being held"


class DisputeState(models.TextChoices):
    OPEN = "open", "Being looked at"
    ASKED = "asked", "Waits for your answer"
    UPHELD = "upheld", "Upheld"
    REJECTED = "rejected", "Not upheld"
    WITHDRAWN = "withdrawn", "Withdrawn"


UNRESOLVED = (DisputeState.OPEN, DisputeState.ASKED)


class DisputeQuerySet(models.QuerySet["Dispute"]):
    def visible_to(self, user: User) -> "DisputeQuerySet":
        """Disputes about businesses the person may see."""
        return self.filter(business__in=Business.objects.visible_to(user))

    def unresolved(self) -> "DisputeQuerySet":
        return self.filter(state__in=UNRESOLVED)

    def most_urgent_first(self) -> "DisputeQuerySet":
        return self.order_by("due_at", "pk")


class Dispute(models.Model):
    """What an owner disputes and what came of it; who resolves it did not open it."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    business = models.ForeignKey("accounts.Business", on_delete=models.PROTECT, related_name="disputes")
    subject = models.CharField(max_length=6, choices=DisputeSubject)
    reference = models.CharField(max_length=120, blank=True, help_text="Code of the reason or number of the record.")
    state = models.CharField(max_length=9, choices=DisputeState, default=DisputeState.OPEN)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="disputes")
    due_at = models.DateTimeField()
    assignee = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    outcome = models.TextField(blank=True, help_text="Why it was resolved so; the owner reads this.")
    resolved_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    resolved_at = models.DateTimeField(null=True)

    objects = DisputeQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(subject__in=DisputeSubject.values), name="dispute_subject_known"),
            models.CheckConstraint(condition=Q(state__in=DisputeState.values), name="dispute_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=[*UNRESOLVED], resolved_by__isnull=True, resolved_at__isnull=True)
                | (~Q(state__in=[*UNRESOLVED]) & Q(resolved_by__isnull=False, resolved_at__isnull=False)),
                name="dispute_resolved_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[DisputeState.UPHELD, DisputeState.REJECTED]) | ~Q(outcome=""),
                name="dispute_resolved_for_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[DisputeState.UPHELD, DisputeState.REJECTED])
                | ~Q(resolved_by=models.F("opened_by")),
                name="dispute_resolver_is_not_opener",
            ),
            models.UniqueConstraint(
                fields=["business", "subject", "reference"],
                condition=Q(state__in=[*UNRESOLVED]),
                name="dispute_once_at_a_time",
            ),
        )
        indexes = (models.Index(fields=["state", "due_at"], name="dispute_state_due"),)

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """What people call it."""
        return f"D-{self.pk:06d}"

    def is_late(self, at: datetime) -> bool:
        """Whether it is past its time and still not resolved."""
        return self.state in UNRESOLVED and at > self.due_at


def stored_name(file: "DisputeFile", _filename: str) -> str:
    """Files are stored under their hash: a stranger's file name never becomes a path."""
    return f"disputes/{file.message.dispute_id}/{file.sha256}"


class DisputeMessage(models.Model):
    """One turn of the thread between the owner and the house. Rows are refused UPDATE and DELETE by trigger."""

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="messages")
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    from_owner = models.BooleanField()
    text = models.TextField()

    class Meta:
        constraints = (models.CheckConstraint(condition=~Q(text=""), name="dispute_message_says_something"),)

    def __str__(self) -> str:
        return f"message in dispute {self.dispute_id}"


class DisputeFile(models.Model):
    """A document sent with a message."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    message = models.ForeignKey(DisputeMessage, on_delete=models.PROTECT, related_name="files")
    filename = models.CharField(max_length=200)
    content_type = models.CharField(max_length=40)
    sha256 = models.CharField(max_length=64)
    size = models.IntegerField()
    file = models.FileField(upload_to=stored_name, max_length=200)

    def __str__(self) -> str:
        return self.filename
