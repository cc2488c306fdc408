"""Features of bank statements: statutory dues paid in time, and debits that bounced."""

from typing import Final

from scoring.engine.features.dialect import NumericValue, Table, cases, greatest, ifelse, number, ratio, window
from scoring.engine.features.registry import Family, Grain, Risk, Unit, days, feature
from scoring.engine.features.windows import DAY_MICROS, ist_day, ist_day_of_month, visible, within

# Day of the month by which each statutory debit falls due.
DUE_DAYS: Final = {"gst": 20, "epf": 15, "esic": 15, "tds": 7}
RETURNED: Final = ("mandate_return", "cheque_return")
PRESENTED: Final = (*RETURNED, "mandate_ok", "emi")
PAID: Final = ("mandate_ok", "emi")
RETRIED_DAYS: Final = 10
BOUNCES_DAYS: Final = 180
FLOW_DAYS: Final = 90
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


def daily_flows() -> Table:
    """`low`: how far the summed net flow of 90 days stands below its highest point so far; `received` paise of the day.

    The running sum starts from nothing, so a firm that only pays has fallen by all it paid.
    """
    rows = entries()
    recent = rows.filter(within(rows, FLOW_DAYS))
    credit = recent.direction == "credit"
    daily = recent.group_by("business", day=ist_day(recent.occurred_at)).aggregate(
        net=ifelse(credit, recent.amount_paise, -recent.amount_paise).sum().cast("int64"),
        received=recent.amount_paise.sum(where=credit).fill_null(0).cast("int64"),
    )
    so_far = window(group_by="business", order_by="day", preceding=None, following=0)
    summed = daily.mutate(total=daily.net.sum().over(so_far).cast("int64"))
    peaked = summed.mutate(peak=greatest(summed.total.max().over(so_far), 0))
    return peaked.select("business", "received", low=peaked.peak - peaked.total)


def bounces() -> Table:
    """Returned mandates and cheques of 180 days; `retried` when the account met one within 10 days after."""
    rows = entries()
    shown = rows.filter(rows.purpose.isin(PRESENTED), within(rows, BOUNCES_DAYS))
    marked = shown.mutate(paid_at=ifelse(shown.purpose.isin(PAID), shown.occurred_at, None))
    onward = window(group_by=["business", "account"], order_by=marked.occurred_at, range=(0, RETRIED_DAYS * DAY_MICROS))
    followed = marked.mutate(next_paid=marked.paid_at.min().over(onward))
    returned = followed.filter(followed.purpose.isin(RETURNED))
    return returned.select("business", retried=returned.next_paid.notnull())


BANK: Final = Grain("bank", entries)
BANK_DAYS: Final = Grain("bank_days", daily_flows)
BANK_BOUNCES: Final = Grain("bank_bounces", bounces)
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


@feature(grain=BANK, family=Family.BEHAVIOUR, unit=Unit.SHARE, window=days(90), risk=Risk.RISES, actionable=True)
def repayment_like_outflow_share(rows: Table) -> NumericValue:
    """Share of money spent on loans.

    Loan instalments divided by all bank debits by amount, 90 days: what existing debt takes.
    """
    spent = (rows.direction == "debit") & within(rows, 90)
    repaid = rows.amount_paise.sum(where=spent & (rows.purpose == "emi")).fill_null(0)
    return ratio(repaid, rows.amount_paise.sum(where=spent))


@feature(grain=BANK_DAYS, family=Family.BEHAVIOUR, unit=Unit.SHARE, window=days(90), risk=Risk.RISES, high=None)
def net_flow_drawdown_90d(flows: Table) -> NumericValue:
    """Deepest fall of cash.

    Largest fall of the running sum of bank credits less debits, day by day over 90 days, below its highest point,
    divided by all credits of the 90 days. Needs a credit.
    """
    return ratio(flows.low.max(), flows.received.sum())


@feature(
    grain=BANK_BOUNCES,
    family=Family.BEHAVIOUR,
    unit=Unit.SHARE,
    window=days(180),
    risk=Risk.FALLS,
    informative=True,  # only who bounced has a value, so a model would hold the value itself against a firm
)
def bounced_then_retried_share(returned: Table) -> NumericValue:
    """Bounced debits made good.

    Returned mandates and cheques of 180 days after which the same account met a mandate or instalment within 10 days,
    divided by those returned.
    """
    return ratio(returned.retried.cast("int64").sum(), returned.count())
