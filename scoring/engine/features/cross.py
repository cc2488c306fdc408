"""Features that read several streams: completeness, silence, cash."""

from typing import Final

from scoring.engine.features.dialect import (
    BooleanValue,
    NumericValue,
    Table,
    cases,
    greatest,
    ifelse,
    least,
    literal,
    number,
    source,
    structure,
    union,
    window,
)
from scoring.engine.features.registry import Family, Grain, Risk, Unit, days, feature, note
from scoring.engine.features.windows import DAY_MICROS, seconds, visible, within

# Share of a full file each stream is worth (per cent), and the age in days at which its newest record is no longer
# fresh. Invoices reach us with the monthly or quarterly return, hence the long limits.
GST_WEIGHT: Final = 35
UPI_WEIGHT: Final = 25
EWAY_WEIGHT: Final = 15
BANK_WEIGHT: Final = 25
GST_FRESH_DAYS: Final = 75
GST_QUARTERLY_FRESH_DAYS: Final = 135
UPI_FRESH_DAYS: Final = 30
EWAY_FRESH_DAYS: Final = 60
BANK_FRESH_DAYS: Final = 45

SILENCE_DAYS: Final = 180
LONGEST_BUFFER_DAYS: Final = 365
OUTFLOW_DAYS: Final = 30
FLOW_DAYS: Final = 90


STREAMS: Final = ("gst", "upi", "eway", "bank")


def events() -> Table:
    """Every invoice not cancelled, successful UPI payment, e-way bill and bank entry; `stream` is its place in STREAMS.

    No more than what `freshness` reads: all of it is sorted by time.
    """
    invoices = visible("gst_invoices")
    payments = visible("upi_payments")
    origins = (
        invoices.filter(~invoices.cancelled),
        payments.filter(payments.status == "success"),
        visible("eway_bills"),
        visible("bank_entries"),
    )
    return union(
        *(rows.select("business", "occurred_at", "as_of", stream=literal(n)) for n, rows in enumerate(origins))
    )


def freshness() -> Table:
    """One row per business: age in days of the newest record of each stream and of all (null: none).

    `longest`: seconds of the longest gap between records of 180 days.
    """
    rows = events()
    before = rows.occurred_at.lag(1).over(window(group_by="business", order_by="occurred_at"))
    spaced = rows.mutate(before=before)
    gap = seconds(spaced.occurred_at) - seconds(spaced.before)
    watched = spaced.before > spaced.as_of - SILENCE_DAYS * DAY_MICROS
    latest = {name: spaced.occurred_at.max(where=spaced.stream == n) for n, name in enumerate(STREAMS)}
    found = spaced.group_by("business").aggregate(
        **latest, newest=spaced.occurred_at.max(), longest=gap.max(where=watched)
    )
    firms = source("businesses").left_join(found, "business").drop("business_right")
    ages = {name: (firms.as_of - firms[name]).cast("float64") / number(DAY_MICROS) for name in (*STREAMS, "newest")}
    return firms.mutate(**ages)


def cash() -> Table:
    """One row per business: bank balance and outflow, and the same guessed from UPI flows, all in paise."""
    return (
        source("businesses")
        .select("business")
        .left_join(_bank_position(), "business")
        .drop("business_right")
        .left_join(_upi_position(), "business")
        .drop("business_right")
    )


def _bank_position() -> Table:
    """Balance is that of each account's last entry; of several at one instant the lowest, being the careful reading."""
    rows = visible("bank_entries")
    accounts = rows.group_by("business", "account").aggregate(
        owed=structure({"at": rows.occurred_at, "owed": -rows.balance_paise}).max()["owed"],
        spent=rows.amount_paise.sum(where=(rows.direction == "debit") & within(rows, OUTFLOW_DAYS)).fill_null(0),
    )
    return accounts.group_by("business").aggregate(
        balance=-accounts.owed.sum().cast("int64"), outflow=accounts.spent.sum().cast("int64")
    )


