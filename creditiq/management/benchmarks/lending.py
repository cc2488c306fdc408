"""Loans per second through the engine: the plan of a loan, against the same schedule in exact fractions."""

import time
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from creditiq.management.benchmarks.comparison import Contest, Timing, held, report
from lending.engine.allocation import Component, Due, Orientation, Waterfall, allocate
from lending.engine.classification import Facility, classify
from lending.engine.days import months_after
from lending.engine.plans import Plan, plan
from lending.engine.quotation import quote
from lending.engine.terms import Terms

MONTHS, PERCENT = 36, Decimal("13.65")
START, FIRST_DUE, TODAY = date(2026, 1, 5), date(2026, 2, 5), date(2026, 11, 20)
ORDER = Waterfall((Component.INTEREST, Component.PRINCIPAL, Component.FEE, Component.PENAL), Orientation.HORIZONTAL)


def run(*, sizes: list[int], rounds: int) -> dict[str, object]:
    """Growing numbers of loans of 36 months; the further figures are of the largest number."""
    timings = [_timing(size, rounds) for size in sizes or [100, 500, 2_000]]
    last = timings[-1]
    return report(
        "lending",
        timings,
        rounds,
        {
            "peer_is": "the same schedules in exact fractions",
            "plans_per_second": round(last.size / last.ours),
            "quotations_per_second": _pace(lambda number: quote(_terms(number)), last.size),
            "classifications_per_second": _pace(_classified, last.size),
            "allocations_per_second": _pace(_allocated, last.size),
        },
    )


def _timing(size: int, rounds: int) -> Timing:
    return held(
        Contest(
            size,
            ours=lambda: [plan(_terms(number)) for number in range(size)],
            peer=lambda: [_exact(100_000 + number) for number in range(size)],
        ),
        rounds,
    )


def _pace(work: Callable[[int], object], size: int) -> int:
    started = time.perf_counter()
    for number in range(size):
        work(number)
    return round(size / (time.perf_counter() - started))


def _terms(number: int) -> Terms:
    return Terms(Decimal(100_000 + number), PERCENT, MONTHS, START, FIRST_DUE)


def _exact(principal: int) -> list[tuple[date, int, int]]:
    """Like ours: the due date and the parts of each row, the interest rounded half up to the paisa."""
    rate, balance = Fraction(PERCENT) / 1200, principal * 100
    level = round(balance * rate / (1 - (1 + rate) ** -MONTHS))
    rows = []
    for number in range(MONTHS):
        interest = int(balance * rate + Fraction(1, 2))
        balance -= level - interest
        rows.append((months_after(FIRST_DUE, number), level - interest, interest))
    return rows


def _classified(number: int) -> object:
    return classify(Facility("1", TODAY - timedelta(days=number % 400)), TODAY)


LOAN: Plan = plan(_terms(0))
DUES = [
    Due(row.due, component, amount)
    for row in LOAN.rows[:6]
    for component, amount in ((Component.PRINCIPAL, row.principal), (Component.INTEREST, row.interest))
]


def _allocated(number: int) -> object:
    return allocate(DUES, Decimal(number), TODAY, ORDER)
