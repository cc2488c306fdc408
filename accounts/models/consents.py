"""Consent: whose evidence, for whom, what kinds, until when (DPDP, Account Aggregator shape)."""

import uuid
from collections.abc import Collection
from copy import copy
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, TypedDict

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_noop as _

from accounts.engine.spans import Span, Unit
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


LOOKED_PER = (Unit.HOUR, Unit.DAY, Unit.MONTH, Unit.YEAR)
KEPT_FOR = (Unit.DAY, Unit.MONTH, Unit.YEAR)
MOST_UNITS = 1000


class Bounds(TypedDict, total=False):
    """What a consent may be bounded by besides its kinds and its end; what is left out or None has no bound.

    `data_from` and `data_to`: only evidence that happened between them (both included) is covered. `frequency`: at
    most `value` looks within one unit. `data_life`: what was read may be used that long after the yes.
    """

    data_from: datetime | None
    data_to: datetime | None
    frequency: Span | None
    data_life: Span | None


def _a_span(name: str, units: tuple[Unit, ...]) -> models.Q:
    """Both columns of a span tell one, or INF, or nothing."""
    counted = models.Q(
        **{
            f"{name}_unit__in": tuple(map(str, units)),
            f"{name}_value__isnull": False,
            f"{name}_value__range": (1, MOST_UNITS),
        }
    )
    return counted | models.Q(**{f"{name}_unit__in": ("", str(Unit.INF)), f"{name}_value__isnull": True})


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

    def to_bank(self, organisation_id: int) -> "ConsentQuerySet":
        """Given to a bank itself to assess the business: under what its people read evidence, one a business."""
        return self.filter(organisation=organisation_id, purpose=Purpose.CREDIT_ASSESSMENT)

    def overdue(self, at: datetime) -> "ConsentQuerySet":
        """Still open or in force on paper, though their time is over."""
        return self.filter(status__in=(ConsentStatus.REQUESTED, ConsentStatus.GRANTED), expires_at__lte=at)

    def bounded(self) -> "ConsentQuerySet":
        """Consents to evidence of some time only."""
        return self.filter(models.Q(data_from__isnull=False) | models.Q(data_to__isnull=False))

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
    data_from = models.DateTimeField(null=True)
    data_to = models.DateTimeField(null=True)
    frequency_unit = models.CharField(max_length=5, blank=True, default="", db_default="")
    frequency_value = models.PositiveIntegerField(null=True)
    life_unit = models.CharField(max_length=5, blank=True, default="", db_default="")
    life_value = models.PositiveIntegerField(null=True)

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
            models.CheckConstraint(
                condition=models.Q(data_from__isnull=True)
                | models.Q(data_to__isnull=True)
                | models.Q(data_to__gt=models.F("data_from")),
                name="consent_range_in_order",
            ),
            models.CheckConstraint(condition=_a_span("frequency", LOOKED_PER), name="consent_frequency_known"),
            models.CheckConstraint(condition=_a_span("life", KEPT_FOR), name="consent_life_known"),
        )

    def __str__(self) -> str:
        return f"consent {self.uuid}"

    def is_live(self, at: datetime) -> bool:
        """What `live_at` asks, of one row at hand."""
        if self.status not in ONCE_GRANTED or self.granted_at is None or self.expires_at is None:
            return False
        return self.granted_at <= at < self.expires_at and (self.withdrawn_at is None or at < self.withdrawn_at)

    def bind(self, bounds: Bounds) -> None:
        """Take over what `bounds` names; the rest stays as it is. The caller saves."""
        if "data_from" in bounds:
            self.data_from = bounds["data_from"]
        if "data_to" in bounds:
            self.data_to = bounds["data_to"]
        if "frequency" in bounds:
            self.frequency_unit, self.frequency_value = _columns(bounds["frequency"])
        if "data_life" in bounds:
            self.life_unit, self.life_value = _columns(bounds["data_life"])

    def as_wide_as(self, other: "Consent") -> bool:
        """Whether the range of this consent holds the other's, and it may be looked at without a count."""
        begins = self.data_from is None or (other.data_from is not None and self.data_from <= other.data_from)
        ends = self.data_to is None or (other.data_to is not None and self.data_to >= other.data_to)
        return begins and ends and self.frequency in (None, other.frequency)

    def within(self, other: "Consent") -> "Consent":
        """A copy, never stored, of what both let be read: the kinds of both and the time of both."""
        common = copy(self)
        common.kinds = [kind for kind in self.kinds if kind in other.kinds]
        common.data_from = max(filter(None, (self.data_from, other.data_from)), default=None)
        common.data_to = min(filter(None, (self.data_to, other.data_to)), default=None)
        return common

    def end_with_its_data(self, granted_at: datetime) -> None:
        """A yes begins the life of the data: access ends with it, or on the day agreed if that comes first."""
        life_ends = self.data_life.after(granted_at) if self.data_life else None
        if life_ends is not None and (self.expires_at is None or life_ends < self.expires_at):
            self.expires_at = life_ends

    @property
    def has_range(self) -> bool:
        """Whether it covers evidence of some time only."""
        return self.data_from is not None or self.data_to is not None

    @property
    def frequency(self) -> Span | None:
        """How often a person of the reader may look; None without a bound."""
        return _span(self.frequency_unit, self.frequency_value)

    @property
    def data_life(self) -> Span | None:
        """How long after the yes what was read may be used; None without a bound."""
        return _span(self.life_unit, self.life_value)

    @property
    def kind_labels(self) -> tuple[str, ...]:
        """The kinds of evidence in words, in the order of the list of kinds."""
        return tuple(str(kind.label) for kind in EvidenceKind if kind.value in self.kinds)

    @property
    def steps(self) -> tuple[str, ...]:
        """What its owner can do with it now."""
        possible = (CONSENT_STEPS.follow(self.status, event) for event in CONSENT_STEPS.events_from(self.status))
        return tuple(step.event for step in possible if step.capability and step.event != ConsentStep.REPLACE)


def _span(unit: str, value: int | None) -> Span | None:
    return Span(unit, value) if value is not None else None


def _columns(span: Span | None) -> tuple[str, int | None]:
    if span is None:
        return "", None
    return span.unit, None if span.unit == Unit.INF else span.value
