"""A layer of the topology: who paid or sold to whom in a span of time, and in which steps of it."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

import polars as pl
from django.core.cache import cache
from django.db.models import Count, Max

from accounts.models import Business, Consent, User
from creditiq.kernel.clock import IST, micros
from fraud.models import PopulationScreening, Screening
from wallets.selectors import trades, transfers

KINDS = (
    ("", "All payments"), ("upi", "UPI payments"), ("bank", "Bank transfers"), ("invoice", "Invoices"),
    ("eway", "E-way bills"),
)  # fmt: skip
GOODS = ("invoice", "eway")
MOST_STEPS = 45
KEPT_SECONDS = 600
DAY = timedelta(days=1)
LONGEST = timedelta(days=366)
PAIRS = {
    "payer": pl.Int64, "payee": pl.Int64, "amount_paise": pl.Int64, "payments": pl.UInt32, "steps": pl.Int64,
}  # fmt: skip


@dataclass(frozen=True)
class Span:
    """From when to when the picture looks, cut into steps of whole days for the replay."""

    since: datetime
    until: datetime

    @property
    def days(self) -> int:
        """Days, begun ones included."""
        return max(1, -(-(self.until - self.since) // DAY))

    @property
    def step(self) -> timedelta:
        """The least whole number of days that makes at most MOST_STEPS steps."""
        return -(-self.days // MOST_STEPS) * DAY

    def step_at(self, at: datetime) -> int:
        """The number of the step in which a moment of the span lies."""
        return (at - self.since) // self.step

    @property
    def begins(self) -> tuple[date, ...]:
        """The first day of each step, by India's clock."""
        steps = -(-self.days * DAY // self.step)
        return tuple((self.since + number * self.step).astimezone(IST).date() for number in range(steps))


def span_of(screening: PopulationScreening, *, since: date | None, until: date | None, days: int) -> Span:
    """The days asked for, as far as the screening saw them; without a first day the last `days`."""
    end = screening.as_of
    if until is not None:
        end = min(end, datetime.combine(until + DAY, time.min, IST))
    begin = end - timedelta(days=days) if since is None else datetime.combine(since, time.min, IST)
    return Span(min(max(begin, end - LONGEST), end), end)


def steps_of(mask: int) -> tuple[int, ...]:
    """The numbers of the steps a mask stands for, in time order.

    >>> steps_of(0b1001)
    (0, 3)
    """
    return tuple(step for step in range(mask.bit_length()) if mask >> step & 1)


class Sight(NamedTuple):
    """With whose eyes: the consents of `at` judge (also of what happened long before), `mine` None sees everybody's.

    A bank, whose payments touch one of `mine`, reads what a consent to itself covers as well.
    """

    at: datetime
    mine: list[int] | None = None
    bank: int | None = None


def sight_of(user: User, at: datetime) -> Sight:
    """The platform's people see every party, a bank's (fraud.md §6) what touches a business it may see."""
    organisation = user.organisation
    if organisation is not None and organisation.is_platform:
        return Sight(at)
    return Sight(at, list(Business.objects.visible_to(user, at).values_list("pk", flat=True)), user.organisation_id)


def pairs_of(sight: Sight, screening: PopulationScreening, span: Span, kind: str) -> pl.DataFrame:
    """What each paid (or sold to) each, largest first, as far as consents let it be read."""
    if sight.mine is not None:
        return _summed(span, kind, sight)
    # Everybody's payments up to a screening change only with who lets them be read. A consent that came is newer than
    # those before it, by its yes and not by its key (a request may wait); without one that came, fewer are left.
    willing = Consent.objects.to_platform().live_at(sight.at).aggregate(many=Count("pk"), newest=Max("granted_at"))
    newest = micros(willing["newest"]) if willing["many"] else None
    asked = (screening.pk, micros(span.since), micros(span.until), kind, willing["many"], newest)
    key = "fraud.layer:" + ":".join(map(str, asked))
    kept = cache.get(key)
    if kept is None:
        kept = _summed(span, kind, sight).to_dict(as_series=False)
        cache.set(key, kept, KEPT_SECONDS)
    return pl.DataFrame(kept, schema=PAIRS)


def _summed(span: Span, kind: str, sight: Sight) -> pl.DataFrame:
    rows = _goods(span, kind, sight) if kind in GOODS else _money(span, kind, sight)
    step = (pl.col("occurred_at") - micros(span.since)) // (span.step // timedelta(microseconds=1))
    sums = rows.group_by("payer", "payee").agg(
        pl.col("amount_paise").sum(),
        pl.len().alias("payments"),
        (2**step).cast(pl.Int64).bitwise_or().alias("steps"),
    )
    ordered = sums.sort(["amount_paise", "payer", "payee"], descending=[True, False, False])
    return ordered.select(list(PAIRS)).cast(pl.Schema(PAIRS))


def _money(span: Span, rail: str, sight: Sight) -> pl.DataFrame:
    table = transfers(
        since=span.since,
        until=span.until,
        as_of=span.until,
        businesses=sight.mine,
        consents_at=sight.at,
        bank=sight.bank,
    )
    rows = pl.DataFrame(pl.from_arrow(table))
    return rows.filter(pl.col("rail") == rail) if rail else rows


def _goods(span: Span, document: str, sight: Sight) -> pl.DataFrame:
    """Documents between businesses one may see; an edge leads from the seller to the buyer, as the goods went."""
    mine = sight.mine
    if mine is None:
        mine = list(Screening.objects.known_at(span.until).latest_of_each().values_list("business_id", flat=True))
    table = trades(businesses=mine, since=span.since, as_of=span.until, consents_at=sight.at, bank=sight.bank)
    rows = pl.DataFrame(pl.from_arrow(table))
    named = {"seller": "payer", "buyer": "payee", "taxable_paise": "amount_paise"}
    return rows.filter(document=document).rename(named)
