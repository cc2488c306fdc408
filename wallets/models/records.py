"""The evidence: one table per kind of record, hash-partitioned by business (evidence.md §1).

Amounts are whole paise in bigint columns: exact, half the width of numeric, and the same integers the
engines compute with. `occurred_at` is when it happened, `received_at` when we learned it, `superseded_at` when we
learned of the version that replaced it: the only column that is ever written after a row, once, so that the row itself
stays what was known before.
"""

from datetime import datetime
from typing import ClassVar

from django.contrib.postgres.indexes import BrinIndex
from django.db import models

from creditiq.kernel.fields import OrderedUUID
from wallets.engine.consumer_sums import SUM_PREFIX

INVOICE_KEY = ("supplier_gstin", "invoice_number", "financial_year")
RETURN_KEY = ("return_type", "period")
PAYMENT_KEY = ("reference", "direction")
BILL_KEY = ("number",)
ENTRY_KEY = ("account", "reference")


class Direction(models.TextChoices):
    OUT = "out"
    IN = "in"


def known_at(as_of: datetime) -> models.Q:
    """Rows that were known at a moment and whose replacement, if any, was not."""
    standing = models.Q(superseded_at__isnull=True) | models.Q(superseded_at__gt=as_of)
    return models.Q(received_at__lte=as_of) & standing


class Record(models.Model):
    """What every kind of evidence has. The key is (business, id); nothing holds a foreign key to a record."""

    pk = models.CompositePrimaryKey("business_id", "id")
    business = models.ForeignKey("accounts.Business", on_delete=models.PROTECT, db_constraint=False, db_index=False)
    id = models.UUIDField(db_default=OrderedUUID())
    upload = models.ForeignKey(
        "wallets.Upload", on_delete=models.PROTECT, null=True, db_constraint=False, db_index=False
    )
    occurred_at = models.DateTimeField()
    received_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True, help_text="When we learned of the version that replaced this one.")

    FRAME_NAME: ClassVar[str]
    """Plural name of the record in frames, consents, uploads and paths."""
    COLUMNS: ClassVar[tuple[str, ...]]
    """Columns of the record's frame between `business` and `occurred_at`, in order."""
    EXTRA: ClassVar[tuple[str, ...]] = ()
    """Columns that importers may give besides, which frames do not carry."""
    COUNTED: ClassVar[tuple[str, ...]] = ()
    """Truths a row must have to be in frames: what proves only a part of itself is kept, and not computed with."""
    KEY: ClassVar[tuple[str, ...]]
    """Natural key within a business: the same row twice is stored once. Of each key one version stands at a time."""

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.FRAME_NAME} {self.id}"

    @classmethod
    def counted(cls) -> models.Q:
        """Rows that frames carry."""
        return models.Q(**dict.fromkeys(cls.COUNTED, True))

    @classmethod
    def arbiter(cls) -> tuple[str, ...]:
        """Columns whose uniqueness makes a row new or known."""
        (unique,) = (it for it in cls._meta.constraints if isinstance(it, models.UniqueConstraint))
        return tuple("business_id" if name == "business" else name for name in unique.fields)


def record_indexes(name: str) -> tuple[models.Index, ...]:
    """One business over time for live reads; arrival order for incremental work; what was replaced, for the lake."""
    return (
        models.Index(fields=["business", "occurred_at"], name=f"{name}_business_time"),
        BrinIndex(fields=["received_at"], name=f"{name}_received"),
        models.Index(
            fields=["superseded_at"], name=f"{name}_superseded", condition=models.Q(superseded_at__isnull=False)
        ),
    )


def counterparty_index(name: str) -> models.Index:
    """Payments that touch a business, also those only the other side reported."""
    between = models.Q(counterparty__isnull=False)
    return models.Index(fields=["counterparty", "occurred_at"], name=f"{name}_counterparty", condition=between)


def natural_key(name: str, key: tuple[str, ...]) -> tuple[models.UniqueConstraint, ...]:
    """The constraint that makes importing the same row twice change nothing."""
    return (models.UniqueConstraint(fields=["business", *key], name=f"{name}_natural_key"),)


