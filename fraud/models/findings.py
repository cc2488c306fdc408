"""What the typologies saw in the evidence, with the rows behind it; never changed."""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q


class Severity(models.TextChoices):
    LOW = "low", "Low"
    MEDIUM = "medium", "Medium"
    HIGH = "high", "High"


class FindingQuerySet(models.QuerySet["Finding"]):
    def known_at(self, t: datetime) -> "FindingQuerySet":
        """Findings made at or before t."""
        return self.filter(found_at__lte=t)

    def latest_first(self) -> "FindingQuerySet":
        """Newest first, then the strongest."""
        return self.order_by("-found_at", "-score", "-pk")


class Finding(models.Model):
    """One typology that matched one business. Rows are refused UPDATE and DELETE by trigger.

    `figures` are the numbers behind the sentence, by name; `rows` the evidence: a list of {kind, key}, the kind of
    record and its natural key as text. The same rows give the same `digest`: seen again, a finding is not repeated.
    Screenings name the findings they saw (`Screening.findings`): those of the latest screening still stand.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    business = models.ForeignKey("accounts.Business", on_delete=models.PROTECT, related_name="fraud_findings")
    typology = models.CharField(max_length=40, help_text="Name in the registry of fraud.engine.typologies.")
    severity = models.CharField(max_length=6, choices=Severity)
    score = models.FloatField(help_text="Strength between 0 and 1.")
    figures = models.JSONField()
    rows = models.JSONField()
    digest = models.CharField(max_length=64)
    found_at = models.DateTimeField(help_text="The moment of the screening that saw it first.")

    objects = FindingQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["business", "typology", "digest"], name="finding_once"),
            models.CheckConstraint(condition=Q(severity__in=Severity.values), name="finding_severity_known"),
        )
        indexes = (models.Index(fields=["business", "-found_at"], name="finding_business_time"),)

    def __str__(self) -> str:
        return f"{self.typology} of business {self.business_id}"
