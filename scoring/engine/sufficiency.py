"""When there is too little evidence for a number: too few active months, or too little coverage, by policy."""

from collections.abc import Mapping
from dataclasses import dataclass

from scoring.engine.policy import ScoringPolicy


@dataclass(frozen=True)
class Stream:
    """A kind of evidence, its weight in words and what sharing it could do."""

    kind: str
    label: str
    use: str


STREAMS: tuple[Stream, ...] = (
    Stream("gst_invoices", "GST sales invoices", "They show your sales and how many customers you have."),
    Stream("gst_returns", "GST returns", "They show that you file on time, one of the strongest signals."),
    Stream("upi_payments", "UPI payments", "They show money that really arrives, week by week."),
    Stream("bank_entries", "Bank statement", "It shows your cash buffer and that instalments are met."),
    Stream("eway_bills", "E-way bills", "They show that goods really move with your invoices."),
)


@dataclass(frozen=True)
class Gap:
    """One thing that is missing: kind, label and what sharing it could do."""

    kind: str
    label: str
    use: str


@dataclass(frozen=True)
class Sufficiency:
    """Whether a number may be given; `months` of activity, `coverage` 0–1, and what is missing."""

    enough: bool
    months: int
    coverage: float
    gaps: tuple[Gap, ...]


@dataclass(frozen=True)
class Record:
    """What was seen: months of activity, coverage of the expected streams 0–1, rows per stream."""

    months: int
    coverage: float
    rows: Mapping[str, int]
    deals_in_goods: bool


NO_CONSENT = Gap(
    "consent",
    "Your consent",
    "Without a live consent nothing may be read. Granting it lets a score be made from what you share.",
)
NOT_KNOWN = Gap(
    "registration",
    "This GSTIN is not registered here",
    "Once the business registers and shares its GST, UPI or bank records, a score can be made.",
)
STALE = Gap(
    "freshness",
    "Recent records",
    "What is shared is too old to speak of today. Newer GST, UPI or bank records let a score be made.",
)


def judge(record: Record, policy: ScoringPolicy) -> Sufficiency:
    """Whether `record` carries a number under `policy`."""
    gaps = [
        Gap(stream.kind, stream.label, stream.use)
        for stream in STREAMS
        if not record.rows.get(stream.kind) and (record.deals_in_goods or stream.kind != "eway_bills")
    ]
    if record.months < policy.least_months:
        shortfall = f"{policy.least_months} months of activity are needed; we can see {record.months}."
        gaps.insert(0, Gap("months", "A longer record", shortfall))
    if record.coverage < policy.least_coverage and not gaps:
        gaps.append(STALE)
    enough = record.months >= policy.least_months and record.coverage >= policy.least_coverage
    return Sufficiency(enough, record.months, record.coverage, tuple(gaps))


def withheld(gap: Gap) -> Sufficiency:
    """Nothing may be read, or nothing is known."""
    return Sufficiency(enough=False, months=0, coverage=0.0, gaps=(gap,))
