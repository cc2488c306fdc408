"""What happened to a consent, and every use that was made of it: rows that are added and never changed."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils.translation import gettext_noop as _

from accounts.models.consents import Consent, ConsentStep

if TYPE_CHECKING:
    from accounts.models.people import User


class ConsentAct(models.TextChoices):
    """An act that reads evidence."""

    SCORE = "score", _("Calculated a score")
    SCREENING = "screening", _("Checked payments for fraud")
    CASE = "case", _("Opened the loan case")
    UPLOAD = "upload", _("Opened an uploaded file")
    FEATURES = "features", _("Read the measured figures")
    RECORDS = "records", _("Looked at the records")
    REVEAL = "reveal", _("Saw personal details in full")


class ConsentEvent(models.Model):
    """One step of one consent. UPDATE and DELETE are refused by a trigger (migration 0004)."""

    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="events")
    step = models.CharField(max_length=8, choices=[(step.value, step.value) for step in ConsentStep])
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = (models.Index(fields=["consent", "at"], name="consent_event_history"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(step__in=[step.value for step in ConsentStep]), name="consent_event_step_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.step} of {self.consent_id}"


class ConsentUseQuerySet(models.QuerySet["ConsentUse"]):
    def visible_to(self, user: "User | AnonymousUser") -> "ConsentUseQuerySet":
        """Uses of the consents a person may see: the owner sees everybody who looked, a bank its own looks."""
        return self.filter(consent__in=Consent.objects.visible_to(user))

    def newest_first(self) -> "ConsentUseQuerySet":
        return self.order_by("-at", "-pk")


class ConsentUse(models.Model):
    """One act that read evidence under a consent; `by` is NULL for what the house does by itself.

    The same person who looks at the same thing again within the hour is one look (constraint `consent_use_once`),
    so a page that refreshes itself costs one row. UPDATE and DELETE are refused by a trigger (migration 0004).
    """

    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="uses")
    act = models.CharField(max_length=9, choices=ConsentAct)
    target = models.CharField(max_length=80, blank=True)
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    hour = models.DateTimeField()

    objects = ConsentUseQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=["consent", "-at", "-id"], name="consent_use_newest"),)
        constraints = (
            models.UniqueConstraint(
                fields=["consent", "act", "target", "by", "hour"], name="consent_use_once", nulls_distinct=False
            ),
            models.CheckConstraint(condition=models.Q(act__in=ConsentAct.values), name="consent_use_act_known"),
        )

    def __str__(self) -> str:
        return f"{self.act} under {self.consent_id}"


def hour_of(at: datetime) -> datetime:
    """The full hour in which a use falls."""
    return at.replace(minute=0, second=0, microsecond=0)
