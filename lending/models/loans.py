"""A loan from its sanction to its last day: what was agreed, what is scheduled, how it stands today."""

import uuid
from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import models

from accounts.models import Business
from lending.engine.book import BookState
from lending.engine.classification import AssetClass, Sma
from lending.models.decisions import SHA256

if TYPE_CHECKING:
    from accounts.models import User

ASSET_CLASSES = tuple((item.value, item.value.replace("doubtful", "doubtful ").capitalize()) for item in AssetClass)
MENTIONS = tuple((item.value, item.value) for item in Sma)


class LoanState(models.TextChoices):
    APPROVED = BookState.APPROVED.value, "To pay out"
    ACTIVE = BookState.ACTIVE.value, "Running"
    CLOSED = BookState.CLOSED.value, "Closed"
    WRITTEN_OFF = BookState.WRITTEN_OFF.value, "Written off"


class ClosedAs(models.TextChoices):
    """How a loan ended."""

    REPAID = "repaid", "Repaid as scheduled"
    FORECLOSED = "foreclosed", "Closed early"
    COOLED_OFF = "cooled_off", "Left within the cooling-off days"
    SETTLED = "settled", "Settled for less"


class LoanQuerySet(models.QuerySet["Loan"]):
    def running(self) -> "LoanQuerySet":
        """Paid out and not over."""
        return self.filter(state=LoanState.ACTIVE)

    def overdue(self) -> "LoanQuerySet":
        """Running, with principal or interest unpaid at the last day-end."""
        return self.running().filter(dpd__gt=0)

    def visible_to(self, user: "User | AnonymousUser", at: datetime | None = None) -> "LoanQuerySet":
        """Owners see their own; a bank its own loans, whatever becomes of a consent; the platform's staff all."""
        if isinstance(user, AnonymousUser):
            return self.none()
        organisation = user.organisation
        if organisation is None:
            return self.filter(business__in=Business.objects.visible_to(user, at))
        return self if organisation.is_platform else self.filter(organisation=organisation)


