"""Consent: whose evidence, for whom, what kinds, until when (DPDP, Account Aggregator shape)."""

import uuid
from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from accounts.models.people import OUTSIDE_ROLES

if TYPE_CHECKING:
    from accounts.models.people import User

Instant = datetime | Now


class EvidenceKind(models.TextChoices):
    GST_INVOICES = "gst_invoices", "GST invoices"
    GST_RETURNS = "gst_returns", "GST returns"
    UPI_PAYMENTS = "upi_payments", "UPI payments"
    EWAY_BILLS = "eway_bills", "E-way bills"
    BANK_ENTRIES = "bank_entries", "Bank entries"


class Purpose(models.TextChoices):
    CREDIT_ASSESSMENT = "credit_assessment", "Credit assessment"
    MONITORING = "monitoring", "Monitoring of a running loan"


class ConsentStatus(models.TextChoices):
    REQUESTED = "requested"
    GRANTED = "granted"
    DENIED = "denied"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


ONCE_GRANTED = (ConsentStatus.GRANTED, ConsentStatus.EXPIRED, ConsentStatus.WITHDRAWN)


class ConsentQuerySet(models.QuerySet["Consent"]):
    def live_at(self, at: Instant) -> "ConsentQuerySet":
        """In force at `at`, also for a past moment: what was withdrawn later was live before."""
        return self.filter(status__in=ONCE_GRANTED, granted_at__lte=at, expires_at__gt=at).filter(
            models.Q(withdrawn_at__isnull=True) | models.Q(withdrawn_at__gt=at)
        )

    def covering(self, kinds: Collection[str]) -> "ConsentQuerySet":
        """Consents that include every one of `kinds`."""
        return self.filter(kinds__contains=list(kinds))

    def visible_to(self, user: "User | AnonymousUser") -> "ConsentQuerySet":
        """Owners see the consents of their businesses, a bank those given to it, the platform all."""
        if isinstance(user, AnonymousUser) or not user.is_active:
            return self.none()
        if user.role in OUTSIDE_ROLES:
            return self.filter(business__memberships__user=user)
        organisation = user.organisation
        if organisation is None or not organisation.is_active:
            return self.none()
        return self.all() if organisation.is_platform else self.filter(organisation=organisation)


class Consent(models.Model):
    """One consent of one business to one organisation for one purpose."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    business = models.ForeignKey("accounts.Business", on_delete=models.PROTECT, related_name="consents")
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="consents")
    purpose = models.CharField(max_length=20, choices=Purpose, default=Purpose.CREDIT_ASSESSMENT)
    kinds = ArrayField(models.CharField(max_length=12, choices=EvidenceKind))
    status = models.CharField(max_length=9, choices=ConsentStatus, default=ConsentStatus.REQUESTED)
    granted_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=["organisation", "business", "expires_at"], name="consent_reader"),)
        constraints = (
            models.CheckConstraint(condition=models.Q(status__in=ConsentStatus.values), name="consent_status_known"),
            models.CheckConstraint(condition=models.Q(purpose__in=Purpose.values), name="consent_purpose_known"),
            models.CheckConstraint(
                condition=models.Q(kinds__contained_by=EvidenceKind.values) & ~models.Q(kinds=[]),
                name="consent_kinds_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(status__in=ONCE_GRANTED)
                | models.Q(granted_at__isnull=False, expires_at__gt=models.F("granted_at")),
                name="consent_granted_has_dates",
            ),
            models.CheckConstraint(
                condition=models.Q(status="withdrawn", withdrawn_at__isnull=False)
                | (~models.Q(status="withdrawn") & models.Q(withdrawn_at__isnull=True)),
                name="consent_withdrawn_has_date",
            ),
            models.UniqueConstraint(
                fields=["business", "organisation", "purpose"],
                condition=models.Q(status="granted"),
                name="consent_one_granted",
            ),
        )

    def __str__(self) -> str:
        return f"consent {self.uuid}"

    def is_live(self, at: datetime) -> bool:
        """What `live_at` asks, of one row at hand."""
        if self.status not in ONCE_GRANTED or self.granted_at is None or self.expires_at is None:
            return False
        return self.granted_at <= at < self.expires_at and (self.withdrawn_at is None or at < self.withdrawn_at)
