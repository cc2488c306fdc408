"""Random small evidence as plain rows, with every awkward case in it: ties, silence, late arrivals, missing parties."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeVar

import numpy as np
import pyarrow as pa

from scoring.engine.features.frames import NETWORK_COLUMNS, SCHEMAS
from scoring.engine.measure import Evidence

T = TypeVar("T")
Row = dict[str, object]
Rows = dict[str, list[Row]]

DAY: Final = 86_400_000_000
HOUR: Final = 3_600_000_000
# 17 June 2026, 15:40:07.000123 IST
AS_OF: Final = 1_781_691_007_000_123

_ARROW: Final = {"int64": pa.int64(), "float64": pa.float64(), "string": pa.string(), "bool": pa.bool_()}


class Dice:
    """Seeded draws as plain Python values."""

    def __init__(self, seed: int) -> None:
        self._generator = np.random.default_rng(seed)

    def random(self) -> float:
        return float(self._generator.random())

    def uniform(self, low: float, high: float) -> float:
        return float(self._generator.uniform(low, high))

    def randrange(self, low: int, high: int) -> int:
        return int(self._generator.integers(low, high))

    def choice(self, options: Sequence[T]) -> T:
        return options[self.randrange(0, len(options))]


def tables(rows: Mapping[str, Iterable[Row]]) -> Evidence:
    """Arrow tables of plain rows; frames not named are empty."""
    return Evidence(
        **{
            frame: pa.Table.from_pylist(
                list(rows.get(frame, ())), pa.schema([(name, _ARROW[kind]) for name, kind in columns.items()])
            )
            for frame, columns in SCHEMAS.items()
        }
    )


def random_rows(*, seed: int, businesses: int = 6, scale: int = 30) -> Rows:
    """Evidence of several businesses; each stream is absent for some of them."""
    dice = Dice(seed)
    rows: Rows = {frame: [] for frame in SCHEMAS}
    for business in range(businesses):
        rows["businesses"].append(
            {"business": business, "deals_in_goods": dice.random() < 0.7, "quarterly_filer": dice.random() < 0.3}
        )
        for stream, make in _MAKERS.items():
            if dice.random() < 0.85:
                count = dice.choice([1, 2, 3, scale, scale, 3 * scale])
                rows[stream] += make(dice, business, count)
        _link(dice, business, rows)
    return rows


def _link(dice: Dice, business: int, rows: Rows) -> None:
    """Some receipts get the amount of an invoice, some bills its number, buyer and value, give or take."""
    invoices = [row for row in rows["gst_invoices"] if row["business"] == business]
    for stream, change in (("upi_payments", _paid), ("bank_entries", _banked), ("eway_bills", _carried)):
        for row in rows[stream] if invoices else []:
            if row["business"] == business and dice.random() < 0.6:
                row |= change(dice, dice.choice(invoices))


def gross(invoice: Row) -> int:
    return sum(invoice[name] for name in ("taxable_paise", "igst_paise", "cgst_paise", "sgst_paise"))


def _later(dice: Dice, invoice: Row, days: float) -> Row:
    """Up to `days` after the invoice, at times some hours before, or exactly at the edges."""
    lag = dice.choice([int(dice.uniform(-0.7, days) * DAY), 0, -DAY // 2, 180 * DAY, 60 * DAY])
    at = min(invoice["occurred_at"] + lag, AS_OF + DAY)
    return {"occurred_at": at, "received_at": at}


def _paid(dice: Dice, invoice: Row) -> Row:
    return {"amount_paise": gross(invoice), **_later(dice, invoice, 100)}


def _banked(dice: Dice, invoice: Row) -> Row:
    return {**_paid(dice, invoice), "direction": "credit", "purpose": "receipt"} if dice.random() < 0.4 else {}


def _carried(dice: Dice, invoice: Row) -> Row:
    return {
        "document_number": invoice["invoice_number"],
        "counterparty_gstin": invoice["counterparty_gstin"],
        "value_paise": max(0, gross(invoice) + dice.choice([0, 0, 200, -200, 201])),
        **_later(dice, invoice, 70),
    }


def _times(dice: Dice, *, longest: int = 400) -> Row:
    age = dice.choice([dice.uniform(0, 8), dice.uniform(0, 40), dice.uniform(0, 120), dice.uniform(0, longest)])
    if dice.random() < 0.03:
        age = -dice.uniform(0, 5)
    if dice.random() < 0.1:
        age = float(round(age))
    occurred = AS_OF - int(age * DAY)
    lag = dice.choice([0, 0, 0, int(dice.uniform(0, 20) * DAY)])
    return {"occurred_at": occurred, "received_at": occurred + lag}


def _gstin(dice: Dice) -> str | None:
    return dice.choice([None, *(f"27AAAAA{number:04d}A1Z5" for number in range(6))])


def _invoices(dice: Dice, business: int, count: int) -> list[Row]:
    return [
        {
            "business": business,
            "direction": dice.choice(["out", "out", "out", "in"]),
            "counterparty_gstin": _gstin(dice),
            "invoice_number": f"A/{number % max(1, count // 2)}",
            "kind": dice.choice(["B2B", "B2B", "B2CL", "B2CS", "CDNR"]),
            "cancelled": dice.random() < 0.1,
            "hsn": dice.choice(["7201", "7202", "52081100", "8401", "8501"]),
            "taxable_paise": dice.choice([0, dice.randrange(1, 10**4), dice.randrange(1, 10**9)]),
            "igst_paise": dice.choice([0, dice.randrange(1, 10**8)]),
            "cgst_paise": dice.choice([0, dice.randrange(1, 10**7)]),
            "sgst_paise": dice.choice([0, dice.randrange(1, 10**7)]),
            **_times(dice),
        }
        for number in range(count)
    ]


def _returns(dice: Dice, business: int, count: int) -> list[Row]:
    rows = []
    this_month = 2026 * 12 + 5
    for back in range(min(count, 20)):
        for kind in ("GSTR1", "GSTR3B"):
            due = AS_OF - int((back * 30.4 - 3) * DAY)
            filed = dice.choice([None, due + int(dice.uniform(-10, 3) * DAY), due + int(dice.uniform(0, 60) * DAY)])
            rows.append(
                {
                    "business": business,
                    "return_type": kind,
                    "period": this_month - back,
                    "due_at": due,
                    "filed_at": filed,
                    "turnover_paise": dice.choice([0, dice.randrange(1, 10**10)]),
                    "tax_itc_paise": dice.choice([0, dice.randrange(1, 10**9)]),
                    "occurred_at": due,
                    "received_at": due,
                }
            )
    return rows


def _payments(dice: Dice, business: int, count: int) -> list[Row]:
    return [
        {
            "business": business,
            "direction": dice.choice(["in", "in", "out"]),
            "amount_paise": dice.choice([1, dice.randrange(1, 99) * 10**5, dice.randrange(1, 10**10)]),
            "kind": dice.choice(["P2P", "P2M"]),
            "status": dice.choice(["success"] * 6 + ["failed_technical", "failed_funds"]),
            "counterparty_vpa": f"payer{dice.randrange(0, 8)}@okaxis",
            "counterparty": dice.choice([None, None, dice.randrange(0, 3)]),
            **_times(dice),
        }
        for _ in range(count)
    ]


def _bills(dice: Dice, business: int, count: int) -> list[Row]:
    return [
        {
            "business": business,
            "direction": dice.choice(["out", "out", "in"]),
            "document_number": f"A/{dice.randrange(0, max(1, count))}",
            "value_paise": dice.choice([0, dice.randrange(1, 10**9)]),
            "distance_km": dice.randrange(0, 3000),
            "counterparty_gstin": _gstin(dice),
            "from_pincode": dice.choice(["411001", "560001", "999999"]),
            "to_pincode": dice.choice(["411001", "560001", "110001"]),
            "from_state": dice.choice([27, 27, 29, 99]),
            "to_state": dice.choice([27, 29, 7, 97]),
            **_times(dice),
        }
        for _ in range(count)
    ]


def _entries(dice: Dice, business: int, count: int) -> list[Row]:
    purposes = ["receipt", "supplier", "gst", "epf", "esic", "tds", "emi", "mandate_return", "cheque_return"]
    return [
        {
            "business": business,
            "account": dice.choice(["1", "2"]),
            "direction": dice.choice(["credit", "debit"]),
            "purpose": dice.choice([*purposes, "mandate_ok"]),
            "amount_paise": dice.randrange(1, 10**9),
            "balance_paise": dice.randrange(-(10**8), 10**10),
            **_times(dice),
        }
        for _ in range(count)
    ]


def _screening(dice: Dice, business: int, _: int) -> list[Row]:
    values = {name: dice.choice([None, dice.random()]) for name in NETWORK_COLUMNS}
    return [{"business": business, **values}]


_MAKERS: Final = {
    "gst_invoices": _invoices,
    "gst_returns": _returns,
    "upi_payments": _payments,
    "eway_bills": _bills,
    "bank_entries": _entries,
    "network": _screening,
}
