"""What happens to a running loan: acts, dues and their payment, classes, provisions, collection."""

import uuid

from django.db import models

from lending.engine.acts import ActKind
from lending.engine.allocation import Component
from lending.models.loans import ASSET_CLASSES, MENTIONS, Loan

ACTS = tuple((kind.value, kind.value.replace("_", " ").capitalize()) for kind in ActKind)
COMPONENTS = tuple((part.value, part.value.capitalize()) for part in Component)


class LoanAct(models.Model):
    """One act of people on a loan, never changed: from these alone the loan's book can be rebuilt.

    `undone_by` is the reversal that took it out, for a returned payment. `document` holds new terms and notes.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="acts")
    kind = models.CharField(max_length=12, choices=ACTS)
    on = models.DateField()
    amount = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    fee = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    tax = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    reference = models.CharField(max_length=40, blank=True)
    document = models.JSONField(default=dict)
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering = ("on", "pk")
        constraints = (models.CheckConstraint(condition=models.Q(amount__gte=0), name="act_amount_not_negative"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.on}"


class ReceiptMode(models.TextChoices):
    UPI = "upi", "UPI"
    MANDATE = "mandate", "Mandate (NACH, e-mandate)"
    NEFT = "neft", "NEFT, RTGS or IMPS"
    CASH = "cash", "Cash"
    ABROAD = "abroad", "Wire from abroad"
    CHEQUE = "cheque", "Cheque"


class Receipt(models.Model):
    """Money that came in. Its reference is posted once, ever; a returned one keeps its row and its act is undone."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="receipts")
    act = models.OneToOneField(LoanAct, on_delete=models.PROTECT, related_name="receipt")
    on = models.DateField()
    amount = models.DecimalField(max_digits=18, decimal_places=2)
    mode = models.CharField(max_length=8, choices=ReceiptMode)
    utr = models.CharField(max_length=40, unique=True)
    payer = models.CharField(max_length=120, blank=True)
    third_party = models.BooleanField(default=False)
    returned_on = models.DateField(null=True)
    return_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(amount__gt=0), name="receipt_above_zero"),)

    def __str__(self) -> str:
        return self.utr


class Due(models.Model):
    """What was asked for on a day: how much of it was paid, and how much was let go."""

    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="dues")
    due = models.DateField()
    component = models.CharField(max_length=9, choices=COMPONENTS)
    amount = models.DecimalField(max_digits=18, decimal_places=2)
    paid = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    let_go = models.DecimalField(max_digits=18, decimal_places=2, default=0)

    class Meta:
        indexes = (
            models.Index(
                fields=["loan"],
                condition=models.Q(amount__gt=models.F("paid") + models.F("let_go")),
                name="due_open",
            ),
        )
        constraints = (
            models.UniqueConstraint(fields=["loan", "due", "component"], name="due_once"),
            models.CheckConstraint(
                condition=models.Q(paid__gte=0, let_go__gte=0, amount__gte=models.F("paid") + models.F("let_go")),
                name="due_not_overpaid",
            ),
        )

    def __str__(self) -> str:
        return f"{self.component} {self.due}"


class Allocation(models.Model):
    """What a payment met on a day. `receipt` is empty when money kept from before was used."""

    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="allocations")
    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT, related_name="allocations", null=True)
    on = models.DateField()
    due = models.DateField()
    component = models.CharField(max_length=9, choices=COMPONENTS)
    amount = models.DecimalField(max_digits=18, decimal_places=2)

    def __str__(self) -> str:
        return f"{self.component} {self.due}: {self.amount}"


class AccrualRun(models.Model):
    """One end of day: when it began, when it was whole, and what it did. One row per business date."""

    on = models.DateField(unique=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    loans = models.PositiveIntegerField(default=0)
    entries = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"end of {self.on}"


class ClassificationEvent(models.Model):
    """A loan's standing changed at a day-end; `trigger` names another account when that one was the cause."""

    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="classifications")
    on = models.DateField()
    dpd = models.PositiveIntegerField()
    from_class = models.CharField(max_length=12, choices=ASSET_CLASSES)
    to_class = models.CharField(max_length=12, choices=ASSET_CLASSES)
    from_sma = models.CharField(max_length=5, choices=MENTIONS, blank=True)
    to_sma = models.CharField(max_length=5, choices=MENTIONS, blank=True)
    trigger = models.CharField(max_length=20, blank=True)

    class Meta:
        indexes = (models.Index(fields=["on", "loan"], name="classification_day"),)

    def __str__(self) -> str:
        return f"{self.loan_id} {self.on}: {self.to_class}"


class ProvisionLine(models.Model):
    """What is held against a loan from a day on: both computations, the floor, and what counts."""

    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="provisions")
    on = models.DateField()
    outstanding = models.DecimalField(max_digits=18, decimal_places=2)
    asset_class = models.CharField(max_length=12, choices=ASSET_CLASSES)
    stage = models.PositiveSmallIntegerField()
    irac = models.DecimalField(max_digits=18, decimal_places=2)
    ecl = models.DecimalField(max_digits=18, decimal_places=2)
    floor = models.DecimalField(max_digits=18, decimal_places=2)
    held = models.DecimalField(max_digits=18, decimal_places=2)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["loan", "on"], name="provision_once_a_day"),)

    def __str__(self) -> str:
        return f"{self.loan_id} {self.on}: {self.held}"
