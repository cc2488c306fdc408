"""How loans went: the labels of real lending, written by `lending` through `record_outcome`."""

from django.db import models


class LoanOutcome(models.Model):
    """How one loan is repaid, as far as observed: the label that models learn from.

    `defaulted_at` is the first day-end with 90+ days past due, kept for good; `ended_at` when nothing is owed any more.
    """

    business = models.ForeignKey("accounts.Business", on_delete=models.PROTECT, related_name="loan_outcomes")
    loan = models.CharField(max_length=40, unique=True)
    disbursed_at = models.DateTimeField()
    months = models.PositiveSmallIntegerField()
    defaulted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    observed_until = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["business", "disbursed_at"], name="loan_outcome_of"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(defaulted_at__isnull=True) | models.Q(defaulted_at__gt=models.F("disbursed_at")),
                name="loan_outcome_default_after",
            ),
        )

    def __str__(self) -> str:
        return f"outcome of {self.loan}"