class GstInvoice(Record):
    """An invoice or note. Kind CDNR is a credit note: its positive taxable value subtracts from sales."""

    direction = models.CharField(max_length=3, choices=Direction)
    supplier_gstin = models.CharField(max_length=15)
    counterparty_gstin = models.CharField(max_length=15, null=True, help_text="None for unregistered buyers.")
    invoice_number = models.CharField(max_length=16)
    financial_year = models.IntegerField()
    kind = models.CharField(max_length=5)
    cancelled = models.BooleanField(default=False)
    hsn = models.CharField(max_length=8)
    place_of_supply = models.IntegerField()
    rate_bp = models.IntegerField(help_text="Tax rate in basis points: 1800 is 18 %.")
    taxable_paise = models.BigIntegerField()
    igst_paise = models.BigIntegerField()
    cgst_paise = models.BigIntegerField()
    sgst_paise = models.BigIntegerField()
    cess_paise = models.BigIntegerField(db_default=0)
    reverse_charge = models.BooleanField(db_default=False, help_text="The buyer pays the tax.")
    amended_from = models.CharField(max_length=16, null=True, help_text="Number of the document this one amends.")
    amended_from_year = models.IntegerField(null=True, help_text="Financial year of the document this one amends.")
    version = models.IntegerField(
        db_default=0, help_text="Period of the return that amended it (year × 12 + month − 1); 0 for the original."
    )
    revision = models.IntegerField(
        db_default=0, help_text="How often sales told singly took their part out of this consumer sum."
    )

    FRAME_NAME = "gst_invoices"
    EXTRA = ("cess_paise", "reverse_charge", "amended_from", "amended_from_year", "version")
    COLUMNS = (
        "direction", "supplier_gstin", "counterparty_gstin", "invoice_number", "financial_year", "kind", "cancelled",
        "hsn", "place_of_supply", "rate_bp", "taxable_paise", "igst_paise", "cgst_paise", "sgst_paise",
    )  # fmt: skip
    KEY = INVOICE_KEY

    class Meta:
        indexes = (
            *record_indexes("gst_invoice"),
            models.Index(
                fields=["business", "supplier_gstin", "amended_from", "amended_from_year"],
                name="gst_invoice_amends",
                condition=models.Q(version__gt=0),
            ),
            models.Index(
                fields=["business", "occurred_at"],
                name="gst_invoice_consumer_sum",
                condition=models.Q(invoice_number__startswith=SUM_PREFIX),
            ),
        )
        constraints = natural_key("gst_invoice", (*INVOICE_KEY, "version", "revision"))


class GstReturn(Record):
    """A return that fell due. It counts as filed at t when `filed_at` ≤ t: the list is polled, so
    `filed_at` doubles as the moment we learned of the filing."""

    return_type = models.CharField(max_length=6)
    period = models.IntegerField(help_text="Year × 12 + month − 1.")
    due_at = models.DateTimeField()
    filed_at = models.DateTimeField(null=True)
    turnover_paise = models.BigIntegerField()
    tax_cash_paise = models.BigIntegerField()
    tax_itc_paise = models.BigIntegerField()
    arn = models.CharField(max_length=20, null=True)
    filing_known = models.BooleanField(
        db_default=True, help_text="False: told by a file that proves the figures and says nothing of the filing."
    )
    version = models.IntegerField(db_default=0, help_text="How often we were told other figures before these.")

    FRAME_NAME = "gst_returns"
    COLUMNS = (
        "return_type", "period", "due_at", "filed_at", "turnover_paise", "tax_cash_paise", "tax_itc_paise", "arn",
    )  # fmt: skip
    EXTRA = ("filing_known",)
    COUNTED = ("filing_known",)
    KEY = RETURN_KEY

    class Meta:
        indexes = record_indexes("gst_return")
        constraints = natural_key("gst_return", (*RETURN_KEY, "version"))

    @property
    def status(self) -> str:
        """Filed, not filed, or unknown: nobody told."""
        if self.filed_at is not None:
            return "filed"
        return "not_filed" if self.filing_known else "unknown"


