"""Features of the tax record: what was invoiced, to whom, of what, and how the returns were filed.

Sales are outward documents, not cancelled, credit notes subtracting.
"""

from typing import Final

from scoring.engine.features.dialect import (
    BooleanValue,
    NumericValue,
    Table,
    desc,
    distinct,
    exact_sum,
    greatest,
    ifelse,
    least,
    number,
    ratio,
    row_number,
    sample_deviation,
    squares,
    structure,
    window,
)
from scoring.engine.features.registry import MODEL, Family, Grain, Risk, Unit, days, feature
from scoring.engine.features.windows import (
    DAY_MICROS,
    IST_OFFSET_MICROS,
    PAISE,
    decayed,
    gaps,
    ist_day,
    ist_month,
    visible,
    within,
)

WEEKS: Final = 13
CREDIT_NOTE: Final = "CDNR"
PERIODS_FOR_INTERVALS: Final = 12
PERIODS_FOR_TREND: Final = 6
ACTIVE_WEEKS_NEEDED: Final = 6
MONTHS_FOR_SHIFTS: Final = 6
BUYERS_KNOWN_DAYS: Final = 210
NEW_BUYER_DAYS: Final = 30
LOG_BOUND: Final = 5


def outward_documents() -> Table:
    """Outward documents, not cancelled, with their signed taxable value, value with tax and HSN chapter."""
    rows = visible("gst_invoices")
    sales = rows.filter(rows.direction == "out", ~rows.cancelled)
    credit = sales.kind == CREDIT_NOTE
    return sales.mutate(
        credit=credit,
        net_paise=ifelse(credit, -sales.taxable_paise, sales.taxable_paise),
        gross_paise=sales.taxable_paise + sales.igst_paise + sales.cgst_paise + sales.sgst_paise,
        chapter=sales.hsn.substr(0, 2),
    )


def weekly_sales() -> Table:
    """Net outward value of each of the 13 full weeks before as_of that had a document."""
    rows = outward_documents()
    recent = rows.filter(within(rows, 7 * WEEKS))
    week = (recent.age_days / number(7)).floor().cast("int64")
    return recent.group_by("business", week=week).aggregate(paise=recent.net_paise.sum().cast("int64"))


def chapter_sales() -> Table:
    """Net outward value per HSN chapter, 90 days, with the total beside it; chapters netted to nothing drop out."""
    rows = outward_documents()
    recent = rows.filter(within(rows, 90))
    sums = recent.group_by("business", "chapter").aggregate(paise=recent.net_paise.sum().cast("int64"))
    sold = sums.filter(sums.paise > 0)
    return sold.mutate(share=ratio(sold.paise, sold.paise.sum().over(window(group_by="business"))))


def leading_chapters() -> Table:
    """The chapter with the largest net value in each of the last six calendar months that had sales.

    `moved` says that the chapter differs from the month before it. Equal values: the higher chapter leads.
    """
    rows = outward_documents()
    dated = rows.mutate(month=ist_month(rows.occurred_at))
    recent = dated.filter(ist_month(dated.as_of) - dated.month < MONTHS_FOR_SHIFTS)
    sums = recent.group_by("business", "month", "chapter").aggregate(paise=recent.net_paise.sum().cast("int64"))
    sold = sums.filter(sums.paise > 0)
    ranked = sold.group_by("business", "month").aggregate(
        leader=structure({"paise": sold.paise, "chapter": sold.chapter}).max()["chapter"]
    )
    before = ranked.leader.lag(1).over(window(group_by="business", order_by="month"))
    return ranked.mutate(moved=(ranked.leader != before).cast("int64"))


def due_returns() -> Table:
    """Returns whose due day (Indian calendar, to its last minute) is over at as_of, with filed-ness as of then."""
    rows = visible("gst_returns")
    day_end = (ist_day(rows.due_at) + 1) * DAY_MICROS - IST_OFFSET_MICROS
    filed = (rows.filed_at <= rows.as_of).fill_null(False)
    marked = rows.mutate(day_end=day_end, filed=filed, punctual=filed & (rows.filed_at < day_end))
    return marked.filter(marked.day_end <= marked.as_of)


