"""Every feature once more in plain Python, from the definitions and not from the expressions.

Each oracle is named as its feature and takes one firm's `Firm`; None is missing. Those beyond the first 46 are in
`oracles_beyond.py`; `ORACLES` has all of them.
"""

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import timedelta
from itertools import combinations, pairwise
from math import isnan, log, log2
from statistics import mean, median, stdev

from scoring.engine.features.frames import NETWORK_COLUMNS
from tests.scoring.engine import oracles_beyond
from tests.scoring.engine.firm import (
    DAY,
    Firm,
    Value,
    clip,
    decayed,
    gap_days,
    moment,
    month,
    net,
    oracle,
    payer,
    quotient,
    streams,
)

ORACLES = oracles_beyond.ORACLES


def gst_value(firm: Firm, half_life: int) -> Value:
    rows = firm.sales()
    return decayed(firm, rows, half_life, lambda r: net(r) / 100) if rows else None


@oracle
def gst_7d_value(firm: Firm) -> Value:
    return gst_value(firm, 7)


@oracle
def gst_30d_value(firm: Firm) -> Value:
    return gst_value(firm, 30)


@oracle
def gst_90d_value(firm: Firm) -> Value:
    return gst_value(firm, 90)


@oracle
def gst_30d_unique_buyers(firm: Firm) -> Value:
    if not firm.sales():
        return None
    sold = [r for r in firm.within(firm.sales(), 30) if r["kind"] != "CDNR"]
    registered = {r["counterparty_gstin"] for r in sold} - {None}
    return len(registered) + sum(r["counterparty_gstin"] is None for r in sold)


