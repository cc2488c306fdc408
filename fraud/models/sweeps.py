"""Sweeps: a full scan under way, cut into slabs of time that are searched one by one."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q


class Sweep(models.Model):
    """The search for all cycles as of one moment; done when every slab is, then everybody is screened."""

    as_of = models.DateTimeField(unique=True)
    policy = models.ForeignKey("accounts.PolicyVersion", on_delete=models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return f"sweep as of {self.as_of:%Y-%m-%d %H:%M}"


class SlabScanQuerySet(models.QuerySet["SlabScan"]):
    def waiting(self) -> "SlabScanQuerySet":
        """Slabs nobody searched yet."""
        return self.filter(done_at__isnull=True)


class SlabScan(models.Model):
    """One slab: the cycles whose last payment falls in [start, stop), as keys of Cycle rows and as counts."""

    sweep = models.ForeignKey(Sweep, on_delete=models.CASCADE, related_name="slabs")
    start = models.DateTimeField()
    stop = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    counted = models.BigIntegerField(default=0)
    complete = models.BooleanField(default=False)
    cycles = ArrayField(models.BigIntegerField(), default=list)
    through = models.JSONField(default=dict, help_text="Cycles through each business, by key.")

    objects = SlabScanQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["sweep", "start"], name="slab_once"),
            models.CheckConstraint(condition=Q(stop__gt=F("start")), name="slab_has_a_length"),
        )

    def __str__(self) -> str:
        return f"slab {self.start:%Y-%m-%d} to {self.stop:%Y-%m-%d}"
