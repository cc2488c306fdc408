"""The loans a business can ask for, and the versions of their terms."""

from datetime import datetime
from uuid import uuid4

from django.conf import settings
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


class VersionStatus(models.TextChoices):
    DRAFT = "draft"
    LIVE = "live"
    RETIRED = "retired"


class ProductVersionQuerySet(models.QuerySet["ProductVersion"]):
    def in_force_at(self, at: datetime) -> "ProductVersionQuerySet":
        """Approved and live at `at`, also for a past moment; not retired means still in force."""
        return self.filter(live_from__lte=at).filter(models.Q(retired_at__isnull=True) | models.Q(retired_at__gt=at))

    def newest_first(self) -> "ProductVersionQuerySet":
        """By product, the last version first."""
        return self.order_by("product__code", "-version", "pk")


class ProductVersion(models.Model):
    """One version of a product's terms. Its document is frozen from the draft on (trigger, migration 0003)."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    product = models.ForeignKey(LoanProduct, on_delete=models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField()
    status = models.CharField(max_length=8, choices=VersionStatus, default=VersionStatus.DRAFT)
    document = models.JSONField()
    sha256 = models.CharField(max_length=64)
    drafted_at = models.DateTimeField()
    live_from = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="products_written")
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="products_approved"
    )

    objects = ProductVersionQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(status__in=VersionStatus.values), name="product_version_status_known"
            ),
            models.UniqueConstraint(fields=["product", "version"], name="product_version_once"),
            models.UniqueConstraint(
                fields=["product"], condition=models.Q(status="live"), name="product_one_live_version"
            ),
            models.UniqueConstraint(
                fields=["product"], condition=models.Q(status="draft"), name="product_one_draft_version"
            ),
            models.CheckConstraint(
                condition=models.Q(approver__isnull=True) | ~models.Q(approver=models.F("author")),
                name="product_maker_is_not_checker",
            ),
            models.CheckConstraint(
                condition=models.Q(status="draft") | models.Q(approver__isnull=False, live_from__isnull=False),
                name="product_live_was_approved",
            ),
        )

    def __str__(self) -> str:
        return f"{self.product} version {self.version}"
