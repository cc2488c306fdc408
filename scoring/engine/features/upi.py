"""Features of UPI payments. Failed payments are not money; only two features read them, as attempts."""

from math import log2
from typing import Final

from scoring.engine.features.dialect import (
    NumericValue,
    StringValue,
    Table,
    coalesce,
    distinct,
    exact_sum,
    greatest,
    ifelse,
    least,
    number,
    ratio,
    sample_deviation,
    squares,
    window,
)
from scoring.engine.features.registry import Family, Grain, Risk, Unit, days, feature
from scoring.engine.features.windows import PAISE, decayed, decayed_count, gaps, ist_day, visible, within

WEEKS_WATCHED: Final = 26
INBOUND_NEEDED: Final = 5
GAPS_NEEDED: Final = 5
LOG_BOUND: Final = 5
WEEKDAYS: Final = 7
WEEKDAYS_WATCHED_DAYS: Final = 84
RECEIPTS_FOR_WEEKDAYS: Final = 14
ROUND_PAISE: Final = 1000 * PAISE


def payments() -> Table:
    """All payment attempts with `inbound`/`outbound` (successful money) and the payer's key."""
    rows = visible("upi_payments")
    success = rows.status == "success"
    return rows.mutate(
        success=success,
        inbound=success & (rows.direction == "in"),
        outbound=success & (rows.direction == "out"),
        payer=_party(rows),
    )


def _party(rows: Table) -> StringValue:
    """A resolved business is one party however many addresses it pays from; any other address is its own party."""
    return coalesce(rows.counterparty.cast("string"), rows.counterparty_vpa)


def inbound_gaps() -> Table:
    """Seconds between consecutive successful inbound payments of the last 90 days."""
    rows = payments()
    return gaps(rows.filter(rows.inbound, within(rows, 90)))


def payers() -> Table:
    """Successful inbound paise of the last 30 days by payer."""
    rows = payments()
    recent = rows.filter(rows.inbound, within(rows, 30))
    return recent.group_by("business", "payer").aggregate(paise=recent.amount_paise.sum().cast("int64"))


def weekday_receipts() -> Table:
    """Successful receipts of the last 84 days by Indian weekday, with each weekday's share."""
    rows = payments()
    recent = rows.filter(rows.inbound, within(rows, WEEKDAYS_WATCHED_DAYS))
    counts = recent.group_by("business", weekday=ist_day(recent.occurred_at) % WEEKDAYS).aggregate(
        receipts=recent.count()
    )
    return counts.mutate(share=ratio(counts.receipts, counts.receipts.sum().over(window(group_by="business"))))


UPI: Final = Grain("upi", payments)
UPI_WEEKDAYS: Final = Grain("upi_weekdays", weekday_receipts)
UPI_GAPS: Final = Grain("upi_gaps", inbound_gaps)
UPI_PAYERS: Final = Grain("upi_payers", payers)


@feature(grain=UPI, family=Family.VELOCITY, unit=Unit.COUNT, risk=Risk.FALLS, actionable=True)
def upi_7d_inbound_count(rows: Table) -> NumericValue:
    """UPI receipts, last 7 days.

    Decayed number (half-life 7 days) of successful inbound payments: a steady firm reads its 7-day count.
    """
    return decayed_count(rows, 7, where=rows.inbound)


@feature(grain=UPI, family=Family.VELOCITY, unit=Unit.COUNT, risk=Risk.FALLS, actionable=True)
def upi_30d_inbound_count(rows: Table) -> NumericValue:
    """UPI receipts, last 30 days.

    Decayed number (half-life 30 days) of successful inbound payments: a steady firm reads its 30-day count.
    """
    return decayed_count(rows, 30, where=rows.inbound)


@feature(grain=UPI, family=Family.VELOCITY, unit=Unit.COUNT, risk=Risk.FALLS, actionable=True)
def upi_90d_inbound_count(rows: Table) -> NumericValue:
    """UPI receipts, last 90 days.

    Decayed number (half-life 90 days) of successful inbound payments: a steady firm reads its 90-day count.
    """
    return decayed_count(rows, 90, where=rows.inbound)


@feature(grain=UPI, family=Family.VELOCITY, unit=Unit.COUNT, window=days(30), risk=Risk.FALLS, actionable=True)
def upi_30d_unique_counterparties(rows: Table) -> NumericValue:
    """Different UPI payers, last 30 days.

    Distinct payers of successful inbound payments in 30 days; a known business counts once however many addresses it
    uses.
    """
    return distinct(rows.payer, rows.inbound & within(rows, 30))


@feature(grain=UPI_GAPS, family=Family.CADENCE, unit=Unit.DAYS, window=days(90), risk=Risk.RISES)
def upi_inbound_std_interval_days(received: Table) -> NumericValue:
    """Irregularity of UPI receipts.

    Sample standard deviation of the time between successful inbound payments, 90 days. Needs five gaps.
    """
    deviation = sample_deviation(
        count=received.count(), total=received.gap.sum(), total_of_squares=squares(received.gap).sum()
    )
    return ifelse(received.count() >= GAPS_NEEDED, deviation / number(86_400), None)


