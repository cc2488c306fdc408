"""Screenings (never changed once written), the cycles and rings they rest on, and the alerts people work on."""

import uuid
from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from accounts.models import Business, User
from fraud.engine.population import NETWORK


class PopulationScreening(models.Model):
    """One full scan. What a business is to its counterparties is read from here until the next."""

    as_of = models.DateTimeField(unique=True)
    businesses = models.IntegerField()
    transfers = models.IntegerField()
    cycles = models.BigIntegerField(help_text="Temporal cycles counted, those that retained no money included.")
    rings = models.IntegerField()
    suspects = models.IntegerField(help_text="Businesses that policy holds.")
    complete = models.BooleanField(help_text="False: some search ran out of its work budget.")
    window_hours = models.IntegerField()
    policy = models.ForeignKey("accounts.PolicyVersion", on_delete=models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return f"screening of {self.businesses} businesses as of {self.as_of:%Y-%m-%d %H:%M}"


class ScreeningQuerySet(models.QuerySet["Screening"]):
    def known_at(self, t: datetime) -> "ScreeningQuerySet":
        """Screenings of the state at or before t."""
        return self.filter(as_of__lte=t)

    def latest_first(self) -> "ScreeningQuerySet":
        """Newest first; of two of one moment the one written last."""
        return self.order_by("-as_of", "-pk")

    def latest_of_each(self) -> "ScreeningQuerySet":
        """The newest of every business."""
        return self.order_by("business_id", "-as_of", "-pk").distinct("business_id")


class Screening(models.Model):
    """What the network said about one business at one moment. Rows are refused UPDATE and DELETE by trigger.

    The nine network values are null when there was nothing to measure: missing is not zero.
    `filing_rate` and `direct_exposure` are what counterparties read of this business; null: nothing due, no trade.
    """

    business = models.ForeignKey("accounts.Business", on_delete=models.PROTECT, related_name="screenings")
    population = models.ForeignKey(PopulationScreening, on_delete=models.PROTECT, null=True, related_name="screenings")
    as_of = models.DateTimeField()
    fraud_ring_flag = models.FloatField(null=True)
    fraud_confidence = models.FloatField(null=True)
    cycle_velocity = models.FloatField(null=True, help_text="Rupees per day.")
    cycle_recurrence = models.FloatField(null=True)
    counterparty_compliance_avg = models.FloatField(null=True)
    counterparty_fraud_exposure = models.FloatField(null=True)
    gst_upi_receivables_gap = models.FloatField(null=True)
    ewb_smurfing_index = models.FloatField(null=True)
    pagerank_score = models.FloatField(null=True)
    filing_rate = models.FloatField(null=True)
    direct_exposure = models.FloatField(null=True)
    structuring_share = models.FloatField(null=True)
    ring = models.ForeignKey("fraud.Ring", on_delete=models.PROTECT, null=True, related_name="screenings")
    complete = models.BooleanField()
    window_hours = models.IntegerField()
    policy = models.ForeignKey("accounts.PolicyVersion", on_delete=models.PROTECT, null=True, related_name="+")

    objects = ScreeningQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["business", "as_of", "population"], nulls_distinct=False, name="screening_once"
            ),
        )
        indexes = (models.Index(fields=["business", "-as_of"], name="screening_business_time"),)

    def __str__(self) -> str:
        return f"screening of business {self.business_id} as of {self.as_of:%Y-%m-%d %H:%M}"

    def network(self) -> dict[str, float | None]:
        """The nine values by name, in registry order."""
        return {name: getattr(self, name) for name in NETWORK}


class CycleQuerySet(models.QuerySet["Cycle"]):
    def touching(self, businesses: list[int]) -> "CycleQuerySet":
        """Cycles with at least one of the businesses among their members."""
        return self.filter(members__overlap=businesses)

    def known_within(self, since: datetime, as_of: datetime) -> "CycleQuerySet":
        """Cycles that ended in [since, as_of] and were known at `as_of`."""
        return self.filter(ended_at__gte=since, ended_at__lte=as_of, known_at__lte=as_of)