@oracle
def gst_revenue_cv_90d(firm: Firm) -> Value:
    weeks: defaultdict[int, int] = defaultdict(int)
    for row in firm.within(firm.sales(), 91):
        weeks[int(firm.age(row) // 7)] += net(row)
    values = [weeks.get(week, 0) for week in range(13)]
    if len(weeks) < 6 or sum(values) <= 0:
        return None
    return stdev(values) / mean(values)


@oracle
def hsn_entropy_90d(firm: Firm) -> Value:
    chapters: Counter[str] = Counter()
    for row in firm.within(firm.sales(), 90):
        chapters[row["hsn"][:2]] += net(row)
    positive = [value for value in chapters.values() if value > 0]
    shares = [value / sum(positive) for value in positive]
    return sum(-p * log2(p) for p in shares) if shares else None


@oracle
def hsn_shift_count_90d(firm: Firm) -> Value:
    year, last = month(firm.as_of)
    sums: Counter[tuple[int, str]] = Counter()
    for row in firm.sales():
        sums[_months(*month(row["occurred_at"])), row["hsn"][:2]] += net(row)
    leaders = []
    for number in range(_months(year, last) - 5, _months(year, last) + 1):
        best = max(((v, chapter) for (m, chapter), v in sums.items() if m == number and v > 0), default=None)
        leaders += [best[1]] if best else []
    return sum(a != b for a, b in pairwise(leaders)) if len(leaders) >= 2 else None


def _months(year: int, number: int) -> int:
    return year * 12 + number


@oracle
def gst_mean_filing_interval_days(firm: Firm) -> Value:
    intervals = gap_days(r["filed_at"] for r in firm.filed()[-12:])
    return mean(intervals) if intervals else None


@oracle
def gst_std_filing_interval_days(firm: Firm) -> Value:
    intervals = gap_days(r["filed_at"] for r in firm.filed()[-12:])
    return stdev(intervals) if len(intervals) >= 2 else None


@oracle
def gst_filing_delay_trend(firm: Firm) -> Value:
    points = [(r["period"], (r["filed_at"] - r["due_at"]) / DAY) for r in firm.filed()[-6:]]
    slopes = [(b[1] - a[1]) / (b[0] - a[0]) for a, b in combinations(points, 2)]
    return median(slopes) if slopes else None


@oracle
def filing_compliance_rate(firm: Firm) -> Value:
    due = punctual = 0
    for row in firm.within(firm.known("gst_returns"), 365):
        midnight = moment(row["due_at"]).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        if moment(firm.as_of) >= midnight:
            due += 1
            punctual += row["filed_at"] is not None and moment(row["filed_at"]) < midnight
    return quotient(punctual, due)


@oracle
def months_active_gst(firm: Firm) -> Value:
    return len({month(r["occurred_at"]) for r in firm.sales()}) or None


@oracle
def data_maturity_flag(firm: Firm) -> Value:
    return float((months_active_gst(firm) or 0) >= 3)


def inbound_count(firm: Firm, half_life: int) -> Value:
    return decayed(firm, firm.received(), half_life, lambda _: 1) if firm.known("upi_payments") else None


@oracle
def upi_7d_inbound_count(firm: Firm) -> Value:
    return inbound_count(firm, 7)


@oracle
def upi_30d_inbound_count(firm: Firm) -> Value:
    return inbound_count(firm, 30)


@oracle
def upi_90d_inbound_count(firm: Firm) -> Value:
    return inbound_count(firm, 90)


@oracle
def upi_30d_unique_counterparties(firm: Firm) -> Value:
    if not firm.known("upi_payments"):
        return None
    return len({payer(r) for r in firm.within(firm.received(), 30)})


@oracle
def upi_inbound_std_interval_days(firm: Firm) -> Value:
    intervals = gap_days(r["occurred_at"] for r in firm.within(firm.received(), 90))
    return stdev(intervals) if len(intervals) >= 5 else None


@oracle
def upi_inbound_outbound_ratio_30d(firm: Firm) -> Value:
    if not firm.money():
        return None
    sums = {
        way: decayed(firm, [r for r in firm.money() if r["direction"] == way], 30, lambda r: r["amount_paise"] / 100)
        for way in ("in", "out")
    }
    return clip(log((sums["in"] + 1) / (sums["out"] + 1)), -5, 5)


def payer_sums(firm: Firm) -> list[int]:
    sums: Counter[object] = Counter()
    for row in firm.within(firm.received(), 30):
        sums[payer(row)] += row["amount_paise"]
    return sorted(sums.values(), reverse=True)


@oracle
def upi_hhi_30d(firm: Firm) -> Value:
    sums = payer_sums(firm)
    return sum((v / sum(sums)) ** 2 for v in sums) if any(sums) else None


@oracle
def upi_top3_concentration(firm: Firm) -> Value:
    sums = payer_sums(firm)
    return sum(sums[:3]) / sum(sums) if any(sums) else None


@oracle
def upi_p2m_ratio_30d(firm: Firm) -> Value:
    recent = firm.within(firm.received(), 30)
    return sum(r["kind"] == "P2M" for r in recent) / len(recent) if len(recent) >= 5 else None


@oracle
def upi_outbound_failure_rate(firm: Firm) -> Value:
    tries = [r["status"] for r in firm.within(firm.known("upi_payments"), 30) if r["direction"] == "out"]
    return quotient(tries.count("failed_funds"), tries.count("failed_funds") + tries.count("success"))


@oracle
def upi_daily_avg_throughput(firm: Firm) -> Value:
    if not firm.known("upi_payments"):
        return None
    return sum(r["amount_paise"] for r in firm.within(firm.money(), 90)) / 9000


@oracle
def upi_dormancy_periods(firm: Firm) -> Value:
    if not firm.known("upi_payments"):
        return None
    return 26 - len({int(firm.age(r) // 7) for r in firm.within(firm.money(), 182)})


def goods_value(firm: Firm, half_life: int) -> Value:
    return decayed(firm, firm.bills(), half_life, lambda r: r["value_paise"] / 100) if firm.bills() else None


@oracle
def ewb_7d_value(firm: Firm) -> Value:
    return goods_value(firm, 7)


@oracle
def ewb_30d_value(firm: Firm) -> Value:
    return goods_value(firm, 30)


@oracle
def ewb_90d_value(firm: Firm) -> Value:
    return goods_value(firm, 90)


@oracle
def ewb_median_interval_days(firm: Firm) -> Value:
    intervals = gap_days(r["occurred_at"] for r in firm.within(firm.bills(), 180))
    return median(intervals) if len(intervals) >= 3 else None


@oracle
def ewb_volume_growth_mom(firm: Firm) -> Value:
    if not firm.within(firm.bills(), 60):
        return None
    latest = sum(r["value_paise"] for r in firm.within(firm.bills(), 30)) / 100
    before = sum(r["value_paise"] for r in firm.within(firm.bills(), 60)) / 100 - latest
    return clip(log((latest + 1) / (before + 1)), -5, 5)


@oracle
def ewb_distance_per_value_ratio(firm: Firm) -> Value:
    ratios = [r["distance_km"] * 1e7 / r["value_paise"] for r in firm.within(firm.bills(), 180) if r["value_paise"]]
    return median(ratios) if ratios else None


@oracle
def invoice_to_ewb_lag_hours_median(firm: Firm) -> Value:
    lags = [
        (bill["occurred_at"] - invoice["occurred_at"]) / 3.6e9
        for bill in firm.within(firm.bills(), 90)
        for invoice in firm.sales()
        if invoice["invoice_number"] == bill["document_number"] and invoice["kind"] != "CDNR"
    ]
    close = [lag for lag in lags if abs(lag) <= 24 * 60]
    return median(close) if close else None


@oracle
def statutory_payment_regularity_score(firm: Firm) -> Value:
    due = {"gst": 20, "epf": 15, "esic": 15, "tds": 7}
    late = [
        max(0, moment(r["occurred_at"]).day - due[r["purpose"]])
        for r in firm.within(firm.known("bank_entries"), 365)
        if r["direction"] == "debit" and r["purpose"] in due
    ]
    return clip(1 - mean(late) / 30, 0, 1) if late else None


@oracle
def debit_failure_rate_90d(firm: Firm) -> Value:
    purposes = Counter(r["purpose"] for r in firm.within(firm.known("bank_entries"), 90))
    returned = purposes["mandate_return"] + purposes["cheque_return"]
    return quotient(returned, returned + purposes["mandate_ok"] + purposes["emi"])


@oracle
def data_completeness_score(firm: Firm) -> Value:
    business = firm.rows["businesses"][0]
    limits = {"gst": 135 if business["quarterly_filer"] else 75, "upi": 30, "eway": 60, "bank": 45}
    weights = {"gst": 35, "upi": 25, "bank": 25} | ({"eway": 15} if business["deals_in_goods"] else {})
    found = sum(weight for name, weight in weights.items() if firm.within(streams(firm)[name], limits[name]))
    return found / sum(weights.values())


@oracle
def longest_gap_days(firm: Firm) -> Value:
    rows = [row for stream in streams(firm).values() for row in stream]
    if not rows:
        return None
    recent = gap_days(r["occurred_at"] for r in firm.within(rows, 180))
    return max([*recent, min(180, min(firm.age(r) for r in rows))])


@oracle
def cash_buffer_days(firm: Firm) -> Value:
    entries = firm.known("bank_entries")
    if entries:
        last: dict[object, tuple[int, int]] = {}
        for row in entries:
            key = (row["occurred_at"], -row["balance_paise"])
            last[row["account"]] = max(last.get(row["account"], key), key)
        balance = -sum(owed for _, owed in last.values())
        outflow = sum(r["amount_paise"] for r in firm.within(entries, 30) if r["direction"] == "debit")
    elif firm.money():
        flows = firm.within(firm.money(), 90)
        balance = sum(r["amount_paise"] if r["direction"] == "in" else -r["amount_paise"] for r in flows)
        outflow = sum(r["amount_paise"] for r in firm.within(firm.money(), 30) if r["direction"] == "out")
    else:
        return None
    if balance <= 0:
        return 0.0
    return min(365.0, balance * 30 / outflow) if outflow else 365.0


def screened(name: str) -> Callable[[Firm], Value]:
    def read(firm: Firm) -> Value:
        value = firm.rows["network"][0][name] if firm.rows["network"] else None
        return None if value is None or isnan(value) else value

    return read


ORACLES.update({name: screened(name) for name in NETWORK_COLUMNS})
