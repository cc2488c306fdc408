"""What belongs to a business beside its records: payment addresses and repayment history."""

from django.db import models
from django.db.models.functions import Lower


class Vpa(models.Model):
    """A UPI address that the business has proved to be its own; payments are resolved through it."""

    business = models.ForeignKey("accounts.Business", on_delete=models.PROTECT, related_name="vpas")
    address = models.CharField(max_length=320, unique=True, help_text="Lower case.")

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(address=Lower("address")), name="vpa_is_lower_case"),)

    def __str__(self) -> str:
        return self.address


class Outcome(models.Model):
    """How a loan was repaid, as far as observed: the label that models learn from."""

    business = models.ForeignKey("accounts.Business", on_delete=models.PROTECT, related_name="outcomes")
    disbursed_at = models.DateTimeField()
    principal_paise = models.BigIntegerField()
    months = models.PositiveSmallIntegerField()
    emi_paise = models.BigIntegerField()
    defaulted_at = models.DateTimeField(null=True, blank=True, help_text="First day 90+ days past due.")
    observed_until = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["business", "disbursed_at"], name="outcome_one_per_disbursal"),
            models.CheckConstraint(
                condition=models.Q(defaulted_at__isnull=True) | models.Q(defaulted_at__gt=models.F("disbursed_at")),
                name="outcome_default_after_disbursal",
            ),
        )

    def __str__(self) -> str:
        return f"loan of {self.disbursed_at:%Y-%m-%d}"