def tax_returns() -> Table:
    """Filed GSTR-3B, the return that pays, with its delay; `recency` 0 is the latest period filed.

    A return not yet filed has no delay to speak of: three months of silence in a row would read as a falling trend.
    """
    rows = visible("gst_returns")
    filed = rows.filter(rows.return_type == "GSTR3B", rows.filed_at <= rows.as_of)
    return filed.mutate(
        delay_days=(filed.filed_at - filed.due_at).cast("float64") / number(DAY_MICROS),
        recency=row_number().over(window(group_by="business", order_by=desc("period"))),
    )


def filing_gaps() -> Table:
    """Seconds between successive filings among the last 12 GSTR-3B filed."""
    rows = tax_returns()
    return gaps(rows.filter(rows.recency < PERIODS_FOR_INTERVALS), at="filed_at")


def delay_slopes() -> Table:
    """Slope of filing delay between every two of the last six returns filed, in days per period."""
    rows = tax_returns()
    recent = rows.filter(rows.recency < PERIODS_FOR_TREND).select("business", "period", "delay_days")
    later = recent.view()
    pairs = recent.join(later, [recent.business == later.business, recent.period < later.period])
    return pairs.select(
        recent.business,
        slope=(later.delay_days - recent.delay_days) / (later.period - recent.period).cast("float64"),
    )


def buyers() -> Table:
    """Registered buyers of the last 210 days with the age of their first and last invoice."""
    rows = outward_documents()
    sold = rows.filter(~rows.credit, rows.counterparty_gstin.notnull(), within(rows, BUYERS_KNOWN_DAYS))
    return sold.group_by("business", "counterparty_gstin").aggregate(
        first_days=sold.age_days.max(), last_days=sold.age_days.min()
    )


GST_OUTWARD: Final = Grain("gst_outward", outward_documents)
GST_WEEKS: Final = Grain("gst_weeks", weekly_sales)
GST_CHAPTERS: Final = Grain("gst_chapters", chapter_sales)
GST_LEADERS: Final = Grain("gst_leaders", leading_chapters)
GST_BUYERS: Final = Grain("gst_buyers", buyers)
GST_RETURNS: Final = Grain("gst_returns_due", due_returns)
GST_FILINGS: Final = Grain("gst_filings", filing_gaps)
GST_SLOPES: Final = Grain("gst_slopes", delay_slopes)


@feature(grain=GST_OUTWARD, family=Family.VELOCITY, unit=Unit.RUPEES, risk=Risk.FALLS, actionable=True)
def gst_7d_value(rows: Table) -> NumericValue:
    """Sales, last 7 days.

    Decayed rate (half-life 7 days) of outward taxable value net of credit notes and cancellations: a steady firm reads
    its 7-day value.
    """
    return decayed(rows, rows.net_paise, 7)


@feature(grain=GST_OUTWARD, family=Family.VELOCITY, unit=Unit.RUPEES, risk=Risk.FALLS, actionable=True)
def gst_30d_value(rows: Table) -> NumericValue:
    """Sales, last 30 days.

    Decayed rate (half-life 30 days) of outward taxable value net of credit notes and cancellations: a steady firm
    reads its 30-day value.
    """
    return decayed(rows, rows.net_paise, 30)


@feature(grain=GST_OUTWARD, family=Family.VELOCITY, unit=Unit.RUPEES, risk=Risk.FALLS, actionable=True)
def gst_90d_value(rows: Table) -> NumericValue:
    """Sales, last 90 days.

    Decayed rate (half-life 90 days) of outward taxable value net of credit notes and cancellations: a steady firm
    reads its 90-day value.
    """
    return decayed(rows, rows.net_paise, 90)


