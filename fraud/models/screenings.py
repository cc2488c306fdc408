"""Screenings: what the network said of everybody and of one business at one moment; never changed."""

from datetime import datetime

from django.db import models

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
    bursts = models.JSONField(
        default=list, help_text="[business, cycles] where most went round, when not every cycle could be written out."
    )

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
    findings = models.ManyToManyField("fraud.Finding", related_name="screenings", help_text="Typologies that matched.")
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
