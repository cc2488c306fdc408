"""Entries of a bank statement as rows; the purpose of each is read from its narration."""

from collections.abc import Mapping

import polars as pl

from wallets.engine.importers.columns import Column, Context, Rule, Table, amount, calendar_day, choice, instant, word
from wallets.engine.narration import purpose

EARLIEST = 946_665_000_000_000
"""1 January 2000 IST, in microseconds: older statements say nothing about credit today."""
MODES = ("CASH", "ATM", "CARD", "UPI", "FT", "OTHERS")
LONGEST_NARRATION = 250
_RUPEES = "Write rupees with at most two decimals."

COLUMNS = (
    Column("account", "account number, or its masked form", ("501000012345", "501000012345"),
           word(r"^[0-9A-Z*-]{4,34}$", case="upper"), "bank.account", "An account has 4 to 34 letters and digits."),
    Column("reference", "the bank's own number of the entry", ("N612345678901", "S20261001"),
           word(r"^[0-9A-Za-z/_.:#-]{1,35}$"), "bank.reference", "1 to 35 letters, digits and / _ . : # -"),
    Column("occurred_at", "time of the entry; Indian time where no zone is given",
           ("2026-10-01T11:25:00+05:30", "2026-10-01 18:05:00"), instant, "bank.time",
           "Write the time as 2026-10-01T11:25:00+05:30."),
    Column("direction", "“credit” for money received, “debit” for money paid", ("credit", "debit"),
           choice("credit", "debit", case="lower"), "bank.direction", "Direction is “credit” or “debit”."),
    Column("mode", f"one of {', '.join(MODES)}", ("FT", "FT"), choice(*MODES, case="upper"), "bank.mode",
           f"Mode is one of: {', '.join(MODES)}."),
    Column("amount", "rupees", ("125000.00", "8400.50"), amount(), "bank.amount", _RUPEES),
    Column("balance", "rupees after the entry; negative when overdrawn", ("410250.75", "401850.25"),
           amount(signed=True), "bank.balance", "Write rupees with at most two decimals; “-” when overdrawn."),
    Column("narration", "the bank's text", ("NEFT TRADE SETTLEMENT", "BULK SALARY PAYMENT"),
           word(rf"^[^\p{{Cc}}]{{1,{LONGEST_NARRATION}}}$"), "bank.narration",
           f"1 to {LONGEST_NARRATION} characters on one line.", required=False),
    Column("value_date", "from when the bank counts it", ("2026-10-01", ""), calendar_day, "bank.value_date",
           "Write the date as 2026-10-01.", required=False),
)  # fmt: skip


def _rules(context: Context) -> tuple[Rule, ...]:
    made = pl.col("occurred_at")
    return (
        Rule("occurred_at", "bank.time_future", "This time lies in the future.", made > context.as_of),
        Rule("occurred_at", "bank.time_past", "This time is before the year 2000.", made < EARLIEST),
        Rule("amount", "bank.amount", "An entry moves more than nothing.", pl.col("amount") <= 0),
    )


def _frame(_context: Context) -> Mapping[str, pl.Expr]:
    narration = pl.col("narration").fill_null("")
    return {
        **{name: pl.col(name) for name in ("account", "reference", "direction", "mode", "occurred_at")},
        "purpose": purpose(narration, pl.col("direction")),
        "amount_paise": pl.col("amount"),
        "balance_paise": pl.col("balance"),
        "narration": narration,
        "value_date": pl.col("value_date"),
    }


TABLE = Table(
    kind="bank_entries",
    columns=COLUMNS,
    rules=_rules,
    frame=_frame,
    key=("reference", "account"),
    key_field="reference",
    key_rule="bank.repeated",
    key_message="This reference of the same account stands on an earlier line.",
)
