"""What a person is told, and the days a business should not forget."""

import uuid
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import models

from accounts.models.businesses import Business

if TYPE_CHECKING:
    from accounts.models.people import User

SOON = timedelta(days=7)
"""How long before its day a reminder is due."""


class NotificationQuerySet(models.QuerySet["Notification"]):
    def of(self, user: "User") -> "NotificationQuerySet":
        return self.filter(user=user)

    def unread(self) -> "NotificationQuerySet":
        return self.filter(read_at__isnull=True)


class Notification(models.Model):
    """One piece of news for one person. `source` makes it come once; `title` and `text` are the words it came in."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="notifications")
    business = models.ForeignKey(Business, on_delete=models.CASCADE, null=True, related_name="+")
    topic = models.CharField(max_length=80)
    source = models.CharField(max_length=160)
    title = models.CharField(max_length=160)
    text = models.CharField(max_length=500)
    path = models.CharField(max_length=200, blank=True, help_text="the page it is about")
    facts = models.JSONField(default=dict, help_text="what the words are filled in with, in any language")
    happened_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(fields=["user", "-happened_at", "-id"], name="notification_newest"),
            models.Index(fields=["user"], condition=models.Q(read_at__isnull=True), name="notification_unread"),
        )
        constraints = (models.UniqueConstraint(fields=["user", "source"], name="notification_comes_once"),)

    def __str__(self) -> str:
        return self.title


class ReminderKind(models.TextChoices):
    GSTR1 = "gstr1", "GSTR-1"
    GSTR3B = "gstr3b", "GSTR-3B"
    GSTR9 = "gstr9", "GSTR-9"
    EMI = "emi", "Instalment"
    OTHER = "other", "Other"


class ReminderState(models.TextChoices):
    """Read from the dates, never stored: tomorrow it may be another."""

    UPCOMING = "upcoming", "Upcoming"
    DUE = "due", "Due"
    OVERDUE = "overdue", "Overdue"
    COMPLETED = "completed", "Completed"


class ReminderQuerySet(models.QuerySet["Reminder"]):
    def open(self) -> "ReminderQuerySet":
        return self.filter(completed_at__isnull=True)

    def in_state(self, state: str, today: date) -> "ReminderQuerySet":
        """Those that are upcoming, due, overdue or completed on that day; all for anything else."""
        narrowed = {
            ReminderState.UPCOMING: models.Q(completed_at__isnull=True, due_on__gt=today + SOON),
            ReminderState.DUE: models.Q(completed_at__isnull=True, due_on__range=(today, today + SOON)),
            ReminderState.OVERDUE: models.Q(completed_at__isnull=True, due_on__lt=today),
            ReminderState.COMPLETED: models.Q(completed_at__isnull=False),
        }
        return self.filter(narrowed[ReminderState(state)]) if state in ReminderState.values else self


class Reminder(models.Model):
    """A day on which a business owes something. `source` is the maker's name for it: one reminder each."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    business = models.ForeignKey(Business, on_delete=models.CASCADE, related_name="reminders")
    kind = models.CharField(max_length=6, choices=ReminderKind)
    title = models.CharField(max_length=160)
    source = models.CharField(max_length=120)
    due_on = models.DateField()
    changed_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True)
    completed_by = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, related_name="+")

    objects = ReminderQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(fields=["due_on"], condition=models.Q(completed_at__isnull=True), name="reminder_open_by_day"),
        )
        constraints = (
            models.UniqueConstraint(fields=["business", "source"], name="reminder_once"),
            models.CheckConstraint(condition=models.Q(kind__in=ReminderKind.values), name="reminder_kind_known"),
        )

    def __str__(self) -> str:
        return self.title

    def state_on(self, today: date) -> ReminderState:
        """Upcoming until a week before the day, then due, overdue after it; completed is completed."""
        if self.completed_at is not None:
            return ReminderState.COMPLETED
        if self.due_on < today:
            return ReminderState.OVERDUE
        return ReminderState.DUE if self.due_on <= today + SOON else ReminderState.UPCOMING
