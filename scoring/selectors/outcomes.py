"""The labels that exist: loans of this house and histories brought along, as training and monitoring read them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import polars as pl

from creditiq.kernel.clock import micros
from scoring.engine.labels import DAY, HORIZON_DAYS, MONTH_DAYS
from scoring.models import LoanOutcome
from wallets.models import Outcome

SCHEMA = {
    "business": pl.Int64(), "disbursed_at": pl.Int64(), "months": pl.Int64(), "defaulted_at": pl.Int64(),
    "observed_until": pl.Int64(),
}  # fmt: skip
YEAR = timedelta(days=HORIZON_DAYS)


@dataclass(frozen=True)
class Matured:
    """An outcome that is known: whether the business fell 90 days behind within the year after `since`."""

    gstin: str
    since: datetime
    defaulted: bool


def outcome_frame() -> pl.DataFrame:
    """business, disbursed_at, months, defaulted_at, observed_until (µs) of every loan whose repayment is known.

    A loan that ended without a default cannot fall any more: it counts as watched to the end it was agreed for.
    """
    brought = Outcome.objects.order_by("business_id", "disbursed_at", "pk").values_list(
        "business_id", "disbursed_at", "months", "defaulted_at", "observed_until"
    )
    rows = [
        (business, micros(start), months, micros(fell) if fell else None, micros(seen))
        for business, start, months, fell, seen in brought.iterator()
    ]
    return pl.DataFrame([*rows, *_own_loans()], schema=SCHEMA, orient="row")


def _own_loans() -> Iterator[tuple[int, int, int, int | None, int]]:
    for one in LoanOutcome.objects.order_by("business_id", "disbursed_at", "pk").iterator():
        start, seen = micros(one.disbursed_at), micros(one.observed_until)
        if one.ended_at is not None and one.defaulted_at is None:
            seen = max(seen, start + int(one.months * MONTH_DAYS * DAY))
        fell = micros(one.defaulted_at) if one.defaulted_at else None
        yield one.business_id, start, one.months, fell, seen


def matured_outcomes(as_of: datetime) -> list[Matured]:
    """Loans of this house whose first year is over, or whose end came before: for the figures of monitoring."""
    rows = LoanOutcome.objects.filter(disbursed_at__lte=as_of).select_related("business").order_by("pk")
    return [
        Matured(one.business.gstin, one.disbursed_at, _fell_in_a_year(one))
        for one in rows.iterator()
        if _fell_in_a_year(one) or one.ended_at is not None or one.observed_until - one.disbursed_at >= YEAR
    ]


def _fell_in_a_year(one: LoanOutcome) -> bool:
    return one.defaulted_at is not None and one.defaulted_at - one.disbursed_at <= YEAR
