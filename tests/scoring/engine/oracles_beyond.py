"""The features beyond the first 46 once more in plain Python; `oracles.py` has the others."""

from collections import Counter, defaultdict
from math import log, log2
from statistics import median

from tests.scoring.engine.firm import (
    DAY,
    ORACLES,
    Firm,
    Row,
    Value,
    clip,
    moment,
    month,
    net,
    oracle,
    quotient,
    streams,
)

__all__ = ["ORACLES"]

ENDS = ("from", "to")
PLACES = {27: ("40", "41", "42", "43", "44"), 29: ("56", "57", "58", "59"), 7: ("11",)}


def gross(row: Row) -> int:
    return row["taxable_paise"] + row["igst_paise"] + row["cgst_paise"] + row["sgst_paise"]


def invoices(firm: Firm) -> list[Row]:
    return [r for r in firm.sales() if r["kind"] != "CDNR"]


def receipts(firm: Firm) -> list[tuple[int, int]]:
    banked = [r for r in firm.known("bank_entries") if r["direction"] == "credit" and r["purpose"] == "receipt"]
    return [(r["amount_paise"], r["occurred_at"]) for r in (*firm.received(), *banked)]


def payment_lags(firm: Firm) -> list[tuple[float, int, Value]]:
    """Age, value and days to the first receipt of every invoice to a registered buyer, 240 days."""
    money = receipts(firm)
    found = {}
    for row in firm.within(invoices(firm), 240):
        if row["counterparty_gstin"] is not None:
            lags = [(at - row["occurred_at"]) / DAY for paise, at in money if paise == gross(row)]
            near = [max(lag, 0.0) for lag in lags if -0.5 <= lag < 180]
            found[row["invoice_number"], row["occurred_at"], gross(row)] = min(near, default=None)
    return [((firm.as_of - at) / DAY, paise, lag) for (_, at, paise), lag in found.items()]


@oracle
def invoice_payment_lag_days(firm: Firm) -> Value:
    lags = [lag for age, _, lag in payment_lags(firm) if age < 180 and lag is not None]
    return median(lags) if lags else None


@oracle
def invoice_payment_lag_trend(firm: Firm) -> Value:
    prompt = [(age, lag) for age, _, lag in payment_lags(firm) if lag is not None and lag < 60]
    later = [lag for age, lag in prompt if 60 <= age < 150]
    earlier = [lag for age, lag in prompt if 150 <= age < 240]
    return median(later) - median(earlier) if later and earlier else None


@oracle
def unmatched_invoice_share(firm: Firm) -> Value:
    if all(lag is None for _, _, lag in payment_lags(firm)):
        return None
    judged = [(paise, lag) for age, paise, lag in payment_lags(firm) if 60 <= age < 180]
    return quotient(sum(paise for paise, lag in judged if lag is None), sum(paise for paise, _ in judged))


@oracle
def unmatched_bill_share(firm: Firm) -> Value:
    bills = {
        (r["document_number"], r["counterparty_gstin"], r["value_paise"], r["occurred_at"])
        for r in firm.bills()
        if 120 <= firm.age(r) < 300
    }
    documents = [(r["invoice_number"], r["counterparty_gstin"], gross(r), r["occurred_at"]) for r in invoices(firm)]
    alone = [
        bill
        for bill in bills
        if not any(
            bill[:2] == document[:2] and abs(bill[2] - document[2]) <= 200 and abs(bill[3] - document[3]) <= 60 * DAY
            for document in documents
        )
    ]
    return quotient(len(alone), len(bills))


def filed_last_year(firm: Firm) -> list[Row]:
    known = firm.within(firm.known("gst_returns"), 365)
    return [r for r in known if r["filed_at"] is not None and r["filed_at"] <= firm.as_of]


@oracle
def gstr1_gstr3b_gap(firm: Firm) -> Value:
    turnover: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for row in filed_last_year(firm):
        turnover[row["period"]][row["return_type"]] = row["turnover_paise"]
    both = [period for period in turnover.values() if len(period) == 2]
    told = sum(period["GSTR1"] for period in both)
    return clip((told - sum(period["GSTR3B"] for period in both)) / told, -1, 1) if told else None


