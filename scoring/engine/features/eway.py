"""Features of outward e-way bills: goods that really moved."""

from typing import Final

from scoring.engine.features.dialect import (
    BooleanValue,
    NumericValue,
    StringValue,
    Table,
    greatest,
    ifelse,
    least,
    literal,
    number,
    ratio,
)
from scoring.engine.features.gst import outward_documents
from scoring.engine.features.pins import LETTERS, PLACES
from scoring.engine.features.registry import Family, Grain, Risk, Unit, days, feature
from scoring.engine.features.windows import PAISE, SECOND_MICROS, decayed, gaps, visible, within

LAKH_PAISE: Final = 100_000 * PAISE
GAPS_NEEDED: Final = 3
LOG_BOUND: Final = 5
# Invoice numbers start again every financial year; the bill of an invoice is not months away from it.
LONGEST_LAG_DAYS: Final = 60


def outward_bills() -> Table:
    """Outward e-way bills."""
    rows = visible("eway_bills")
    return rows.filter(rows.direction == "out")


def bill_gaps() -> Table:
    """Seconds between consecutive outward bills of the last 180 days."""
    rows = outward_bills()
    return gaps(rows.filter(within(rows, 180)))


def matched_bills() -> Table:
    """Outward bills of the last 90 days with the invoice they carry, joined by document number: `lag_hours`."""
    rows = outward_bills()
    bills = rows.filter(within(rows, 90)).select("business", "document_number", billed_at="occurred_at")
    documents = outward_documents()
    invoices = documents.filter(~documents.credit).select(
        business="business", document_number="invoice_number", invoiced_at="occurred_at"
    )
    pairs = bills.join(invoices, ["business", "document_number"])
    lag = (pairs.billed_at - pairs.invoiced_at).cast("float64") / number(3600 * SECOND_MICROS)
    timed = pairs.select("business", lag_hours=lag)
    return timed.filter(timed.lag_hours.abs() <= number(24 * LONGEST_LAG_DAYS))


EWAY_OUT: Final = Grain("eway_out", outward_bills)
EWAY_GAPS: Final = Grain("eway_gaps", bill_gaps)
EWAY_INVOICES: Final = Grain("eway_invoices", matched_bills)


@feature(grain=EWAY_OUT, family=Family.VELOCITY, unit=Unit.RUPEES, risk=Risk.FALLS, actionable=True, low=0)
def ewb_7d_value(bills: Table) -> NumericValue:
    """Goods moved, last 7 days.

    Decayed rate (half-life 7 days) of outward e-way bill value: a steady firm reads its 7-day value.
    """
    return decayed(bills, bills.value_paise, 7)


@feature(grain=EWAY_OUT, family=Family.VELOCITY, unit=Unit.RUPEES, risk=Risk.FALLS, actionable=True, low=0)
def ewb_30d_value(bills: Table) -> NumericValue:
    """Goods moved, last 30 days.

    Decayed rate (half-life 30 days) of outward e-way bill value: a steady firm reads its 30-day value.
    """
    return decayed(bills, bills.value_paise, 30)


@feature(grain=EWAY_OUT, family=Family.VELOCITY, unit=Unit.RUPEES, risk=Risk.FALLS, actionable=True, low=0)
def ewb_90d_value(bills: Table) -> NumericValue:
    """Goods moved, last 90 days.

    Decayed rate (half-life 90 days) of outward e-way bill value: a steady firm reads its 90-day value.
    """
    return decayed(bills, bills.value_paise, 90)


@feature(grain=EWAY_GAPS, family=Family.CADENCE, unit=Unit.DAYS, window=days(180), risk=Risk.RISES)
def ewb_median_interval_days(bills: Table) -> NumericValue:
    """Days between consignments.

    Median time between outward e-way bills, 180 days. Needs three gaps.
    """
    return ifelse(bills.count() >= GAPS_NEEDED, bills.gap.median().cast("float64") / number(86_400), None)


@feature(grain=EWAY_OUT, family=Family.RATIO, unit=Unit.LOG_RATIO, window=days(60), risk=Risk.FALLS, actionable=True)
def ewb_volume_growth_mom(bills: Table) -> NumericValue:
    """Growth of goods moved.

    log((a + 1) / (b + 1)): a is the outward bill value in rupees of the last 30 days, b of the 30 days before; bounded
    to ±5. Needs a bill in those 60 days.
    """
    latest = bills.value_paise.sum(where=within(bills, 30)).fill_null(0).cast("float64") / number(PAISE)
    both = bills.value_paise.sum(where=within(bills, 60)).fill_null(0).cast("float64") / number(PAISE)
    growth = ((latest + number(1)) / (both - latest + number(1))).ln()
    bounded = greatest(least(growth, number(LOG_BOUND)), number(-LOG_BOUND))
    return ifelse(within(bills, 60).any(), bounded, None)


@feature(grain=EWAY_OUT, family=Family.RATIO, unit=Unit.KM_PER_LAKH, window=days(180), risk=Risk.NEITHER)
def ewb_distance_per_value_ratio(bills: Table) -> NumericValue:
    """Distance per lakh of goods.

    Median of kilometres per ₹ lakh over outward bills with a value, 180 days.
    """
    per_lakh = bills.distance_km.cast("float64") * number(LAKH_PAISE) / bills.value_paise.cast("float64")
    return per_lakh.median(where=within(bills, 180) & (bills.value_paise > 0))


@feature(grain=EWAY_INVOICES, family=Family.RATIO, unit=Unit.HOURS, window=days(150), risk=Risk.NEITHER)
def invoice_to_ewb_lag_hours_median(pairs: Table) -> NumericValue:
    """Hours from invoice to e-way bill.

    Median of bill generation minus issue of the invoice with the same document number, bills of the last 90 days. An
    invoice more than 60 days away is another year's with the same number, so the window of invoices is 150 days.
    """
    return pairs.lag_hours.median()


def _misplaced(state: NumericValue, pincode: StringValue) -> BooleanValue:
    """A pin code that the state, being one we know, does not have."""
    letter = literal(LETTERS).substr(state, 1)
    known = state.between(1, len(LETTERS) - 1) & literal(PLACES).contains(letter)
    return known & ~literal(PLACES).contains(letter.concat(pincode.substr(0, 2), "|"))


@feature(
    grain=EWAY_OUT,
    family=Family.RECONCILIATION,
    unit=Unit.SHARE,
    window=days(180),
    risk=Risk.RISES,
    actionable=True,
    informative=True,
)
def pin_code_implausible_share(bills: Table) -> NumericValue:
    """Bills with impossible pin codes.

    Outward bills whose pin code of dispatch or delivery does not exist in the state named beside it, divided by all
    outward bills, 180 days.
    """
    recent = within(bills, 180)
    wrong = _misplaced(bills.from_state, bills.from_pincode) | _misplaced(bills.to_state, bills.to_pincode)
    return ratio((recent & wrong).cast("int64").sum(), recent.cast("int64").sum())