class Loan(models.Model):
    """The agreement is frozen (trigger, migration 0004). The balances repeat the ledger's, proved every night.

    `through`: the last closed business day. Rupees; per cent a year; `pd` and `cover` in per cent.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account_no = models.CharField(max_length=20, unique=True)
    application = models.OneToOneField("lending.LoanApplication", on_delete=models.PROTECT, related_name="loan")
    business = models.ForeignKey("accounts.Business", on_delete=models.PROTECT, related_name="loans")
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="loans")
    product = models.ForeignKey("lending.LoanProduct", on_delete=models.PROTECT, related_name="loans")
    agreement = models.JSONField()
    sha256 = models.CharField(max_length=64)
    sanctioned = models.DecimalField(max_digits=18, decimal_places=2)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    category = models.CharField(max_length=40)
    security = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    cover = models.DecimalField(max_digits=5, decimal_places=2, default=0)
    pd = models.DecimalField(max_digits=7, decimal_places=4, null=True)

    state = models.CharField(max_length=12, choices=LoanState, default=LoanState.APPROVED)
    closed_as = models.CharField(max_length=12, choices=ClosedAs, blank=True)
    closed_on = models.DateField(null=True)
    through = models.DateField()
    penal_through = models.DateField()
    percent = models.DecimalField(max_digits=7, decimal_places=4)
    next_number = models.PositiveSmallIntegerField(default=1)
    schedule_version = models.PositiveSmallIntegerField(default=1)
    next_due = models.DateField(null=True)
    oldest_due = models.DateField(null=True)
    dpd = models.PositiveIntegerField(default=0)
    sma = models.CharField(max_length=5, choices=MENTIONS, blank=True)
    asset_class = models.CharField(max_length=12, choices=ASSET_CLASSES, default=AssetClass.STANDARD.value)
    npa_date = models.DateField(null=True)
    trigger = models.CharField(max_length=20, blank=True)
    watch_until = models.DateField(null=True)
    restructure_count = models.PositiveSmallIntegerField(default=0)
    ecl_stage = models.PositiveSmallIntegerField(default=1)
    principal = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    accrued = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    interest_due = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    fee_due = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    penal_due = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    unallocated = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    suspended = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    provision = models.DecimalField(max_digits=18, decimal_places=2, default=0)

    objects = LoanQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(fields=["organisation", "state", "-dpd"], name="loan_servicing"),
            models.Index(fields=["state", "through", "business"], name="loan_to_close"),
        )
        constraints = (
            models.CheckConstraint(condition=models.Q(state__in=LoanState.values), name="loan_state_known"),
            models.CheckConstraint(condition=models.Q(sha256__regex=SHA256), name="loan_digest_shape"),
            models.CheckConstraint(
                condition=models.Q(
                    principal__gte=0, accrued__gte=0, interest_due__gte=0, fee_due__gte=0, penal_due__gte=0,
                    unallocated__gte=0, suspended__gte=0,
                ),
                name="loan_no_part_negative",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.account_no


class Disbursement(models.Model):
    """The payment to the borrower's own account; made by one person and released by another."""

    loan = models.OneToOneField(Loan, on_delete=models.PROTECT, related_name="disbursement")
    on = models.DateField()
    amount = models.DecimalField(max_digits=18, decimal_places=2)
    fee = models.DecimalField(max_digits=18, decimal_places=2)
    tax = models.DecimalField(max_digits=18, decimal_places=2)
    net = models.DecimalField(max_digits=18, decimal_places=2)
    beneficiary = models.CharField(max_length=120)
    account_tail = models.CharField(max_length=4)
    name_match = models.DecimalField(max_digits=4, decimal_places=3, null=True)
    utr = models.CharField(max_length=40, unique=True)
    at = models.DateTimeField()
    maker = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    checker = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(maker=models.F("checker")), name="disbursement_maker_is_not_checker"
            ),
            models.CheckConstraint(
                condition=models.Q(amount=models.F("net") + models.F("fee") + models.F("tax")),
                name="disbursement_adds_up",
            ),
        )

    def __str__(self) -> str:
        return f"{self.utr} of {self.loan_id}"


class Tranche(models.Model):
    """A later part of a loan that is paid out in parts; to the first one's account, by two people."""

    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="tranches")
    act = models.OneToOneField("lending.LoanAct", on_delete=models.PROTECT, related_name="tranche")
    on = models.DateField()
    amount = models.DecimalField(max_digits=18, decimal_places=2)
    beneficiary = models.CharField(max_length=120)
    account_tail = models.CharField(max_length=4)
    utr = models.CharField(max_length=40, unique=True)
    at = models.DateTimeField()
    maker = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    checker = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="tranche_above_zero"),
            models.CheckConstraint(condition=~models.Q(maker=models.F("checker")), name="tranche_maker_is_not_checker"),
        )

    def __str__(self) -> str:
        return f"{self.utr} of {self.loan_id}"


class ScheduleVersion(models.Model):
    """The rows from one change to the next; version 1 is the one of the key fact statement."""

    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="schedules")
    version = models.PositiveSmallIntegerField()
    since = models.DateField()
    reason = models.CharField(max_length=60)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["loan", "version"], name="schedule_version_once"),)

    def __str__(self) -> str:
        return f"schedule {self.version} of {self.loan_id}"


class Instalment(models.Model):
    """One scheduled row; never changed. `brought`: interest of its period accrued before `start`."""

    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="instalments")
    version = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    start = models.DateField()
    due = models.DateField()
    principal = models.DecimalField(max_digits=18, decimal_places=2)
    interest = models.DecimalField(max_digits=18, decimal_places=2)
    capitalised = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    brought = models.DecimalField(max_digits=18, decimal_places=2, default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["loan", "version", "number"], name="instalment_once"),)

    def __str__(self) -> str:
        return f"instalment {self.number} of {self.loan_id}"