@oracle
def itc_mismatch_2b(firm: Firm) -> Value:
    quarterly = firm.rows["businesses"][0]["quarterly_filer"]
    documented: Counter[int] = Counter()
    for row in firm.known("gst_invoices"):
        if row["direction"] == "in" and not row["cancelled"]:
            year, number = month(row["occurred_at"])
            period = year * 12 + (((number - 1) // 3 * 3 + 2) if quarterly else number - 1)
            tax = row["igst_paise"] + row["cgst_paise"] + row["sgst_paise"]
            documented[period] += -tax if row["kind"] == "CDNR" else tax
    claims = {r["period"]: r["tax_itc_paise"] for r in filed_last_year(firm) if r["return_type"] == "GSTR3B"}
    claimed = sum(claims.values())
    if not claimed or not set(claims) & set(documented):
        return None
    return clip((claimed - sum(documented[period] for period in claims)) / claimed, -1, 1)


def sold(firm: Firm, youngest: int, oldest: int) -> float:
    paise = sum(net(r) for r in firm.sales() if youngest <= firm.age(r) < oldest)
    return max(paise / 100, 0.0)


@oracle
def turnover_jump_30d(firm: Firm) -> Value:
    if not firm.within(firm.sales(), 90):
        return None
    return clip(log((3 * sold(firm, 0, 30) + 1) / (sold(firm, 0, 90) + 1)), -5, 5)


@oracle
def seasonality_adjusted_growth(firm: Firm) -> Value:
    if not any(365 <= firm.age(r) < 455 for r in firm.sales()):
        return None
    return clip(log((sold(firm, 0, 90) + 1) / (sold(firm, 365, 455) + 1)), -5, 5)


@oracle
def new_counterparty_share_30d(firm: Firm) -> Value:
    ages: defaultdict[str, list[float]] = defaultdict(list)
    for row in firm.within(invoices(firm), 210):
        if row["counterparty_gstin"] is not None:
            ages[row["counterparty_gstin"]].append(firm.age(row))
    recent = [found for found in ages.values() if min(found) < 30]
    if not any(max(found) >= 30 for found in ages.values()):
        return None
    return quotient(sum(max(found) < 30 for found in recent), len(recent))


@oracle
def weekday_regularity(firm: Firm) -> Value:
    counts = Counter(moment(r["occurred_at"]).weekday() for r in firm.within(firm.received(), 84))
    total = sum(counts.values())
    if total < 14:
        return None
    return max(0.0, 1 - sum(-c / total * log2(c / total) for c in counts.values()) / log2(7))


@oracle
def round_amount_share(firm: Firm) -> Value:
    amounts = [r["amount_paise"] for r in firm.within(firm.received(), 90) if r["amount_paise"] >= 100_000]
    return sum(a % 100_000 == 0 for a in amounts) / len(amounts) if len(amounts) >= 5 else None


@oracle
def pin_code_implausible_share(firm: Firm) -> Value:
    recent = firm.within(firm.bills(), 180)
    wrong = [
        r
        for r in recent
        if any(r[f"{end}_state"] in PLACES and r[f"{end}_pincode"][:2] not in PLACES[r[f"{end}_state"]] for end in ENDS)
    ]
    return quotient(len(wrong), len(recent))


@oracle
def repayment_like_outflow_share(firm: Firm) -> Value:
    debits = [r for r in firm.within(firm.known("bank_entries"), 90) if r["direction"] == "debit"]
    repaid = sum(r["amount_paise"] for r in debits if r["purpose"] == "emi")
    return quotient(repaid, sum(r["amount_paise"] for r in debits))


@oracle
def net_flow_drawdown_90d(firm: Firm) -> Value:
    daily: Counter[object] = Counter()
    received = 0
    for row in firm.within(firm.known("bank_entries"), 90):
        credit = row["direction"] == "credit"
        daily[moment(row["occurred_at"]).date()] += row["amount_paise"] if credit else -row["amount_paise"]
        received += row["amount_paise"] if credit else 0
    total = peak = deepest = 0
    for day in sorted(daily):
        total += daily[day]
        peak = max(peak, total)
        deepest = max(deepest, peak - total)
    return quotient(deepest, received)


@oracle
def bounced_then_retried_share(firm: Firm) -> Value:
    recent = firm.within(firm.known("bank_entries"), 180)
    returned = [r for r in recent if r["purpose"] in ("mandate_return", "cheque_return")]
    met = [(r["account"], r["occurred_at"]) for r in recent if r["purpose"] in ("mandate_ok", "emi")]
    retried = [
        r
        for r in returned
        if any(account == r["account"] and 0 <= at - r["occurred_at"] <= 10 * DAY for account, at in met)
    ]
    return quotient(len(retried), len(returned))


@oracle
def days_since_last_event(firm: Firm) -> Value:
    return min((firm.age(row) for rows in streams(firm).values() for row in rows), default=None)
