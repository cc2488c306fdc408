"""Payments written by hand, as the frames the engine reads."""

from collections.abc import Sequence

import polars as pl

from fraud.engine.policy import DAY, HOUR
from fraud.engine.transfers import COLUMNS

AS_OF = 200 * DAY
SCHEMA = dict.fromkeys(COLUMNS[:5], pl.Int64) | {"reference": pl.String, "rail": pl.String}
Payment = tuple[int, int, int, float]


def edges_of(payments: Sequence[Payment]) -> pl.DataFrame:
    """Payments (payer, payee, rupees, hours before AS_OF) as money edges."""
    rows = [
        (payer, payee, rupees * 100, at := AS_OF - round(hours * HOUR), at, f"{number:012d}", "upi")
        for number, (payer, payee, rupees, hours) in enumerate(payments)
    ]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row").sort("occurred_at", "payer", "payee", "reference")


def lap(members: Sequence[int], rupees: int, hours: float, *, pace: float = 4.0, kept: float = 1.0) -> list[Payment]:
    """Money once round the members, first payment `hours` before AS_OF, each hop keeping a part."""
    hops = zip(members, [*members[1:], members[0]], strict=True)
    return [(payer, payee, round(rupees * kept**hop), hours - hop * pace) for hop, (payer, payee) in enumerate(hops)]


def legs_of(edges: pl.DataFrame) -> pl.DataFrame:
    """Both UPI legs of every edge, as the evidence frame."""
    both = []
    for mine, other, direction in (("payer", "payee", "out"), ("payee", "payer", "in")):
        both.append(
            edges.select(
                pl.col(mine).alias("business"),
                "reference",
                pl.lit(direction).alias("direction"),
                "amount_paise",
                pl.lit("P2P").alias("kind"),
                pl.lit("success").alias("status"),
                pl.col(other).alias("counterparty"),
                "occurred_at",
                "received_at",
            )
        )
    return pl.concat(both)


def frames_of(edges: pl.DataFrame, businesses: Sequence[int]) -> dict[str, pl.DataFrame]:
    """A population with these payments and no documents at all."""
    times = {"occurred_at": pl.Int64, "received_at": pl.Int64}
    party = {"business": pl.Int64, "direction": pl.String, "counterparty_gstin": pl.String}
    taxes = dict.fromkeys(("taxable_paise", "igst_paise", "cgst_paise", "sgst_paise"), pl.Int64)
    bank = {"business": pl.Int64, "reference": pl.String, "direction": pl.String, "mode": pl.String}
    return {
        "businesses": pl.DataFrame(
            {
                "business": list(businesses),
                "gstin": [f"G{business}" for business in businesses],
                "deals_in_goods": [True for _ in businesses],
            },
            schema={"business": pl.Int64, "gstin": pl.String, "deals_in_goods": pl.Boolean},
        ),
        "upi_payments": legs_of(edges),
        "gst_invoices": pl.DataFrame(schema=party | {"kind": pl.String, "cancelled": pl.Boolean} | taxes | times),
        "gst_returns": pl.DataFrame(schema={"business": pl.Int64, "due_at": pl.Int64, "filed_at": pl.Int64} | times),
        "eway_bills": pl.DataFrame(schema=party | {"value_paise": pl.Int64, "taxable_paise": pl.Int64} | times),
        "bank_entries": pl.DataFrame(
            schema=bank | {"purpose": pl.String, "amount_paise": pl.Int64, "counterparty": pl.Int64} | times
        ),
    }