class Cycle(models.Model):
    """Money that came back: payments in time order, from one business through others to itself.

    `edges` holds payer, payee, amount_paise, occurred_at (microseconds), reference and rail of each.
    """

    digest = models.CharField(max_length=64, unique=True)
    edges = models.JSONField()
    members = ArrayField(models.BigIntegerField())
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    known_at = models.DateTimeField(help_text="When the last of its payments became known.")
    value_paise = models.BigIntegerField()
    retention = models.FloatField()

    objects = CycleQuerySet.as_manager()

    class Meta:
        indexes = (
            GinIndex(fields=["members"], name="cycle_members"),
            models.Index(fields=["ended_at"], name="cycle_ended"),
        )

    def __str__(self) -> str:
        return f"cycle of {len(self.members)} ended {self.ended_at:%Y-%m-%d %H:%M}"


class RingQuerySet(models.QuerySet["Ring"]):
    def visible_to(self, user: User) -> "RingQuerySet":
        """Rings with at least one present member whom the person may see."""
        seen = RingMember.objects.filter(current=True, business__in=Business.objects.visible_to(user))
        return self.filter(pk__in=seen.values("ring_id"))

    def in_state(self, state: str) -> "RingQuerySet":
        """By the standing of their alert; `watch` is a ring that never passed policy, `all` is no filter."""
        if state == "all":
            return self
        if state == "watch":
            return self.filter(alerts__isnull=True)
        latest = Alert.objects.filter(ring=models.OuterRef("pk")).order_by("-opened_at", "-pk").values("state")[:1]
        return self.annotate(alert_state=models.Subquery(latest)).filter(alert_state=state)


class Ring(models.Model):
    """A group round which money goes. Its figures are those of the latest screening; screenings keep the history."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    businesses = models.ManyToManyField("accounts.Business", through="fraud.RingMember", related_name="rings")
    first_seen_at = models.DateTimeField()
    screened_at = models.DateTimeField()
    confidence = models.FloatField()
    suspect = models.BooleanField(help_text="Some member passes policy.")
    recurrence = models.FloatField()
    value_paise = models.BigIntegerField()
    velocity_paise = models.BigIntegerField(help_text="Per day of the velocity window.")
    retention = models.FloatField()
    hop_hours = models.FloatField()
    concentration = models.FloatField()
    externality = models.FloatField()
    goods_support = models.FloatField()
    p_value = models.FloatField(null=True, help_text="Against time-shuffled histories; null until a population scan.")
    q_value = models.FloatField(null=True, help_text="Benjamini–Hochberg over the rings of that scan.")
    evidence = ArrayField(models.BigIntegerField(), help_text="Keys of the edge-disjoint cycles.")
    population = models.ForeignKey(PopulationScreening, on_delete=models.PROTECT, null=True, related_name="+")

    objects = RingQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=["-confidence"], name="ring_confidence"),)

    def __str__(self) -> str:
        return f"ring {self.uuid}"


class RingMember(models.Model):
    """A business in a ring; members whom the latest screening no longer found are not `current`."""

    ring = models.ForeignKey(Ring, on_delete=models.CASCADE, related_name="members")
    business = models.ForeignKey("accounts.Business", on_delete=models.PROTECT, related_name="ring_memberships")
    confidence = models.FloatField()
    recurrence = models.FloatField()
    retention = models.FloatField()
    concentration = models.FloatField()
    hop_hours = models.FloatField()
    velocity_paise = models.BigIntegerField()
    suspect = models.BooleanField()
    current = models.BooleanField(default=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["ring", "business"], name="ring_member_once"),)

    def __str__(self) -> str:
        return f"business {self.business_id} in ring {self.ring_id}"


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
    """A ring that passed policy, and what a person made of it. Only open and snoozed alerts can still be decided."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    ring = models.ForeignKey(Ring, on_delete=models.PROTECT, related_name="alerts")
    state = models.CharField(max_length=9, choices=AlertState, default=AlertState.OPEN)
    opened_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.TextField(blank=True)
    until = models.DateField(null=True, help_text="End of a snooze.")

    objects = AlertQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(state__in=AlertState.values), name="alert_state_known"),
            models.UniqueConstraint(
                fields=["ring"], condition=~Q(state=AlertState.DISMISSED), name="alert_one_standing_per_ring"
            ),
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
        return f"{self.state} alert of ring {self.ring_id}"
