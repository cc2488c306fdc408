"""Features of returns held against each other and against the documents behind them."""

from typing import Final

from scoring.engine.features.dialect import NumericValue, Table, greatest, ifelse, least, number, ratio, source
from scoring.engine.features.gst import CREDIT_NOTE
from scoring.engine.features.registry import Family, Grain, Risk, Unit, days, feature
from scoring.engine.features.windows import ist_month, visible, within

YEAR_DAYS: Final = 365
SALES_RETURN: Final = "GSTR1"
TAX_RETURN: Final = "GSTR3B"


def filed_returns() -> Table:
    """Returns due in the last 12 months and filed by as_of."""
    rows = visible("gst_returns")
    return rows.filter(rows.filed_at <= rows.as_of, within(rows, YEAR_DAYS))


def return_pairs() -> Table:
    """Turnover of each period in GSTR-1 and in GSTR-3B, periods for which both were filed."""
    rows = filed_returns()
    sales, taxed = rows.return_type == SALES_RETURN, rows.return_type == TAX_RETURN
    periods = rows.group_by("business", "period").aggregate(
        told=rows.turnover_paise.sum(where=sales).cast("int64"),
        declared=rows.turnover_paise.sum(where=taxed).cast("int64"),
    )
    return periods.filter(periods.told.notnull(), periods.declared.notnull())


def credit_claims() -> Table:
    """Input credit claimed in each GSTR-3B filed, with the tax on the inward documents of its period (None: none).

    A quarterly filer's return covers the quarter that ends with its period.
    """
    rows = filed_returns()
    claims = rows.filter(rows.return_type == TAX_RETURN).select("business", "period", claimed="tax_itc_paise")
    invoices = visible("gst_invoices")
    inward = invoices.filter(invoices.direction == "in", ~invoices.cancelled)
    tax = inward.igst_paise + inward.cgst_paise + inward.sgst_paise
    month = ist_month(inward.occurred_at)
    dated = inward.select(
        "business", month=month, quarter=month - month % 3 + 2, tax=ifelse(inward.kind == CREDIT_NOTE, -tax, tax)
    )
    firms = source("businesses").select("business", "quarterly_filer")
    placed = dated.join(firms, "business").select(*dated.columns, "quarterly_filer")
    documents = placed.group_by(
        "business", period=ifelse(placed.quarterly_filer, placed.quarter, placed.month)
    ).aggregate(documented=placed.tax.sum().cast("int64"))
    return claims.left_join(documents, ["business", "period"]).select("business", "claimed", "documented")


RETURN_PAIRS: Final = Grain("return_pairs", return_pairs)
CREDIT_CLAIMS: Final = Grain("credit_claims", credit_claims)


def _bounded(share: NumericValue) -> NumericValue:
    return greatest(least(share, number(1)), number(-1))


@feature(
    grain=RETURN_PAIRS,
    family=Family.RECONCILIATION,
    unit=Unit.SHARE,
    window=days(365),
    risk=Risk.RISES,
    actionable=True,
    low=-1,
    high=1,
)
def gstr1_gstr3b_gap(periods: Table) -> NumericValue:
    """Sales told but not taxed.

    (Turnover in GSTR-1 − turnover in GSTR-3B) ÷ turnover in GSTR-1 over the periods of the last 12 months with both
    returns filed, clipped to ±1.
    """
    told = periods.told.sum()
    gap = _bounded(ratio(told - periods.declared.sum(), told))
    return ifelse(told > 0, gap, None)


@feature(
    grain=CREDIT_CLAIMS,
    family=Family.RECONCILIATION,
    unit=Unit.SHARE,
    window=days(500),
    risk=Risk.RISES,
    actionable=True,
    low=-1,
    high=1,
    informative=True,
)
def itc_mismatch_2b(claims: Table) -> NumericValue:
    """Tax credit beyond suppliers' documents.

    (Input credit claimed in GSTR-3B − tax on the inward documents suppliers reported for the same periods) ÷ credit
    claimed, returns due in the last 12 months, clipped to ±1. Missing when no inward document is known.
    """
    claimed = claims.claimed.sum()
    mismatch = _bounded(ratio(claimed - claims.documented.sum(), claimed))
    return ifelse((claimed > 0) & claims.documented.notnull().any(), mismatch, None)