@feature(grain=UPI, family=Family.RATIO, unit=Unit.LOG_RATIO, risk=Risk.FALLS, actionable=True)
def upi_inbound_outbound_ratio_30d(rows: Table) -> NumericValue:
    """UPI money in against money out.

    log((in + 1) / (out + 1)) of the decayed successful amounts in rupees, half-life 30 days, bounded to ±5. Above 0
    more comes in than goes out.
    """
    received = decayed(rows, rows.amount_paise, 30, where=rows.inbound)
    paid = decayed(rows, rows.amount_paise, 30, where=rows.outbound)
    log_ratio = ((received + number(1)) / (paid + number(1))).ln()
    bounded = greatest(least(log_ratio, number(LOG_BOUND)), number(-LOG_BOUND))
    return ifelse(rows.success.any(), bounded, None)


@feature(grain=UPI_PAYERS, family=Family.RATIO, unit=Unit.SHARE, window=days(30), risk=Risk.RISES, actionable=True)
def upi_hhi_30d(sums: Table) -> NumericValue:
    """Payer concentration.

    Herfindahl–Hirschman index of successful inbound amounts by payer, 30 days: sum of squared shares. 1 is a single
    payer.
    """
    return ratio(squares(sums.paise).sum(), squares(sums.paise.sum().cast("int64")))


@feature(grain=UPI, family=Family.RATIO, unit=Unit.SHARE, window=days(30), risk=Risk.NEITHER)
def upi_p2m_ratio_30d(rows: Table) -> NumericValue:
    """Share of merchant payments.

    Person-to-merchant receipts divided by all successful receipts (count), 30 days. Needs five receipts.
    """
    recent = rows.inbound & within(rows, 30)
    received = recent.cast("int64").sum()
    merchant = (recent & (rows.kind == "P2M")).cast("int64").sum()
    return ifelse(received >= INBOUND_NEEDED, ratio(merchant, received), None)


@feature(grain=UPI, family=Family.RATIO, unit=Unit.SHARE, window=days(30), risk=Risk.RISES, actionable=True)
def upi_outbound_failure_rate(rows: Table) -> NumericValue:
    """UPI payments failed for lack of funds.

    Insufficient-funds failures divided by outbound attempts, 30 days. Technical failures say nothing about the payer
    and are left out of both.
    """
    attempts = (rows.direction == "out") & (rows.status != "failed_technical") & within(rows, 30)
    failed = attempts & (rows.status == "failed_funds")
    return ratio(failed.cast("int64").sum(), attempts.cast("int64").sum())


@feature(grain=UPI, family=Family.EXTENDED, unit=Unit.RUPEES_PER_DAY, window=days(90), risk=Risk.FALLS, actionable=True)
def upi_daily_avg_throughput(rows: Table) -> NumericValue:
    """UPI money moved per day.

    Successful amount in both directions over the last 90 days, divided by 90.
    """
    moved = rows.amount_paise.sum(where=rows.success & within(rows, 90)).fill_null(0)
    return moved.cast("float64") / number(90 * PAISE)


@feature(grain=UPI_PAYERS, family=Family.EXTENDED, unit=Unit.SHARE, window=days(30), risk=Risk.RISES, actionable=True)
def upi_top3_concentration(sums: Table) -> NumericValue:
    """Share of the three largest payers.

    Inbound amount of the three largest payers divided by all inbound amount, 30 days.
    """
    largest = sums.paise.collect().sort()[-3:].sums()
    return ratio(largest, sums.paise.sum())


@feature(grain=UPI, family=Family.EXTENDED, unit=Unit.COUNT, window=days(182), risk=Risk.RISES, high=WEEKS_WATCHED)
def upi_dormancy_periods(rows: Table) -> NumericValue:
    """Weeks without UPI payments.

    Weeks without a successful payment in either direction among the last 26, the silence up to now included.
    """
    week = (rows.age_days / number(7)).floor().cast("int64")
    active = distinct(week, rows.success & within(rows, 7 * WEEKS_WATCHED))
    return number(WEEKS_WATCHED) - active.cast("float64")


@feature(
    grain=UPI_WEEKDAYS, family=Family.BEHAVIOUR, unit=Unit.SCORE, window=days(84), risk=Risk.NEITHER, informative=True
)
def weekday_regularity(weekdays: Table) -> NumericValue:
    """Attachment to weekdays.

    1 − Shannon entropy of successful receipts over the seven Indian weekdays divided by log₂7, 84 days (twelve of
    each). 0 is every day alike, 1 always the same weekday. Needs 14 receipts.
    """
    received = weekdays.receipts.sum()
    entropy = exact_sum(-weekdays.share * weekdays.share.log2(), 1 << 50)
    regular = greatest(number(1) - entropy / number(log2(WEEKDAYS)), number(0))
    return ifelse(received >= RECEIPTS_FOR_WEEKDAYS, regular, None)


@feature(grain=UPI, family=Family.BEHAVIOUR, unit=Unit.SHARE, window=days(90), risk=Risk.NEITHER, informative=True)
def round_amount_share(rows: Table) -> NumericValue:
    """Round receipts.

    Successful receipts of a whole multiple of ₹1,000 divided by those of at least ₹1,000, 90 days. Needs five.
    """
    large = rows.inbound & within(rows, 90) & (rows.amount_paise >= ROUND_PAISE)
    whole = large & (rows.amount_paise % ROUND_PAISE == 0)
    received = large.cast("int64").sum()
    return ifelse(received >= INBOUND_NEEDED, ratio(whole.cast("int64").sum(), received), None)
