"""What further files told of an invoice on record, and where they differ from it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from creditiq.kernel.clock import IST
from creditiq.kernel.money import from_paise
from wallets.engine import masking
from wallets.models import GstInvoice, InvoiceSource, Record, Upload

MOST_SHOWN = 100
LABELS: Mapping[str, str] = {
    "counterparty_gstin": "Other side", "kind": "Kind", "cancelled": "Cancelled", "hsn": "HSN",
    "place_of_supply": "Place of supply", "rate_bp": "Rate", "taxable_paise": "Taxable", "igst_paise": "IGST",
    "cgst_paise": "CGST", "sgst_paise": "SGST", "cess_paise": "Cess", "reverse_charge": "Reverse charge",
    "occurred_at": "Date",
}  # fmt: skip


@dataclass(frozen=True)
class Difference:
    """One value that two files tell differently, as people read it: as it stands, and as the other file has it."""

    column: str
    label: str
    stands: str
    told: str


@dataclass(frozen=True)
class Telling:
    """A further file that holds an invoice; no differences where it says the same."""

    upload: Upload
    differences: tuple[Difference, ...]


@dataclass(frozen=True)
class Discrepancy:
    """An invoice of a file that was on record with other values."""

    number: str
    supplier: str
    differences: tuple[Difference, ...]


@dataclass(frozen=True)
class KnownBefore:
    """Invoices of a file that another file had told: how many, how many of them differently, and the first of those."""

    count: int
    differing: int
    shown: tuple[Discrepancy, ...]


def tellings_of(records: Iterable[Record], *, revealed: bool) -> dict[UUID, tuple[Telling, ...]]:
    """Further sources of each invoice among records of one business, by its id; one query."""
    invoices = {record.id: record for record in records if isinstance(record, GstInvoice)}
    if not invoices:
        return {}
    business = next(iter(invoices.values())).business_id
    found: defaultdict[UUID, list[Telling]] = defaultdict(list)
    sources = InvoiceSource.objects.filter(business=business, invoice__in=list(invoices)).select_related("upload")
    for source in sources.order_by("received_at", "pk"):
        differences = _differences(invoices[source.invoice], source.differences, revealed=revealed)
        found[source.invoice].append(Telling(source.upload, differences))
    return {invoice: tuple(tellings) for invoice, tellings in found.items()}


def known_before(upload: Upload) -> KnownBefore:
    """Of a file's invoices those that were on record from another; for its owner, so nothing is covered."""
    sources = InvoiceSource.objects.filter(upload=upload)
    count = sources.count()
    if not count:
        return KnownBefore(0, 0, ())
    differing = sources.exclude(differences={})
    shown = list(differing.order_by("pk")[:MOST_SHOWN])
    held = {
        invoice.id: invoice
        for invoice in GstInvoice.objects.filter(business=upload.business_id, id__in=[it.invoice for it in shown])
    }
    return KnownBefore(count, differing.count(), _discrepancies(shown, held))


def _discrepancies(sources: Sequence[InvoiceSource], held: Mapping[UUID, GstInvoice]) -> tuple[Discrepancy, ...]:
    return tuple(
        Discrepancy(
            held[source.invoice].invoice_number,
            held[source.invoice].supplier_gstin,
            _differences(held[source.invoice], source.differences, revealed=True),
        )
        for source in sources
        if source.invoice in held
    )


def _differences(invoice: GstInvoice, told: Mapping[str, object], *, revealed: bool) -> tuple[Difference, ...]:
    return tuple(
        Difference(
            name.removesuffix("_paise"),
            label,
            _shown(name, getattr(invoice, name), revealed=revealed),
            _shown(name, told[name], revealed=revealed),
        )
        for name, label in LABELS.items()
        if name in told
    )


def _shown(name: str, value: object, *, revealed: bool) -> str:
    if value is None:
        return "none"
    if name.endswith("_paise"):
        return f"₹{from_paise(int(str(value)))}"
    if name == "occurred_at":
        return f"{value.astimezone(IST):%Y-%m-%d}" if isinstance(value, datetime) else str(value)
    if name == "rate_bp":
        return f"{int(str(value)) / 100:g} %"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return masking.gstin(str(value)) if name == "counterparty_gstin" and not revealed else str(value)
