"""Alerts: what passed policy and waits for a person."""

import uuid

from django.db import models
from django.db.models import Q

from fraud.models.findings import Severity


class AlertState(models.TextChoices):
    OPEN = "open", "Open"
    CONFIRMED = "confirmed", "Confirmed"
    DISMISSED = "dismissed", "Dismissed"
    SNOOZED = "snoozed", "Snoozed"


class AlertQuerySet(models.QuerySet["Alert"]):
    def standing(self) -> "AlertQuerySet":
        """Alerts that still bind: everything but what was dismissed."""
        return self.exclude(state=AlertState.DISMISSED)


class Alert(models.Model):
    """Something that passed policy, and what a person made of it. Only open and snoozed alerts can still be decided.

    Either a ring, or a business with a `topic`: the name of a typology, or `rule:` and the slug of a rule.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    ring = models.ForeignKey("fraud.Ring", on_delete=models.PROTECT, null=True, related_name="alerts")
    business = models.ForeignKey("accounts.Business", on_delete=models.PROTECT, null=True, related_name="fraud_alerts")
    topic = models.CharField(max_length=80, blank=True, help_text="Typology or rule:slug; empty for a ring.")
    severity = models.CharField(max_length=6, choices=Severity, default=Severity.HIGH)
    state = models.CharField(max_length=9, choices=AlertState, default=AlertState.OPEN)
    opened_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.TextField(blank=True)
    until = models.DateField(null=True, help_text="End of a snooze.")
    suspects = models.JSONField(
        default=dict, help_text="Of a ring: {key of a business: since when it was held, microseconds}; only added to."
    )

    objects = AlertQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(state__in=AlertState.values), name="alert_state_known"),
            models.UniqueConstraint(
                fields=["ring"], condition=~Q(state=AlertState.DISMISSED), name="alert_one_standing_per_ring"
            ),
            models.UniqueConstraint(
                fields=["business", "topic"],
                condition=Q(ring__isnull=True) & ~Q(state=AlertState.DISMISSED),
                name="alert_one_standing_per_topic",
            ),
            models.CheckConstraint(
                condition=Q(ring__isnull=False, business__isnull=True, topic="")
                | (Q(ring__isnull=True, business__isnull=False) & ~Q(topic="")),
                name="alert_of_a_ring_or_a_business",
            ),
            models.CheckConstraint(condition=Q(severity__in=Severity.values), name="alert_severity_known"),
            models.CheckConstraint(
                condition=Q(state=AlertState.OPEN) | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="alert_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state=AlertState.OPEN) | ~Q(reason=""), name="alert_decided_for_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(state=AlertState.SNOOZED, until__isnull=False)
                | (~Q(state=AlertState.SNOOZED) & Q(until__isnull=True)),
                name="alert_snooze_has_an_end",
            ),
        )

    def __str__(self) -> str:
        return f"{self.state} alert of {self.topic or f'ring {self.ring_id}'}"
