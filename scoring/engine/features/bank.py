"""Features of bank statements: statutory dues paid in time, and debits that bounced."""

from typing import Final

from scoring.engine.features.dialect import NumericValue, Table, cases, greatest, number, ratio
from scoring.engine.features.registry import Family, Grain, Risk, Unit, days, feature
from scoring.engine.features.windows import ist_day_of_month, visible, within

# Day of the month by which each statutory debit falls due.
DUE_DAYS: Final = {"gst": 20, "epf": 15, "esic": 15, "tds": 7}
RETURNED: Final = ("mandate_return", "cheque_return")
PRESENTED: Final = (*RETURNED, "mandate_ok", "emi")
WINDOW_DAYS: Final = 365


def entries() -> Table:
    """Bank entries known at as_of."""
    return visible("bank_entries")


def statutory_debits() -> Table:
    """Statutory debits of the last 12 months with `late_days` past the due day of their month."""
    rows = entries()
    paid = rows.filter(rows.direction == "debit", rows.purpose.isin(tuple(DUE_DAYS)), within(rows, WINDOW_DAYS))
    due_day = cases(*((paid.purpose == purpose, day) for purpose, day in DUE_DAYS.items()))
    return paid.select("business", late_days=greatest(ist_day_of_month(paid.occurred_at) - due_day, 0))


BANK: Final = Grain("bank", entries)
BANK_STATUTORY: Final = Grain("bank_statutory", statutory_debits)


@feature(
    grain=BANK_STATUTORY, family=Family.EXTENDED, unit=Unit.SCORE, window=days(365), risk=Risk.FALLS, actionable=True
)
def statutory_payment_regularity_score(debits: Table) -> NumericValue:
    """Statutory dues paid in time.

    1 − mean days late / 30 over GST (due on the 20th), EPF and ESIC (15th) and TDS (7th) debits of the last 12 months,
    kept within 0 and 1.
    """
    lateness = ratio(debits.late_days.sum(), debits.count()) / number(30)
    return greatest(number(1) - lateness, number(0))


@feature(grain=BANK, family=Family.EXTENDED, unit=Unit.SHARE, window=days(90), risk=Risk.RISES, actionable=True)
def debit_failure_rate_90d(rows: Table) -> NumericValue:
    """Bounced debits.

    Mandate and cheque returns for lack of funds divided by mandates and cheques presented (loan instalments included),
    90 days.
    """
    presented = rows.purpose.isin(PRESENTED) & within(rows, 90)
    returned = presented & rows.purpose.isin(RETURNED)
    return ratio(returned.cast("int64").sum(), presented.cast("int64").sum())
