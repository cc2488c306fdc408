"""GST returns as rows: what fell due, what was filed and when.

Due dates where a row gives none: GSTR-1 on the 11th and GSTR-3B on the 20th of the following month (rules 59 and 61
of the CGST Rules as notified since 2020), the annual GSTR-9 on 31 December after its year (section 44 of the CGST Act);
its period is the March that ends the year. Extended dates are stated in `due_date`; `due_told` says that one was. The
days of quarterly filers are set where the business is known (`importers.quarterly`).
"""

from collections.abc import Mapping

import polars as pl

from wallets.engine.importers.columns import (
    HOUR,
    MIDDAY,
    Column,
    Context,
    Rule,
    Table,
    amount,
    choice,
    day,
    known,
    month,
    word,
)

TYPES = ("GSTR1", "GSTR3B", "GSTR9")
ANNUAL = "GSTR9"
FIRST_PERIOD = 2017 * 12 + 6
"""July 2017, the first month of GST, as year × 12 + month − 1."""
DUE_DAY = {"GSTR1": 11, "GSTR3B": 20, "GSTR9": 31}
DUE_MONTHS = {"GSTR1": 1, "GSTR3B": 1, "GSTR9": 9}
"""Months from the period to the one it falls due in."""
_RUPEES = "Write rupees with at most two decimals."

COLUMNS = (
    Column("return_type", "GSTR1, GSTR3B or GSTR9", ("GSTR1", "GSTR3B"), choice(*TYPES, case="upper"), "return.type",
           "Return type is GSTR1, GSTR3B or GSTR9."),
    Column("period", "month the return is for", ("06-2026", "2026-06"), month, "return.period",
           "Write the period as 06-2026."),
    Column("due_date", "when it fell due; empty for the usual date", ("2026-07-11", ""), day, "return.due",
           "Write the date as 2026-07-11.", required=False),
    Column("filed_on", "when it was filed; empty when it was not", ("2026-07-10", "2026-07-19"), day, "return.filed",
           "Write the date as 2026-07-10.", required=False),
    Column("arn", "acknowledgement number", ("AA270626000001A", ""), word(r"^[0-9A-Z]{15}$", case="upper"),
           "return.arn", "An acknowledgement number has 15 letters and digits.", required=False),
    Column("turnover", "taxable turnover in rupees", ("1250000", "1250000.00"), amount(), "return.turnover", _RUPEES),
    Column("tax_cash", "tax paid in cash, rupees", ("0", "40000"), amount(), "return.tax", _RUPEES),
    Column("tax_itc", "tax paid from input credit, rupees", ("0", "185000"), amount(), "return.tax", _RUPEES),
)  # fmt: skip


def _rules(context: Context) -> tuple[Rule, ...]:
    period, filed = pl.col("period"), pl.col("filed_on")
    opening = _midday(period, pl.lit(1)) - MIDDAY
    future = filed - 12 * HOUR > context.as_of
    return (
        Rule("period", "return.period_future", "This month has not begun.", opening > context.as_of),
        Rule("period", "return.period_past", "This month is before GST began (July 2017).", period < FIRST_PERIOD),
        Rule("period", "return.period_annual", "The period of a GSTR9 is the March that ends its year.",
             (pl.col("return_type") == ANNUAL) & (period % 12 != 2)),
        Rule("filed_on", "return.filed_future", "This date lies in the future.", future),
        Rule("filed_on", "return.filed_early", "Filed before its month began.", filed < opening),
        Rule("due_date", "return.due_early", "Due before its month began.", pl.col("due_date") < opening),
        Rule("arn", "return.arn_unfiled", "A return that was not filed has no acknowledgement.",
             pl.col("arn").is_not_null() & filed.is_null()),
    )  # fmt: skip


def _midday(period: pl.Expr, day_of_month: pl.Expr) -> pl.Expr:
    date = pl.date(period // 12, period % 12 + 1, day_of_month)
    return date.cast(pl.Datetime("us")).dt.epoch("us") + MIDDAY


def _frame(context: Context) -> Mapping[str, pl.Expr]:
    kind = pl.col("return_type")
    months = kind.replace_strict(DUE_MONTHS, default=None, return_dtype=pl.Int32)
    usual = kind.replace_strict(DUE_DAY, default=None, return_dtype=pl.Int32)
    due = pl.coalesce(pl.col("due_date"), _midday(pl.col("period") + months, usual))
    return {
        "return_type": pl.col("return_type"),
        "period": pl.col("period"),
        "due_at": due,
        "filed_at": known(pl.col("filed_on"), context),
        "turnover_paise": pl.col("turnover"),
        "tax_cash_paise": pl.col("tax_cash"),
        "tax_itc_paise": pl.col("tax_itc"),
        "arn": pl.col("arn"),
        "occurred_at": known(due, context),
        "due_told": pl.col("due_date").is_not_null(),
    }


TABLE = Table(
    kind="gst_returns",
    columns=COLUMNS,
    rules=_rules,
    frame=_frame,
    key=("return_type", "period"),
    key_field="period",
    key_rule="return.repeated",
    key_message="This return and period stand on an earlier line.",
)
