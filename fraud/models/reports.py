"""Reports that leave the house: suspicious-transaction reports by two people, and frozen monitoring figures."""

import uuid

from django.db import models
from django.db.models import F, Q

from accounts.models import User


class StrState(models.TextChoices):
    DRAFT = "draft", "Draft"
    FILED = "filed", "Filed"


class StrQuerySet(models.QuerySet["StrReport"]):
    def visible_to(self, user: User) -> "StrQuerySet":
        """Reports of cases the person may see."""
        if user.organisation is None or not user.organisation.is_active:
            return self.none()
        return self if user.organisation.is_platform else self.filter(case__organisation=user.organisation)


class StrReport(models.Model):
    """A suspicious-transaction report. Drafted by one person, filed by another; frozen by trigger once filed.

    `grounds` is a list of {text, evidence}: sentences, each with the ids of the annex rows or facts behind it.
    `annex` holds the rows behind it all: facts {id, what, value} and transactions {id, at, rail, reference, payer,
    payee, amount}; `parties` who takes part; `indicators` are codes with words.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("fraud.Case", on_delete=models.PROTECT, related_name="reports")
    state = models.CharField(max_length=5, choices=StrState, default=StrState.DRAFT)
    grounds = models.JSONField()
    indicators = models.JSONField()
    annex = models.JSONField()
    parties = models.JSONField()
    drafted_at = models.DateTimeField()
    drafted_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    edited_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    filed_at = models.DateTimeField(null=True)
    filed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    xml = models.TextField(blank=True)
    xml_hash = models.CharField(max_length=64, blank=True)

    objects = StrQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(state__in=StrState.values), name="str_state_known"),
            models.CheckConstraint(
                condition=Q(filed_by__isnull=True) | (~Q(filed_by=F("drafted_by")) & ~Q(filed_by=F("edited_by"))),
                name="str_drafter_is_not_filer",
            ),
            models.CheckConstraint(
                condition=Q(state=StrState.DRAFT, filed_by__isnull=True, filed_at__isnull=True, xml="")
                | (Q(state=StrState.FILED, filed_by__isnull=False, filed_at__isnull=False) & ~Q(xml="")),
                name="str_filed_by_somebody",
            ),
            models.UniqueConstraint(fields=["case"], condition=Q(state=StrState.DRAFT), name="str_one_draft_per_case"),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """What people call it."""
        return f"STR-{self.pk:06d}"


class StrEdit(models.Model):
    """One change of the grounds of a draft: what they were and what they became. Refused UPDATE and DELETE."""

    report = models.ForeignKey(StrReport, on_delete=models.PROTECT, related_name="edits")
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    before = models.JSONField()
    after = models.JSONField()

    def __str__(self) -> str:
        return f"edit of report {self.report_id}"


class MonitoringQuerySet(models.QuerySet["MonitoringReport"]):
    def visible_to(self, user: User) -> "MonitoringQuerySet":
        """Reports of the person's own organisation; the platform's staff see all."""
        if user.organisation is None or not user.organisation.is_active:
            return self.none()
        return self if user.organisation.is_platform else self.filter(organisation=user.organisation)


class MonitoringReport(models.Model):
    """Transaction-monitoring figures of a period, frozen: `uuid` is the snapshot's id. Refused UPDATE and DELETE.

    `figures` is a list of {section, name, value, unit}; values are text so that they never change with the reader.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    since = models.DateField()
    until = models.DateField()
    figures = models.JSONField()
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, related_name="+", help_text="Empty: made by the clock."
    )

    objects = MonitoringQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="monitoring_period_runs_forward"),
            models.UniqueConstraint(
                fields=["organisation", "since", "until"],
                condition=Q(made_by__isnull=True),
                name="monitoring_by_the_clock_once",
            ),
        )

    def __str__(self) -> str:
        return f"monitoring of {self.since} to {self.until}"
