"""The loans a business can ask for."""

from django.db import models

from lending.engine.dossier import Facility

FACILITIES = (
    (Facility.WORKING_CAPITAL.value, "Working capital"),
    (Facility.TERM_LOAN.value, "Term loan"),
)


class LoanProductQuerySet(models.QuerySet["LoanProduct"]):
    def offered(self) -> "LoanProductQuerySet":
        """Products that can be applied for today, in the order they are shown."""
        return self.filter(offered_now=True).order_by("facility", "least_amount", "pk")


class LoanProduct(models.Model):
    """A loan with its bounds: rupees and months. Its price and the limits of a business are policy, not product."""

    code = models.CharField(max_length=24, unique=True)
    name = models.CharField(max_length=80)
    facility = models.CharField(max_length=16, choices=FACILITIES)
    least_amount = models.DecimalField(max_digits=14, decimal_places=2)
    most_amount = models.DecimalField(max_digits=14, decimal_places=2)
    least_months = models.PositiveSmallIntegerField()
    most_months = models.PositiveSmallIntegerField()
    offered_now = models.BooleanField(default=True)

    objects = LoanProductQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(facility__in=[code for code, _ in FACILITIES]), name="product_facility_known"
            ),
            models.CheckConstraint(
                condition=models.Q(least_amount__gt=0, most_amount__gte=models.F("least_amount")),
                name="product_amounts_in_order",
            ),
            models.CheckConstraint(
                condition=models.Q(least_months__gt=0, most_months__gte=models.F("least_months")),
                name="product_months_in_order",
            ),
        )

    def __str__(self) -> str:
        return self.name