@feature(grain=GST_OUTWARD, family=Family.VELOCITY, unit=Unit.COUNT, window=days(30), risk=Risk.FALLS, actionable=True)
def gst_30d_unique_buyers(rows: Table) -> NumericValue:
    """Different buyers, last 30 days.

    Distinct registered buyers invoiced in 30 days plus the number of invoices to unregistered buyers, who cannot be
    told apart. Credit notes do not make a buyer.
    """
    sold = within(rows, 30) & ~rows.credit
    unregistered = (sold & rows.counterparty_gstin.isnull()).cast("int64").sum()
    return distinct(rows.counterparty_gstin, sold) + unregistered


@feature(grain=GST_WEEKS, family=Family.RATIO, unit=Unit.RATIO, window=days(91), risk=Risk.RISES)
def gst_revenue_cv_90d(weeks: Table) -> NumericValue:
    """Unevenness of weekly sales.

    Standard deviation over mean of net outward value in the last 13 full weeks, silent weeks counting as zero. Needs
    six active weeks and a positive mean.
    """
    total = weeks.paise.sum()
    deviation = sample_deviation(
        count=number(WEEKS).cast("int64"), total=total, total_of_squares=squares(weeks.paise).sum()
    )
    usable = (weeks.count() >= ACTIVE_WEEKS_NEEDED) & (total > 0)
    return ifelse(usable, deviation / (total.cast("float64") / number(WEEKS)), None)


@feature(grain=GST_CHAPTERS, family=Family.EXTENDED, unit=Unit.BITS, window=days(90), risk=Risk.NEITHER)
def hsn_entropy_90d(chapters: Table) -> NumericValue:
    """Variety of goods sold.

    Shannon entropy in bits of net sales over HSN chapters (first two digits), 90 days: −Σ p·log₂p. 0 is one chapter.
    """
    return exact_sum(-chapters.share * chapters.share.log2(), 1 << 50)


@feature(grain=GST_LEADERS, family=Family.EXTENDED, unit=Unit.COUNT, window=days(184), risk=Risk.RISES)
def hsn_shift_count_90d(months: Table) -> NumericValue:
    """Changes of main goods.

    How often the HSN chapter with the largest net sales changed from one active calendar month to the next, over the
    last six calendar months. Needs two active months.
    """
    return ifelse(months.count() >= 2, months.moved.sum(), None)


@feature(grain=GST_FILINGS, family=Family.CADENCE, unit=Unit.DAYS, risk=Risk.NEITHER)
def gst_mean_filing_interval_days(filings: Table) -> NumericValue:
    """Days between tax returns.

    Mean interval between successive filings of the last 12 GSTR-3B filed. Needs two filings.
    """
    return ratio(filings.gap.sum(), filings.count()) / number(86_400)


@feature(grain=GST_FILINGS, family=Family.CADENCE, unit=Unit.DAYS, risk=Risk.RISES, actionable=True)
def gst_std_filing_interval_days(filings: Table) -> NumericValue:
    """Irregularity of tax returns.

    Sample standard deviation of the intervals between successive filings of the last 12 GSTR-3B filed. Needs three
    filings.
    """
    return sample_deviation(
        count=filings.count(), total=filings.gap.sum(), total_of_squares=squares(filings.gap).sum()
    ) / number(86_400)


@feature(grain=GST_SLOPES, family=Family.CADENCE, unit=Unit.DAYS_PER_PERIOD, risk=Risk.RISES, actionable=True)
def gst_filing_delay_trend(slopes: Table) -> NumericValue:
    """Trend of filing delay.

    Theil–Sen slope (median of pairwise slopes) of GSTR-3B filing delay over the last six returns filed, in days per
    period. Needs two filed returns.
    """
    return slopes.slope.median()


@feature(grain=GST_RETURNS, family=Family.RATIO, unit=Unit.SHARE, window=days(365), risk=Risk.FALLS, actionable=True)
def filing_compliance_rate(returns: Table) -> NumericValue:
    """Tax returns filed on time.

    Returns (GSTR-1 and GSTR-3B) due in the last 12 months and filed by the end of their due day, divided by those due.
    """
    due = within(returns, 365)
    return ratio(returns.punctual.cast("int64").sum(where=due), due.cast("int64").sum())


