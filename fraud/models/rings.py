"""The cycles and rings that screenings rest on."""

import uuid
from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from accounts.models import Business, User
from fraud.models.alerts import Alert


class CycleQuerySet(models.QuerySet["Cycle"]):
    def touching(self, businesses: list[int]) -> "CycleQuerySet":
        """Cycles with at least one of the businesses among their members."""
        return self.filter(members__overlap=businesses)

    def known_within(self, since: datetime, as_of: datetime) -> "CycleQuerySet":
        """Cycles that ended in [since, as_of] and were known at `as_of`."""
        return self.filter(ended_at__gte=since, ended_at__lte=as_of, known_at__lte=as_of)


class Cycle(models.Model):
    """Money that came back: payments in time order, from one business through others to itself.

    `edges` holds payer, payee, amount_paise, occurred_at (microseconds), reference and rail of each. A member below
    zero is an address nobody verified.
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


def latest_state() -> models.Subquery:
    """The state of a ring's latest alert; null: it never passed policy."""
    latest = Alert.objects.filter(ring=models.OuterRef("pk")).order_by("-opened_at", "-pk")
    return models.Subquery(latest.values("state")[:1])


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
        return self.annotate(alert_state=latest_state()).filter(alert_state=state)


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
    population = models.ForeignKey("fraud.PopulationScreening", on_delete=models.PROTECT, null=True, related_name="+")
    outsiders = models.JSONField(
        default=list, help_text="Members who are nobody we know: {node (below zero), address (masked)} of each."
    )

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
