"""English sentences for reasons: a fact with the observed value, the peers beside it, the effect in points.

The fact is neutral on purpose: whether it helped or hurt is what the model says in points, not what the
words assume; it reads well for one, for none and for a negative value too. Features without an entry are told by
their label.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from scoring.engine.sentences.numbers import signed_points


@dataclass(frozen=True)
class Text:
    """topic groups near-copies; fact has {value}; advice is what the owner can do, empty when nothing.

    `exactly` has a fact of its own for a value that deserves one, such as none or all.
    """

    topic: str
    fact: str
    advice: str = ""
    exactly: Mapping[float, str] = field(default_factory=dict)


FILE_ON_TIME = "File every GST return by its due date; six on-time returns in a row show clearly."
KEEP_CUSTOMERS = "Win a few more regular customers so that no single one carries your income."
KEEP_CASH = "Keep more days of spending in the account after each settlement."
KEEP_STEADY = "Spread billing and collections over the month where you can."
FUND_DEBITS = "Keep the account funded on instalment days."
AGREE_RETURNS = "Declare in GSTR-3B what GSTR-1 and your suppliers' documents show."
CHECK_BILLS = "Match every e-way bill to its invoice and check its pin codes."
OWE_LESS = "Bring down existing debt before you borrow again."
PAY_DUES = "Pay statutory dues on their dates."
RECONCILE = "Follow up unpaid invoices and match receipts to bills."

TEXTS: dict[str, Text] = {
    "gst_7d_value": Text("sales", "You invoiced {value} in the last week."),
    "gst_30d_value": Text("sales", "You invoiced {value} in the last 30 days."),
    "gst_90d_value": Text("sales", "You invoiced {value} in the last 90 days."),
    "upi_7d_inbound_count": Text("upi_receipts", "UPI payments received in the last week: {value}."),
    "upi_30d_inbound_count": Text("upi_receipts", "UPI payments received in the last 30 days: {value}."),
    "upi_90d_inbound_count": Text("upi_receipts", "UPI payments received in the last 90 days: {value}."),
    "ewb_7d_value": Text("goods_moved", "Goods worth {value} moved on e-way bills in the last week."),
    "ewb_30d_value": Text("goods_moved", "Goods worth {value} moved on e-way bills in the last 30 days."),
    "ewb_90d_value": Text("goods_moved", "Goods worth {value} moved on e-way bills in the last 90 days."),
    "gst_30d_unique_buyers": Text("customers", "Different buyers in 30 days: {value}.", KEEP_CUSTOMERS),
    "upi_30d_unique_counterparties": Text("customers", "Different payers in 30 days: {value}.", KEEP_CUSTOMERS),
    "gst_mean_filing_interval_days": Text("filing", "You file a return every {value} on average.", FILE_ON_TIME),
    "gst_std_filing_interval_days": Text("filing", "The gaps between your filings vary by {value}.", FILE_ON_TIME),
    "upi_inbound_std_interval_days": Text("rhythm", "The gaps between incoming payments vary by {value}.", KEEP_STEADY),
    "ewb_median_interval_days": Text("goods_moved", "An e-way bill is raised every {value}."),
    "gst_filing_delay_trend": Text("filing", "Your filing delay changes by {value}.", FILE_ON_TIME),
    "upi_inbound_outbound_ratio_30d": Text(
        "cash_flow", "UPI receipts against UPI payments in 30 days: {value}.", KEEP_CASH
    ),
    "gst_revenue_cv_90d": Text("rhythm", "Weekly sales vary by {value} times their mean.", KEEP_STEADY),
    "ewb_volume_growth_mom": Text("growth", "Goods moved against the month before: {value}."),
    "filing_compliance_rate": Text(
        "filing", "{value} of your GST returns in 12 months were filed on time.", FILE_ON_TIME
    ),
    "upi_hhi_30d": Text(
        "concentration", "Concentration of your payers is {value} (100 % is a single payer).", KEEP_CUSTOMERS
    ),
    "ewb_distance_per_value_ratio": Text("goods_moved", "Your goods travel {value}."),
    "invoice_to_ewb_lag_hours_median": Text("goods_moved", "E-way bills follow invoices after {value}."),
    "upi_p2m_ratio_30d": Text("upi_receipts", "{value} of incoming UPI payments were customers paying a merchant."),
    "upi_outbound_failure_rate": Text(
        "failed_payments", "{value} of your UPI payments failed for lack of funds.", FUND_DEBITS
    ),
    "months_active_gst": Text("record", "Your GST record covers {value} active months."),
    "data_completeness_score": Text("coverage", "We can see {value} of the evidence expected for your firm."),
    "longest_gap_days": Text("silence", "The longest silence in six months lasted {value}.", KEEP_STEADY),
    "data_maturity_flag": Text("record", "At least three months of activity are on record: {value}."),
    "upi_daily_avg_throughput": Text("upi_receipts", "{value} moved through UPI on average."),
    "upi_top3_concentration": Text("concentration", "Your top three payers bring {value} of receipts.", KEEP_CUSTOMERS),
    "upi_dormancy_periods": Text("silence", "{value} of the last 26 weeks had no successful payment.", KEEP_STEADY),
    "hsn_entropy_90d": Text(
        "product_mix", "Variety of the goods you sell: {value}.", exactly={0.0: "You sell one kind of goods."}
    ),
    "hsn_shift_count_90d": Text(
        "product_mix",
        "Changes of your main line of goods in six months: {value}.",
        exactly={0.0: "Your main line of goods stayed the same for six months."},
    ),
    "cash_buffer_days": Text("cash_flow", "Your balance covers {value} of spending.", KEEP_CASH),
    "statutory_payment_regularity_score": Text(
        "statutory",
        "Punctuality of tax and provident-fund payments: {value} of 1.",
        PAY_DUES,
        exactly={1.0: "All tax and provident-fund payments were on time."},
    ),
    "debit_failure_rate_90d": Text(
        "failed_payments", "{value} of mandates and cheques bounced in 90 days.", FUND_DEBITS
    ),
    "fraud_ring_flag": Text(
        "trade_pattern", "Member of a circle of payments that returns money to its start: {value}."
    ),
    "fraud_confidence": Text("trade_pattern", "Likelihood of knowingly taking part in circular trade: {value}."),
    "cycle_velocity": Text("trade_pattern", "Money that went round in circles of payments in 30 days: {value}."),
    "cycle_recurrence": Text("trade_pattern", "Repetitions of the same circle of payments in 90 days: {value}."),
    "counterparty_compliance_avg": Text("partners", "Your trade partners file {value} of their returns on time."),
    "counterparty_fraud_exposure": Text("partners", "{value} of your trade is with businesses under review."),
    "gst_upi_receivables_gap": Text(
        "receivables", "Invoiced and not received yet: {value} (below 0 more came in than was invoiced).", RECONCILE
    ),
    "ewb_smurfing_index": Text("bill_pattern", "Crowding of e-way bills just under ₹ 50,000: {value} (0 is none)."),
    "pagerank_score": Text("position", "Your place in the payment network is {value} times the average."),
    "gstr1_gstr3b_gap": Text(
        "returns_agree",
        "Sales in GSTR-1 beyond those in GSTR-3B, 12 months: {value} (below 0 GSTR-3B declares more).",
        AGREE_RETURNS,
    ),
    "itc_mismatch_2b": Text(
        "returns_agree",
        "Tax credit claimed beyond suppliers' documents, 12 months: {value} (below 0 less was claimed).",
        AGREE_RETURNS,
    ),
    "invoice_payment_lag_days": Text("receivables", "Customers pay {value} after the invoice.", RECONCILE),
    "invoice_payment_lag_trend": Text("receivables", "Change in how long customers take to pay: {value}.", RECONCILE),
    "unmatched_invoice_share": Text(
        "receivables", "Invoiced value without a receipt of the same amount: {value}.", RECONCILE
    ),
    "unmatched_bill_share": Text("bill_pattern", "E-way bills without an invoice behind them: {value}.", CHECK_BILLS),
    "pin_code_implausible_share": Text(
        "bill_pattern", "E-way bills with a pin code that their state does not have: {value}.", CHECK_BILLS
    ),
    "weekday_regularity": Text("rhythm", "How much receipts cling to certain weekdays, from 0 to 1: {value}."),
    "round_amount_share": Text("upi_receipts", "Receipts of ₹ 1,000 and more that are whole thousands: {value}."),
    "net_flow_drawdown_90d": Text(
        "cash_flow", "Deepest stretch of money out ahead of money in: {value} of 90 days' receipts.", KEEP_CASH
    ),
    "repayment_like_outflow_share": Text(
        "debt_service", "Loan instalments take {value} of what you pay out.", OWE_LESS
    ),
    "bounced_then_retried_share": Text(
        "failed_payments", "Bounced mandates and cheques made good within 10 days: {value}.", FUND_DEBITS
    ),
    "seasonality_adjusted_growth": Text("growth", "Sales of three months against the same season last year: {value}."),
    "turnover_jump_30d": Text("growth", "Sales of the last month against the average of the last three: {value}."),
    "new_counterparty_share_30d": Text("customers", "Registered buyers of the last 30 days who are new: {value}."),
    "days_since_last_event": Text("silence", "The newest record is {value} old."),
    "sector_relative_turnover": Text("sales", "You sell more than {value} of firms of your sector, state and size."),
    "temporal_anomaly_flag": Text(
        "rhythm", "How unusual your rhythm of filings and payments is, from 0 to 1: {value}."
    ),
}


def topic_of(feature: str) -> str:
    """The topic of a feature; a feature without an entry is its own topic."""
    return TEXTS[feature].topic if feature in TEXTS else feature


def advice(feature: str) -> str:
    """What the owner can do; empty when nothing."""
    return TEXTS[feature].advice if feature in TEXTS else ""


def effect(points: float) -> str:
    """The effect of one part in words.

    >>> effect(33.6), effect(-0.8), effect(0.3)
    ('+34 points', '−1 point', 'less than a point')
    """
    figure = signed_points(points)
    if figure == "0":
        return "less than a point"
    return f"{figure} point" if figure[1:] == "1" else f"{figure} points"


def sentence(fact: str, *, peer: str | None, points: float) -> str:
    """Fact, peers, effect: one line."""
    peers = f" Healthy firms like yours: {peer}." if peer else ""
    return f"{fact}{peers} Effect: {effect(points)}."


def fact_of(feature: str, label: str, *, value: float, value_text: str) -> str:
    """What was observed, in words.

    >>> fact_of("statutory_payment_regularity_score", "", value=1.0, value_text="1")
    'All tax and provident-fund payments were on time.'
    """
    text = TEXTS.get(feature, Text(feature, f"{label}: {{value}}."))
    return text.exactly.get(value, text.fact).format(value=value_text)


def missing(label: str, *, points: float) -> str:
    """A feature that could not be measured."""
    return f"{label} could not be measured from what is shared. Effect: {effect(points)}."


def estimated(label: str, *, points: float) -> str:
    """A feature that firms alike stand in for."""
    return f"{label} has too short a record, so it is estimated from similar businesses. Effect: {effect(points)}."


def why_estimated() -> str:
    """Said once where a score stands on estimates."""
    return (
        "The GST record is still short, so some figures are estimated from businesses with a similar UPI record. "
        "They widen the range and are never a reason to decline."
    )


def path(label: str, *, now: str, goal: str, gain: float, score: int) -> str:
    """The path to prime in one line."""
    return f"{label}: from {now} to {goal} would bring {effect(gain)}, re-scored to {score}."


def no_path() -> str:
    """What is said where no single change is worth naming."""
    return "No single change would raise the score noticeably: keep what you do and let the record grow."