@feature(grain=GST_OUTWARD, family=Family.MATURITY, unit=Unit.COUNT, risk=Risk.FALLS)
def months_active_gst(rows: Table) -> NumericValue:
    """Months with sales on record.

    Calendar months with at least one outward document since registration.
    """
    return ist_month(rows.occurred_at).nunique()


@feature(grain=GST_OUTWARD, family=Family.MATURITY, unit=Unit.FLAG, risk=Risk.FALLS, empty=0)
def data_maturity_flag(rows: Table) -> NumericValue:
    """Three months of history.

    1 when at least three calendar months have an outward document, else 0 (also without any).
    """
    return (ist_month(rows.occurred_at).nunique() >= 3).cast("int64")


def _sold(rows: Table, where: BooleanValue) -> NumericValue:
    """Net sales in rupees, at least nothing."""
    paise = rows.net_paise.sum(where=where).fill_null(0).cast("float64")
    return greatest(paise / number(PAISE), number(0))


def _growth(now: NumericValue, before: NumericValue) -> NumericValue:
    change = ((now + number(1)) / (before + number(1))).ln()
    return greatest(least(change, number(LOG_BOUND)), number(-LOG_BOUND))


@feature(grain=GST_OUTWARD, family=Family.BEHAVIOUR, unit=Unit.LOG_RATIO, window=days(90), risk=Risk.NEITHER)
def turnover_jump_30d(rows: Table) -> NumericValue:
    """Jump of sales in the last month.

    log((3a + 1) / (b + 1)): a is net sales in rupees of the last 30 days, b of the last 90; bounded to ±5. 0 is steady;
    a burst before an application stands out. Needs a document in those 90 days.
    """
    growth = _growth(number(3) * _sold(rows, within(rows, 30)), _sold(rows, within(rows, 90)))
    return ifelse(within(rows, 90).any(), growth, None)


@feature(
    grain=GST_OUTWARD,
    family=Family.BEHAVIOUR,
    unit=Unit.LOG_RATIO,
    window=days(455),
    risk=Risk.FALLS,
    actionable=True,
    informative=True,
)
def seasonality_adjusted_growth(rows: Table) -> NumericValue:
    """Growth on the same season last year.

    log((a + 1) / (b + 1)): a is net sales in rupees of the last 90 days, b of the same 90 days a year before; bounded
    to ±5. Needs a document in the season before.
    """
    last_year = within(rows, 455) & ~within(rows, 365)
    growth = _growth(_sold(rows, within(rows, 90)), _sold(rows, last_year))
    return ifelse(last_year.any(), growth, None)


@feature(
    grain=GST_BUYERS, family=Family.BEHAVIOUR, unit=Unit.SHARE, window=days(210), risk=Risk.NEITHER, informative=True
)
def new_counterparty_share_30d(parties: Table) -> NumericValue:
    """Share of new customers.

    Registered buyers invoiced in 30 days and not in the 180 days before, divided by all registered buyers of the 30
    days. Needs a buyer from before.
    """
    recent = parties.last_days < number(NEW_BUYER_DAYS)
    fresh = parties.first_days < number(NEW_BUYER_DAYS)
    share = ratio(fresh.cast("int64").sum(), recent.cast("int64").sum())
    return ifelse((~fresh).any(), share, None)


@feature(
    grain=MODEL,
    family=Family.BEHAVIOUR,
    unit=Unit.SHARE,
    window=days(90),
    risk=Risk.FALLS,
    population=True,
    informative=True,  # weighed, it moved AUC out of time by 0.0001; and a state is never to be an input
)
def sector_relative_turnover(_: Table) -> NumericValue:
    """Sales among firms alike.

    Share of mature firms of the same sector, state and size that sell less, by the decayed 90-day rate of sales
    (gst_90d_value); of the same sector and size, or of the sector, where there are fewer than 30. They are those the
    model was fitted on, not those served today. Needs sales. Computed with the model, not by an expression.
    """
    return number(0)