class UpiPayment(Record):
    """One leg of a UPI transfer, as its payer or its payee reports it; both legs carry the same RRN."""

    reference = models.CharField(max_length=35)
    direction = models.CharField(max_length=3, choices=Direction)
    amount_paise = models.BigIntegerField()
    kind = models.CharField(max_length=3)
    status = models.CharField(max_length=16)
    vpa = models.CharField(max_length=320)
    counterparty_vpa = models.CharField(max_length=320)
    counterparty = models.BigIntegerField(null=True, help_text="Business that owns the counterparty's verified VPA.")

    FRAME_NAME = "upi_payments"
    COLUMNS = (
        "reference", "direction", "amount_paise", "kind", "status", "vpa", "counterparty_vpa", "counterparty",
    )  # fmt: skip
    KEY = PAYMENT_KEY

    class Meta:
        indexes = (*record_indexes("upi_payment"), counterparty_index("upi_payment"))
        constraints = natural_key("upi_payment", PAYMENT_KEY)


class PartB(models.TextChoices):
    UNTOLD = "", "not told"
    WAITING = "waiting", "Part A only: a number without validity"
    COMPLETE = "complete", "vehicle or transport document given"


class EwayBill(Record):
    """An e-way bill as the generating or receiving party sees it; `occurred_at` is its generation.

    Told again with another vehicle or way of transport it is a new version: Part B was updated.
    """

    number = models.CharField(max_length=12)
    direction = models.CharField(max_length=3, choices=Direction)
    counterparty_gstin = models.CharField(max_length=15, null=True)
    document_type = models.CharField(max_length=3)
    document_number = models.CharField(max_length=16)
    value_paise = models.BigIntegerField()
    taxable_paise = models.BigIntegerField()
    distance_km = models.IntegerField()
    hsn = models.CharField(max_length=8)
    from_pincode = models.CharField(max_length=6)
    to_pincode = models.CharField(max_length=6)
    from_state = models.IntegerField()
    to_state = models.IntegerField()
    vehicle = models.CharField(max_length=15, null=True)
    transport_mode = models.IntegerField()
    supply_type = models.CharField(max_length=1, db_default="", help_text="O or I as the bill says; empty: not told.")
    sub_supply_type = models.IntegerField(null=True, help_text="1 to 12 of the master list.")
    transaction_type = models.IntegerField(null=True, help_text="1 regular to 4 both.")
    document_date = models.DateField(null=True)
    transporter = models.CharField(max_length=15, null=True)
    part_b = models.CharField(max_length=8, choices=PartB, db_default="")
    details = models.JSONField(null=True, help_text="Every further member of the official bill, items included.")
    version = models.IntegerField(db_default=0, help_text="How often Part B was told anew.")

    FRAME_NAME = "eway_bills"
    COLUMNS = (
        "number", "direction", "counterparty_gstin", "document_type", "document_number", "value_paise",
        "taxable_paise", "distance_km", "hsn", "from_pincode", "to_pincode", "from_state", "to_state", "vehicle",
        "transport_mode",
    )  # fmt: skip
    EXTRA = (
        "supply_type", "sub_supply_type", "transaction_type", "document_date", "transporter", "part_b", "details",
    )  # fmt: skip
    KEY = BILL_KEY

    class Meta:
        indexes = (
            *record_indexes("eway_bill"),
            models.Index(fields=["business", "number"], name="eway_bill_updated", condition=models.Q(version__gt=0)),
        )
        constraints = natural_key("eway_bill", (*BILL_KEY, "version"))


class BankEntry(Record):
    """An entry of a bank statement with the balance after it; `purpose` is read from the narration."""

    account = models.CharField(max_length=34)
    reference = models.CharField(max_length=35)
    direction = models.CharField(max_length=6)
    mode = models.CharField(max_length=6)
    purpose = models.CharField(max_length=16)
    amount_paise = models.BigIntegerField()
    balance_paise = models.BigIntegerField()
    narration = models.CharField(max_length=250)
    counterparty = models.BigIntegerField(null=True)
    value_date = models.DateField(null=True, help_text="From when the bank counts it.")

    FRAME_NAME = "bank_entries"
    COLUMNS = (
        "account", "reference", "direction", "mode", "purpose", "amount_paise", "balance_paise", "narration",
        "counterparty",
    )  # fmt: skip
    EXTRA = ("value_date",)
    KEY = ENTRY_KEY

    class Meta:
        verbose_name_plural = "bank entries"
        indexes = (*record_indexes("bank_entry"), counterparty_index("bank_entry"))
        constraints = natural_key("bank_entry", ENTRY_KEY)


RECORD_MODELS: dict[str, type[Record]] = {
    model.FRAME_NAME: model for model in (GstInvoice, GstReturn, UpiPayment, EwayBill, BankEntry)
}
