"""Freezes: decisions about the members of a ring held until a day, by one person; lifted earlier only by another."""

import uuid

from django.db import models
from django.db.models import F, Q


class FreezeQuerySet(models.QuerySet["Freeze"]):
    def in_force(self) -> "FreezeQuerySet":
        """Freezes that were not lifted and whose last day has not passed."""
        return self.filter(ended_at__isnull=True)


class Freeze(models.Model):
    """The members of a ring at one moment, held until the end of `until`. Without `lifted_by` it ended by itself."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    ring = models.ForeignKey("fraud.Ring", on_delete=models.PROTECT, related_name="freezes")
    businesses = models.ManyToManyField("accounts.Business", related_name="freezes")
    until = models.DateField(help_text="Its last day, by India's clock.")
    reason = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    lifted_for = models.TextField(blank=True, help_text="Why it was lifted before its end.")

    objects = FreezeQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["ring"], condition=Q(ended_at__isnull=True), name="freeze_one_per_ring"),
            models.CheckConstraint(condition=~Q(reason=""), name="freeze_has_a_reason"),
            models.CheckConstraint(
                condition=Q(lifted_by__isnull=True) | ~Q(lifted_by=F("by")), name="freeze_lifted_by_another"
            ),
            models.CheckConstraint(
                condition=Q(lifted_by__isnull=True, lifted_for="")
                | (Q(lifted_by__isnull=False, ended_at__isnull=False) & ~Q(lifted_for="")),
                name="freeze_lifted_for_a_reason",
            ),
        )

    def __str__(self) -> str:
        return f"freeze of ring {self.ring_id} until {self.until}"
