"""Figures of a period, frozen under an id: what was read once is read again the same."""

import uuid
from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from accounts.models.people import User


class ReportKind(models.TextChoices):
    KYC = "kyc", "Identity checks"
    AUDIT = "audit", "Audit"


class FrozenReportQuerySet(models.QuerySet["FrozenReport"]):
    def visible_to(self, user: "User") -> "FrozenReportQuerySet":
        """Reports of the person's own organisation; the platform's staff see all."""
        if user.organisation is None or not user.organisation.is_active:
            return self.none()
        return self if user.organisation.is_platform else self.filter(organisation=user.organisation)


class FrozenReport(models.Model):
    """A report of an organisation for a period: `uuid` is the snapshot's id. UPDATE and DELETE are refused (0024).

    `figures` is a list of {section, name, value}; values are text. Without `made_by` the clock made it.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=5, choices=ReportKind)
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="reports")
    since = models.DateField()
    until = models.DateField()
    figures = models.JSONField()
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")

    objects = FrozenReportQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=["organisation", "-made_at"], name="frozen_report_newest"),)
        constraints = (
            models.CheckConstraint(condition=models.Q(kind__in=ReportKind.values), name="frozen_report_kind_known"),
            models.CheckConstraint(
                condition=models.Q(until__gte=models.F("since")), name="frozen_report_period_runs_forward"
            ),
            models.UniqueConstraint(
                fields=["organisation", "kind", "since", "until"],
                condition=models.Q(made_by__isnull=True),
                name="frozen_report_once_by_the_clock",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.since:%d %b %Y} to {self.until:%d %b %Y}"
