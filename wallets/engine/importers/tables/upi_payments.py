"""UPI payments as rows: one leg of a transfer, as its payer or its payee reports it."""

from collections.abc import Mapping

import polars as pl

from wallets.engine.importers.checks import VPA_PATTERN
from wallets.engine.importers.columns import Column, Context, Rule, Table, amount, choice, instant, word

EARLIEST = 1_459_449_000_000_000
"""1 April 2016 IST, the month UPI was launched, in microseconds."""
STATUSES = ("success", "failed_technical", "failed_funds")
_ADDRESS = "This is not a UPI address (name@bank)."

COLUMNS = (
    Column("reference", "bank reference (RRN), the same on both legs of a transfer", ("612345678901", "612345678902"),
           word(r"^[0-9]{12}$"), "upi.reference", "Give the 12-digit bank reference (RRN)."),
    Column("occurred_at", "time of the payment; Indian time where no zone is given",
           ("2026-10-01T11:25:00+05:30", "2026-10-01 18:05:00"),
           instant, "upi.time", "Write the time as 2026-10-01T11:25:00+05:30."),
    Column("direction", "“in” for money received, “out” for money paid", ("in", "out"),
           choice("in", "out", case="lower"), "upi.direction", "Direction is “in” or “out”."),
    Column("amount", "rupees", ("1250.00", "8400.50"), amount(), "upi.amount",
           "Write a positive amount in rupees with at most two decimals."),
    Column("kind", "P2P between people, P2M to a merchant", ("P2M", "P2P"), choice("P2P", "P2M", case="upper"),
           "upi.kind", "Kind is “P2P” or “P2M”."),
    Column("status", f"one of {', '.join(STATUSES)}", ("success", "success"), choice(*STATUSES, case="lower"),
           "upi.status", f"Status is one of: {', '.join(STATUSES)}."),
    Column("vpa", "your own UPI address", ("shop@okaxis", "shop@okaxis"), word(VPA_PATTERN, case="lower"),
           "vpa.pattern", _ADDRESS),
    Column("counterparty_vpa", "the other party's UPI address", ("asha@ybl", "supplier@okicici"),
           word(VPA_PATTERN, case="lower"), "vpa.pattern", _ADDRESS),
)  # fmt: skip


def _rules(context: Context) -> tuple[Rule, ...]:
    instant_, paise = pl.col("occurred_at"), pl.col("amount")
    positive = "Write a positive amount in rupees with at most two decimals."
    return (
        Rule("occurred_at", "upi.time_future", "This time lies in the future.", instant_ > context.as_of),
        Rule("occurred_at", "upi.time_past", "This time is before UPI existed (April 2016).", instant_ < EARLIEST),
        Rule("amount", "upi.amount", positive, paise <= 0),
        Rule(
            "counterparty_vpa", "upi.self", "Payer and payee are the same address.",
            pl.col("vpa") == pl.col("counterparty_vpa"),
        ),
    )  # fmt: skip


def _frame(_context: Context) -> Mapping[str, pl.Expr]:
    names = ("reference", "direction", "kind", "status", "vpa", "counterparty_vpa", "occurred_at")
    return {**{name: pl.col(name) for name in names}, "amount_paise": pl.col("amount")}


TABLE = Table(
    kind="upi_payments",
    columns=COLUMNS,
    rules=_rules,
    frame=_frame,
    key=("reference", "direction"),
    key_field="reference",
    key_rule="upi.repeated",
    key_message="This reference and direction stand on an earlier line.",
)
