"""Evidence over time: what came in and what went out by day or week, as known at a moment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import BigIntegerField, Case, Count, ExpressionWrapper, F, Q, Sum, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Trunc

from accounts.models import Business
from creditiq.kernel.money import Rupees, from_paise
from wallets.selectors.covering import Grounds
from wallets.selectors.records import known

INDIA = ZoneInfo("Asia/Kolkata")
GRAINS: Mapping[str, timedelta] = {"day": timedelta(days=90), "week": timedelta(weeks=53)}
"""How far back a chart looks, by its grain."""


@dataclass(frozen=True)
class Measure:
    """What a kind is summed by. `counted` leaves out what moved nothing; the two sides have names of their own."""

    amount: Combinable
    counted: Q
    sides: tuple[tuple[str, Q], tuple[str, Q]]


@dataclass(frozen=True)
class Period:
    """One day or week, by its first day in India, with the sums of both sides."""

    start: date
    first: Rupees
    second: Rupees
    rows: int


@dataclass(frozen=True)
class Series:
    """One kind over time, empty periods left out."""

    kind: str
    grain: str
    sides: tuple[str, str]
    periods: tuple[Period, ...]

    @property
    def totals(self) -> tuple[Rupees, Rupees]:
        """The sums of both sides."""
        zero = from_paise(0)
        return sum((it.first for it in self.periods), zero), sum((it.second for it in self.periods), zero)


_CREDITED = ExpressionWrapper(F("taxable_paise") * -1, output_field=BigIntegerField())
_SIGNED = Case(When(kind="CDNR", then=_CREDITED), default=F("taxable_paise"))
_OUT, _IN = Q(direction="out"), Q(direction="in")
MEASURES: Mapping[str, Measure] = {
    "gst_invoices": Measure(_SIGNED, Q(cancelled=False), (("Sold", _OUT), ("Bought", _IN))),
    "gst_returns": Measure(
        F("turnover_paise"), Q(), (("GSTR-1", Q(return_type="GSTR1")), ("GSTR-3B", Q(return_type="GSTR3B")))
    ),
    "upi_payments": Measure(F("amount_paise"), Q(status="success"), (("Received", _IN), ("Paid", _OUT))),
    "eway_bills": Measure(F("value_paise"), Q(), (("Sent", _OUT), ("Arrived", _IN))),
    "bank_entries": Measure(
        F("amount_paise"),
        ~Q(purpose__endswith="return"),
        (("Credits", Q(direction="credit")), ("Debits", Q(direction="debit"))),
    ),
}


def series(*, business: Business, kind: str, ground: Grounds, grain: str, as_of: datetime) -> Series:
    """Sums per period back from `as_of`; `grain` is one of GRAINS. One query."""
    measure = MEASURES[kind]
    (first, is_first), (second, is_second) = measure.sides
    rows = known(business, kind, ground, as_of).filter(measure.counted, occurred_at__gte=as_of - GRAINS[grain])
    sums = (
        rows.annotate(start=Trunc("occurred_at", grain, tzinfo=INDIA))
        .values("start")
        .annotate(
            first=Sum(measure.amount, filter=is_first),
            second=Sum(measure.amount, filter=is_second),
            rows=Count("id"),
        )
        .order_by("start")
        .values_list("start", "first", "second", "rows")
    )
    periods = (
        Period(start.astimezone(INDIA).date(), from_paise(int(one or 0)), from_paise(int(two or 0)), count)
        for start, one, two, count in sums
    )
    return Series(kind, grain, (first, second), tuple(periods))
