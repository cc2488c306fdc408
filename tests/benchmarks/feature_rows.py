"""Evidence of any number of firms as Arrow tables, drawn column by column: for measuring speed, not for meaning."""

from typing import Final

import numpy as np
import pyarrow as pa

from scoring.engine.features.frames import NETWORK_COLUMNS
from scoring.engine.measure import Evidence

DAY: Final = 86_400_000_000
AS_OF: Final = 1_781_691_007_000_123
# Records per firm and 90 days, as in performance.md §2: 100 in all.
INVOICES: Final = 30
PAYMENTS: Final = 50
BILLS: Final = 10
ENTRIES: Final = 10
RETURNS: Final = 6

Columns = dict[str, np.ndarray]


def evidence(businesses: int, *, seed: int = 1, days: int = 90) -> Evidence:
    """100 events and six returns per firm within `days`."""
    draw = np.random.default_rng(seed)
    firms = np.arange(businesses, dtype=np.int64)
    return Evidence(
        businesses=pa.table({"business": firms, "deals_in_goods": firms % 3 > 0, "quarterly_filer": firms % 4 == 0}),
        gst_invoices=pa.table(_invoices(draw, firms, days)),
        gst_returns=pa.table(_returns(draw, firms)),
        upi_payments=pa.table(_payments(draw, firms, days)),
        eway_bills=pa.table(_bills(draw, firms, days)),
        bank_entries=pa.table(_entries(draw, firms, days)),
        network=pa.table({"business": firms, **{name: draw.random(businesses) for name in NETWORK_COLUMNS}}),
    )


def of_one(whole: Evidence, business: int) -> Evidence:
    """The rows of one firm."""
    return Evidence(
        **{
            name: rows.filter(pa.array(rows.column("business").to_numpy() == business))
            for name, rows in whole.frames().items()
        }
    )


def events(whole: Evidence) -> int:
    """Records in the evidence, firms and screenings apart."""
    return sum(rows.num_rows for name, rows in whole.frames().items() if name not in ("businesses", "network"))


def _keys(draw: np.random.Generator, firms: np.ndarray, each: int, days: int) -> Columns:
    count = firms.size * each
    occurred = AS_OF - draw.integers(0, days * DAY, count)
    return {
        "business": draw.permutation(np.repeat(firms, each)),
        "occurred_at": occurred,
        "received_at": np.minimum(occurred + DAY, AS_OF),
    }


def _named(draw: np.random.Generator, names: list[str], count: int) -> pa.Array:
    codes = pa.array(draw.integers(0, len(names), count, dtype=np.int32))
    return pa.DictionaryArray.from_arrays(codes, names).cast(pa.string())


def _invoices(draw: np.random.Generator, firms: np.ndarray, days: int) -> Columns:
    keys = _keys(draw, firms, INVOICES, days)
    count = keys["business"].size
    return keys | {
        "direction": _named(draw, ["out", "out", "in"], count),
        "counterparty_gstin": _named(draw, [f"27AAAAA{number:04d}A1Z5" for number in range(5000)], count),
        "invoice_number": _named(draw, [f"A/{number}" for number in range(60)], count),
        "kind": _named(draw, ["B2B"] * 9 + ["CDNR"], count),
        "cancelled": draw.random(count) < 0.02,
        "hsn": _named(draw, ["7201", "7202", "5208", "8401", "8501"], count),
        "taxable_paise": draw.integers(10**5, 10**8, count),
        "igst_paise": draw.integers(10**4, 10**7, count),
        "cgst_paise": np.zeros(count, dtype=np.int64),
        "sgst_paise": np.zeros(count, dtype=np.int64),
    }


def _returns(draw: np.random.Generator, firms: np.ndarray) -> Columns:
    period = np.tile(np.arange(RETURNS), firms.size)
    due = AS_OF - (period * 30 + 3) * DAY
    return {
        "business": np.repeat(firms, RETURNS),
        "return_type": _named(draw, ["GSTR3B", "GSTR1"], period.size),
        "period": 24317 - period,
        "due_at": due,
        "filed_at": due + draw.integers(-5 * DAY, 10 * DAY, period.size),
        "turnover_paise": draw.integers(10**8, 10**10, period.size),
        "tax_itc_paise": draw.integers(10**6, 10**8, period.size),
        "occurred_at": due,
        "received_at": due,
    }


def _payments(draw: np.random.Generator, firms: np.ndarray, days: int) -> Columns:
    keys = _keys(draw, firms, PAYMENTS, days)
    count = keys["business"].size
    return keys | {
        "direction": _named(draw, ["in", "in", "out"], count),
        "amount_paise": draw.integers(10**4, 10**8, count),
        "kind": _named(draw, ["P2P", "P2M"], count),
        "status": _named(draw, ["success"] * 18 + ["failed_technical", "failed_funds"], count),
        "counterparty_vpa": _named(draw, [f"payer{number}@okaxis" for number in range(5000)], count),
        "counterparty": pa.array(draw.integers(0, firms.size, count), mask=draw.random(count) < 0.7),
    }


def _bills(draw: np.random.Generator, firms: np.ndarray, days: int) -> Columns:
    keys = _keys(draw, firms, BILLS, days)
    count = keys["business"].size
    return keys | {
        "direction": _named(draw, ["out", "in"], count),
        "document_number": _named(draw, [f"A/{number}" for number in range(60)], count),
        "value_paise": draw.integers(10**6, 10**8, count),
        "distance_km": draw.integers(1, 2000, count),
        "counterparty_gstin": _named(draw, [f"27AAAAA{number:04d}A1Z5" for number in range(5000)], count),
        "from_pincode": _named(draw, ["411001", "560001"], count),
        "to_pincode": _named(draw, ["411001", "560001"], count),
        "from_state": draw.choice([27, 29], count),
        "to_state": draw.choice([27, 29], count),
    }


def _entries(draw: np.random.Generator, firms: np.ndarray, days: int) -> Columns:
    keys = _keys(draw, firms, ENTRIES, days)
    count = keys["business"].size
    return keys | {
        "account": _named(draw, ["1", "2"], count),
        "direction": _named(draw, ["credit", "debit"], count),
        "purpose": _named(draw, ["receipt", "supplier", "gst", "epf", "emi", "mandate_ok", "mandate_return"], count),
        "amount_paise": draw.integers(10**5, 10**8, count),
        "balance_paise": draw.integers(0, 10**9, count),
    }
