"""Consent: whose evidence, for whom, what kinds, until when (DPDP, Account Aggregator shape)."""

import uuid
from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_noop as _

from accounts.models.people import OUTSIDE_ROLES
from creditiq.kernel.transitions import Transition, TransitionTable

if TYPE_CHECKING:
    from accounts.models.people import User

Instant = datetime | Now


class EvidenceKind(models.TextChoices):
    GST_INVOICES = "gst_invoices", _("GST invoices")
    GST_RETURNS = "gst_returns", _("GST returns")
    UPI_PAYMENTS = "upi_payments", _("UPI payments")
    EWAY_BILLS = "eway_bills", _("E-way bills")
    BANK_ENTRIES = "bank_entries", _("Bank entries")


class Purpose(models.TextChoices):
    CREDIT_ASSESSMENT = "credit_assessment", _("Credit assessment")
    MONITORING = "monitoring", _("Monitoring of a running loan")


class ConsentStatus(models.TextChoices):
    REQUESTED = "requested"
    GRANTED = "granted"
    DENIED = "denied"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class ConsentStep(StrEnum):
    """What can happen to a consent; each step leaves one ConsentEvent."""

    REQUEST = "request"
    GRANT = "grant"
    DENY = "deny"
    WITHDRAW = "withdraw"
    REPLACE = "replace"
    EXPIRE = "expire"


NOT_YET = ""
"""The state of a consent that nobody asked for or gave so far."""
_S = ConsentStatus
_OWNER, _BANK, _CLOCK = "grant_consent", "request_consent", ""
"""Capabilities by value (permissions stand above models; a test compares them); the clock needs none."""
CONSENT_STEPS = TransitionTable(
    (
        Transition(NOT_YET, ConsentStep.REQUEST, _S.REQUESTED, _BANK),
        Transition(NOT_YET, ConsentStep.GRANT, _S.GRANTED, _OWNER),
        Transition(_S.REQUESTED, ConsentStep.GRANT, _S.GRANTED, _OWNER),
        Transition(_S.REQUESTED, ConsentStep.DENY, _S.DENIED, _OWNER),
        Transition(_S.REQUESTED, ConsentStep.EXPIRE, _S.EXPIRED, _CLOCK),
        Transition(_S.GRANTED, ConsentStep.WITHDRAW, _S.WITHDRAWN, _OWNER),
        Transition(_S.GRANTED, ConsentStep.REPLACE, _S.WITHDRAWN, _OWNER),
        Transition(_S.GRANTED, ConsentStep.EXPIRE, _S.EXPIRED, _CLOCK),
    )
)
ONCE_GRANTED = (ConsentStatus.GRANTED, ConsentStatus.EXPIRED, ConsentStatus.WITHDRAWN)
"""States a consent in force can reach; a request that ran out is expired too, and has no `granted_at`."""


class ConsentQuerySet(models.QuerySet["Consent"]):
    def live_at(self, at: Instant) -> "ConsentQuerySet":
        """In force at `at`, also for a past moment: what was withdrawn later was live before."""
        return self.filter(status__in=ONCE_GRANTED, granted_at__lte=at, expires_at__gt=at).filter(
            models.Q(withdrawn_at__isnull=True) | models.Q(withdrawn_at__gt=at)
        )

    def to_platform(self) -> "ConsentQuerySet":
        """Given to the house itself to assess the business: what scoring and screening of
        everybody may read. What is made up is scored by itself and counts in no population."""
        given = self.filter(organisation__kind="platform", purpose=Purpose.CREDIT_ASSESSMENT)
        return given.filter(business__is_made_up=False)

    def overdue(self, at: datetime) -> "ConsentQuerySet":
        """Still open or in force on paper, though their time is over."""
        return self.filter(status__in=(ConsentStatus.REQUESTED, ConsentStatus.GRANTED), expires_at__lte=at)

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
        return (
            self.filter(business__is_made_up=False)
            if organisation.is_platform
            else self.filter(organisation=organisation)
        )


class Consent(models.Model):
    """One consent of one business to one organisation for one purpose."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    business = models.ForeignKey("accounts.Business", on_delete=models.PROTECT, related_name="consents")
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="consents")
    purpose = models.CharField(max_length=20, choices=Purpose, default=Purpose.CREDIT_ASSESSMENT)
    kinds = ArrayField(models.CharField(max_length=12, choices=EvidenceKind))
    status = models.CharField(max_length=9, choices=ConsentStatus, default=ConsentStatus.REQUESTED)
    requested_at = models.DateTimeField(null=True)
    requested_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
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
                | models.Q(granted_at__isnull=False, expires_at__gt=models.F("granted_at"))
                | models.Q(status="expired", granted_at__isnull=True, requested_at__isnull=False),
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
            models.UniqueConstraint(
                fields=["business", "organisation", "purpose"],
                condition=models.Q(status="requested"),
                name="consent_one_requested",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="requested")
                | models.Q(requested_at__isnull=False, expires_at__gt=models.F("requested_at")),
                name="consent_request_has_dates",
            ),
        )

    def __str__(self) -> str:
        return f"consent {self.uuid}"

    def is_live(self, at: datetime) -> bool:
        """What `live_at` asks, of one row at hand."""
        if self.status not in ONCE_GRANTED or self.granted_at is None or self.expires_at is None:
            return False
        return self.granted_at <= at < self.expires_at and (self.withdrawn_at is None or at < self.withdrawn_at)

    @property
    def kind_labels(self) -> tuple[str, ...]:
        """The kinds of evidence in words, in the order of the list of kinds."""
        return tuple(str(kind.label) for kind in EvidenceKind if kind.value in self.kinds)

    @property
    def steps(self) -> tuple[str, ...]:
        """What its owner can do with it now."""
        possible = (CONSENT_STEPS.follow(self.status, event) for event in CONSENT_STEPS.events_from(self.status))
        return tuple(step.event for step in possible if step.capability and step.event != ConsentStep.REPLACE)
