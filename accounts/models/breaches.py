"""Breaches of personal data: what happened, whom it touches, who was told, and the clock of the Board.

DPDP Act 2023 s. 8(6) and DPDP Rules 2025 r. 7: whoever is touched and the Data Protection Board are told without
delay; within 72 hours of becoming aware the Board gets the details.
"""

import uuid
from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q

REPORTED_WITHIN = timedelta(hours=72)
WARNED_BEFORE = timedelta(hours=24)


class BreachState(models.TextChoices):
    OPEN = "open", "Open"
    REPORTED = "reported", "Reported"
    CLOSED = "closed", "Closed"


class BreachQuerySet(models.QuerySet["Breach"]):
    def unreported(self) -> "BreachQuerySet":
        """The clock still runs, or ran out."""
        return self.filter(reported_at__isnull=True)

    def due_before(self, at: datetime) -> "BreachQuerySet":
        return self.unreported().filter(due_at__lte=at)


class Breach(models.Model):
    """One breach as the house knows it. Texts may be corrected until it is reported; then they are frozen."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(max_length=120)
    nature = models.CharField(max_length=2000, help_text="what happened to which kinds of data")
    happened_at = models.DateTimeField(help_text="when it happened or began, as far as known")
    place = models.CharField(max_length=200, help_text="where: the system, the office")
    impact = models.CharField(max_length=2000, help_text="what may follow for the people it touches")
    measures = models.CharField(max_length=2000, help_text="what was done to limit it, and will be")
    advice = models.CharField(max_length=1000, help_text="what people can do to protect themselves")
    contact = models.CharField(max_length=200, help_text="who answers questions")
    cause = models.CharField(max_length=2000, blank=True, help_text="circumstances, and who caused it")
    prevention = models.CharField(max_length=2000, blank=True, help_text="what keeps it from happening again")
    noticed_at = models.DateTimeField(help_text="when the house became aware: the clock starts")
    due_at = models.DateTimeField()
    recorded_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    board_told_at = models.DateTimeField(null=True)
    reported_at = models.DateTimeField(null=True)
    reported_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    report_digest = models.CharField(max_length=64, blank=True)
    report = models.TextField(blank=True, help_text="what the Board got, as JSON: frozen with its digest")
    closed_at = models.DateTimeField(null=True)

    objects = BreachQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "breaches"
        constraints = (
            models.CheckConstraint(condition=Q(due_at=F("noticed_at") + REPORTED_WITHIN), name="breach_72_hours"),
            models.CheckConstraint(condition=Q(happened_at__lte=F("noticed_at")), name="breach_happened_first"),
            models.CheckConstraint(
                condition=Q(reported_at__isnull=True)
                | (Q(board_told_at__isnull=False, reported_by__isnull=False) & ~Q(cause="") & ~Q(prevention="")),
                name="breach_reported_whole",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(reported_at__isnull=False), name="breach_reported_then_closed"
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def state(self) -> BreachState:
        """How far it is."""
        if self.closed_at is not None:
            return BreachState.CLOSED
        return BreachState.REPORTED if self.reported_at is not None else BreachState.OPEN

    def is_late_at(self, at: datetime) -> bool:
        """Whether 72 hours passed before the Board had the details."""
        return (self.reported_at or at) > self.due_at


class AffectedPerson(models.Model):
    """Somebody whose data a breach touches, and when they were told."""

    breach = models.ForeignKey(Breach, on_delete=models.PROTECT, related_name="people")
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["breach", "user"], name="breach_person_once"),)

    def __str__(self) -> str:
        return f"person {self.pk} of breach {self.breach_id}"
