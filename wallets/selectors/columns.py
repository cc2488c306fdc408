"""Which columns of each kind of record people see, how each is read, and what of it is personal."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from creditiq.kernel.money import from_paise
from wallets.engine.masking import MASKS
from wallets.models import Record

Value = str | int | bool | datetime | Decimal | None


class Column(NamedTuple):
    """A column as people see it. `reads` is text, code, money, moment, period, number, truth or a personal kind."""

    name: str
    label: str
    reads: str = "text"

    @property
    def personal(self) -> bool:
        """Whether the value is covered unless somebody says why they need it."""
        return self.reads in MASKS

    @property
    def is_figure(self) -> bool:
        """Whether the column is set to the right."""
        return self.reads in {"money", "number"}


COLUMNS: Mapping[str, tuple[Column, ...]] = {
    "gst_invoices": (
        Column("direction", "Way", "code"), Column("invoice_number", "Number"), Column("kind", "Kind"),
        Column("supplier_gstin", "Supplier", "gstin"), Column("counterparty_gstin", "Other side", "gstin"),
        Column("taxable_paise", "Taxable", "money"), Column("cess_paise", "Cess", "money"),
        Column("reverse_charge", "Reverse charge", "truth"), Column("cancelled", "Cancelled", "truth"),
    ),
    "gst_returns": (
        Column("return_type", "Return"), Column("period", "Period", "period"), Column("due_at", "Due", "moment"),
        Column("filed_at", "Filed", "moment"), Column("status", "Status", "code"),
        Column("turnover_paise", "Turnover", "money"),
        Column("tax_cash_paise", "Tax in cash", "money"), Column("arn", "Receipt"),
    ),
    "upi_payments": (
        Column("direction", "Way", "code"), Column("amount_paise", "Amount", "money"), Column("kind", "Kind"),
        Column("status", "Status", "code"), Column("vpa", "Own address", "vpa"),
        Column("counterparty_vpa", "Other side", "vpa"), Column("reference", "Reference"),
    ),
    "eway_bills": (
        Column("direction", "Way", "code"), Column("number", "Number"), Column("document_number", "Document"),
        Column("counterparty_gstin", "Other side", "gstin"), Column("value_paise", "Value", "money"),
        Column("distance_km", "Distance, km", "number"), Column("vehicle", "Vehicle", "vehicle"),
        Column("supply_type", "Supply"), Column("sub_supply_type", "Sub-type", "number"),
        Column("part_b", "Part B", "code"),
    ),
    "bank_entries": (
        Column("direction", "Way", "code"), Column("mode", "Mode"), Column("purpose", "Purpose", "code"),
        Column("amount_paise", "Amount", "money"), Column("balance_paise", "Balance after", "money"),
        Column("account", "Account", "account"), Column("narration", "Narration", "narration"),
    ),
}  # fmt: skip


def value_of(record: Record, column: Column, *, revealed: bool) -> Value:
    """The value as people see it: rupees for paise, `2026-10` for a period, covered when it is personal."""
    raw = getattr(record, column.name)
    if raw is None:
        return None
    if column.personal:
        return str(raw) if revealed else MASKS[column.reads](str(raw))
    if column.reads == "money":
        return from_paise(raw)
    if column.reads == "period":
        return f"{raw // 12}-{raw % 12 + 1:02d}"
    found: Value = raw
    return found
