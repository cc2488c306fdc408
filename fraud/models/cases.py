"""Cases: what people look into, all they did, what belongs together, and what need not alert again for a while."""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import F, Q

from accounts.models import User


class CaseState(models.TextChoices):
    OPEN = "open", "Open"
    PROPOSED = "proposed", "Waits for a second person"
    CLOSED = "closed", "Closed"


class CaseOutcome(models.TextChoices):
    CONFIRMED = "confirmed", "Confirmed"
    UNFOUNDED = "unfounded", "Unfounded"


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, user: User) -> "CaseQuerySet":
        """The platform's staff see all cases, a bank's staff those of their bank, nobody else any."""
        if user.organisation is None or not user.organisation.is_active:
            return self.none()
        return self if user.organisation.is_platform else self.filter(organisation=user.organisation)

    def unfinished(self) -> "CaseQuerySet":
        """Cases somebody still has to do something about."""
        return self.exclude(state=CaseState.CLOSED)

    def waiting(self) -> "CaseQuerySet":
        """Open cases that nobody has taken."""
        return self.filter(state=CaseState.OPEN, assignee__isnull=True)

    def most_urgent_first(self) -> "CaseQuerySet":
        return self.order_by("due_at", "pk")


class Case(models.Model):
    """One matter under inquiry: a ring, a business, or a person with a wallet.

    Closed by two people: one proposes, another confirms.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="fraud_cases")
    title = models.CharField(max_length=160)
    ring = models.ForeignKey("fraud.Ring", on_delete=models.PROTECT, null=True, related_name="cases")
    business = models.ForeignKey("accounts.Business", on_delete=models.PROTECT, null=True, related_name="fraud_cases")
    person = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="cases_about")
    alert = models.ForeignKey("fraud.Alert", on_delete=models.PROTECT, null=True, related_name="cases")
    state = models.CharField(max_length=8, choices=CaseState, default=CaseState.OPEN)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, related_name="+", help_text="Null: the house itself."
    )
    due_at = models.DateTimeField()
    assignee = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="fraud_cases")
    outcome = models.CharField(max_length=9, choices=CaseOutcome, blank=True)
    finding = models.TextField(blank=True, help_text="Why it is closed as it is.")
    proposed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(state__in=CaseState.values), name="case_state_known"),
            models.CheckConstraint(
                condition=Q(ring__isnull=False) | Q(business__isnull=False) | Q(person__isnull=False),
                name="case_is_about_something",
            ),
            models.CheckConstraint(
                condition=Q(state=CaseState.OPEN)
                | (Q(proposed_by__isnull=False, proposed_at__isnull=False, outcome__in=CaseOutcome.values)),
                name="case_closing_was_proposed",
            ),
            models.CheckConstraint(
                condition=Q(state=CaseState.CLOSED, closed_by__isnull=False, closed_at__isnull=False)
                | (~Q(state=CaseState.CLOSED) & Q(closed_by__isnull=True, closed_at__isnull=True)),
                name="case_closed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(closed_by__isnull=True) | ~Q(closed_by=F("proposed_by")), name="case_maker_is_not_checker"
            ),
            models.UniqueConstraint(
                fields=["organisation", "ring"],
                condition=Q(ring__isnull=False) & ~Q(state=CaseState.CLOSED),
                name="case_one_unfinished_per_ring",
            ),
            models.UniqueConstraint(
                fields=["organisation", "person"],
                condition=Q(person__isnull=False) & ~Q(state=CaseState.CLOSED),
                name="case_one_unfinished_per_person",
            ),
        )
        indexes = (models.Index(fields=["state", "due_at"], name="case_state_due"),)

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """What people call it."""
        return f"C-{self.pk:06d}"

    def is_late(self, at: datetime) -> bool:
        """Whether it is past its time and still not closed."""
        return self.state != CaseState.CLOSED and at > self.due_at


class CaseAct(models.TextChoices):
    OPENED = "opened", "opened the case"
    TAKEN = "taken", "took the case"
    ASSIGNED = "assigned", "assigned the case"
    NOTED = "noted", "wrote a note"
    LINKED = "linked", "linked something"
    SNOOZED = "snoozed", "snoozed the alert"
    PROPOSED = "proposed", "proposed to close"
    RETURNED = "returned", "sent it back"
    CLOSED = "closed", "closed the case"
    REPORTED = "reported", "worked on the report"


class CaseEvent(models.Model):
    """One thing somebody did about a case. Rows are refused UPDATE and DELETE by trigger."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events")
    act = models.CharField(max_length=8, choices=CaseAct)
    at = models.DateTimeField()
    by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, related_name="+", help_text="Null: the house itself."
    )
    text = models.TextField(blank=True)

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(act__in=CaseAct.values), name="case_act_known"),)
        indexes = (models.Index(fields=["case", "at"], name="case_event_time"),)

    def __str__(self) -> str:
        return f"{self.act} in case {self.case_id}"


class CaseLink(models.Model):
    """Something that belongs to a case: another case, a ring or a business."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="links")
    other = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, related_name="linked_from")
    ring = models.ForeignKey("fraud.Ring", on_delete=models.PROTECT, null=True, related_name="+")
    business = models.ForeignKey("accounts.Business", on_delete=models.PROTECT, null=True, related_name="+")
    why = models.CharField(max_length=200)
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(other__isnull=False, ring__isnull=True, business__isnull=True)
                | Q(other__isnull=True, ring__isnull=False, business__isnull=True)
                | Q(other__isnull=True, ring__isnull=True, business__isnull=False),
                name="case_link_to_one_thing",
            ),
            models.CheckConstraint(condition=Q(other__isnull=True) | ~Q(other=F("case")), name="case_link_not_itself"),
            models.UniqueConstraint(
                fields=["case", "other", "ring", "business"], nulls_distinct=False, name="case_link_once"
            ),
        )

    def __str__(self) -> str:
        return f"link of case {self.case_id}"


class SnoozeQuerySet(models.QuerySet["Snooze"]):
    def in_force(self, at: datetime) -> "SnoozeQuerySet":
        """Snoozes that have begun and not ended."""
        return self.filter(at__lte=at, until__gt=at)


class Snooze(models.Model):
    """A rule that raises no alert about one pivot for a while. `rule` is `ring`, a typology or `rule:` and a slug."""

    rule = models.CharField(max_length=80)
    pivot = models.CharField(max_length=36, help_text="Public id of the ring or the business.")
    until = models.DateTimeField()
    reason = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, related_name="snoozes")

    objects = SnoozeQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(reason=""), name="snooze_has_a_reason"),
            models.CheckConstraint(condition=Q(until__gt=F("at")), name="snooze_ends_later"),
        )
        indexes = (models.Index(fields=["rule", "pivot", "until"], name="snooze_pivot"),)

    def __str__(self) -> str:
        return f"{self.rule} quiet about {self.pivot} until {self.until:%Y-%m-%d}"