def _upi_position() -> Table:
    """Net UPI flow of 90 days and UPI outflow of 30 days; only when there is any successful payment."""
    rows = visible("upi_payments")
    money = rows.filter(rows.status == "success")
    signed = ifelse(money.direction == "in", money.amount_paise, -money.amount_paise)
    spent = (money.direction == "out") & within(money, OUTFLOW_DAYS)
    return money.group_by("business").aggregate(
        upi_net=signed.sum(where=within(money, FLOW_DAYS)).fill_null(0).cast("int64"),
        upi_outflow=money.amount_paise.sum(where=spent).fill_null(0).cast("int64"),
    )


FRESHNESS: Final = Grain("freshness", freshness, single=True)
CASH: Final = Grain("cash", cash, single=True)


@feature(grain=FRESHNESS, family=Family.MATURITY, unit=Unit.SHARE, risk=Risk.FALLS, actionable=True, empty=0)
def data_completeness_score(file: Table) -> NumericValue:
    """Completeness of the evidence.

    Weighted share of the expected streams that are present and fresh: GST 35 (newest invoice within 75 days, 135 for
    quarterly filers), UPI 25 (30 days), bank 25 (45 days), and e-way bills 15 (60 days) when the firm deals in goods.
    """
    gst_limit = ifelse(file.quarterly_filer, number(GST_QUARTERLY_FRESH_DAYS), number(GST_FRESH_DAYS))
    goods = file.deals_in_goods
    found = (
        _worth(file.gst < gst_limit, GST_WEIGHT)
        + _worth(file.upi < number(UPI_FRESH_DAYS), UPI_WEIGHT)
        + _worth(file.bank < number(BANK_FRESH_DAYS), BANK_WEIGHT)
        + _worth(goods & (file.eway < number(EWAY_FRESH_DAYS)), EWAY_WEIGHT)
    )
    expected = number(GST_WEIGHT + UPI_WEIGHT + BANK_WEIGHT) + _worth(goods, EWAY_WEIGHT)
    return found / expected


def _worth(fresh: BooleanValue, weight: int) -> NumericValue:
    return ifelse(fresh.fill_null(False), number(weight), number(0))


@feature(
    grain=FRESHNESS,
    family=Family.MATURITY,
    unit=Unit.DAYS,
    window=days(180),
    risk=Risk.RISES,
    actionable=True,
    high=SILENCE_DAYS,
)
def longest_gap_days(file: Table) -> NumericValue:
    """Longest silence.

    Longest time without an invoice, UPI payment, e-way bill or bank entry in 180 days, the silence up to now included.
    A firm silent for longer reads 180.
    """
    between = file.longest.fill_null(0).cast("float64") / number(86_400)
    since = greatest(between, least(file.newest, number(SILENCE_DAYS)))
    return ifelse(file.newest.notnull(), since, None)


@feature(grain=FRESHNESS, family=Family.BEHAVIOUR, unit=Unit.DAYS, risk=Risk.RISES, actionable=True, informative=True)
def days_since_last_event(file: Table) -> NumericValue:
    """Days since anything happened.

    Age of the newest invoice, successful UPI payment, e-way bill or bank entry.
    """
    return file.newest


@feature(grain=CASH, family=Family.EXTENDED, unit=Unit.DAYS, risk=Risk.FALLS, actionable=True, high=LONGEST_BUFFER_DAYS)
def cash_buffer_days(file: Table) -> NumericValue:
    """Days the cash would last.

    Bank balance divided by mean daily bank outflow of 30 days, within 0 and 365; no outflow reads 365, or 0 without a
    balance. Without bank entries a low-confidence estimate: net UPI flow of 90 days over UPI outflow of 30 days.
    """
    known = file.balance.notnull()
    balance = ifelse(known, file.balance, file.upi_net).cast("float64")
    outflow = ifelse(known, file.outflow, file.upi_outflow).cast("float64")
    return cases(
        (balance.isnull(), None),
        (balance <= number(0), number(0)),
        (outflow == number(0), number(LONGEST_BUFFER_DAYS)),
        else_=least(balance * number(OUTFLOW_DAYS) / outflow.nullif(number(0)), number(LONGEST_BUFFER_DAYS)),
    )


@note(grain=CASH)
def cash_buffer_is_estimate(file: Table) -> NumericValue:
    """1 when the cash buffer was guessed from UPI flows because no bank statement was shared."""
    return cases((file.balance.notnull(), number(0)), (file.upi_net.notnull(), number(1)), else_=None)
