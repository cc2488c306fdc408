"""What a loan is agreed on: the values a schedule is computed from, checked once."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from creditiq.kernel.money import PAISA
from lending.engine.days import MONTHS, DayCount, due_dates, months_after, year_fraction
from lending.engine.rounding import Rounding

LONGEST_MONTHS = 600
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)
HIGHEST_PERCENT = Decimal(100)
LARGEST_PRINCIPAL = Decimal(10) ** 12
PERIODS = (1, 3, 6, 12)


class Method(StrEnum):
    """How the principal comes back."""

    EMI = "emi"
    FLAT = "flat"
    EQUAL_PRINCIPAL = "equal-principal"
    BULLET = "bullet"
    STEP = "step"


class Grace(StrEnum):
    """What happens to the interest of a moratorium: it joins the principal, or is paid as it falls due."""

    CAPITALISED = "capitalised"
    INTEREST_ONLY = "interest-only"


class UnsoundTerms(ValueError):
    """Terms no schedule can be made of; `field` names the value to change."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message


@dataclass(frozen=True, slots=True)
class Moratorium:
    """The first `months` in which no principal is asked for."""

    months: int
    grace: Grace = Grace.CAPITALISED


@dataclass(frozen=True, slots=True)
class Step:
    """Instalments grow by `percent` (fall, when negative) after every `instalments` of them."""

    percent: Decimal
    instalments: int = 12


@dataclass(frozen=True, slots=True)
class Terms:
    """A loan as agreed. Rupees, per cent a year, months; `instalment` fixes the level and lets the tenor follow."""

    principal: Decimal
    percent: Decimal
    months: int
    disbursed: date
    first_due: date
    method: Method = Method.EMI
    day_count: DayCount = DayCount.SAME_AS_PERIOD
    rounding: Rounding = field(default_factory=Rounding)
    moratorium: Moratorium | None = None
    step: Step | None = None
    every: int = 1
    instalment: Decimal | None = None

    def __post_init__(self) -> None:
        """Raises UnsoundTerms naming the first field that cannot be."""
        for name, sound, message in self._checks():
            if not sound:
                raise UnsoundTerms(name, message)

    @property
    def periods(self) -> int:
        """How many instalments the tenor has."""
        return self.months // self.every

    @property
    def waiting(self) -> int:
        """How many of them fall into the moratorium."""
        return self.moratorium.months // self.every if self.moratorium else 0

    @property
    def rate(self) -> Decimal:
        """The rate of one regular period as a fraction."""
        return self.percent * self.every / Decimal(1200)

    @property
    def regular_start(self) -> bool:
        """Whether the first period is whole months, so that no broken-period interest arises."""
        return months_after(self.disbursed, self.every) == self.first_due

    @property
    def first_period(self) -> Decimal:
        """How long the first period is, in regular ones; its days count ACT/365F when it is broken."""
        if self.regular_start:
            return Decimal(1)
        return year_fraction(self.disbursed, self.first_due, DayCount.ACT_365F) * MONTHS / self.every

    def dues(self, count: int) -> tuple[date, ...]:
        """The first `count` due dates."""
        return due_dates(self.first_due, count, self.every)

    def _checks(self) -> tuple[tuple[str, bool, str], ...]:
        waiting = self.moratorium.months if self.moratorium else 0
        plain = self.method is not Method.FLAT
        most = f"{LONGEST_MONTHS}"
        return (
            ("principal", self.principal >= PAISA, "Ask for an amount above zero."),
            ("principal", self.principal <= LARGEST_PRINCIPAL, f"Ask for at most ₹ {LARGEST_PRINCIPAL:f}."),
            ("principal", _in_paise(self.principal), "Give rupees with at most two decimals."),
            ("rate", 0 <= self.percent <= HIGHEST_PERCENT, "Give the yearly rate in per cent, from 0 to 100."),
            ("months", 1 <= self.months <= LONGEST_MONTHS, f"Choose between 1 and {most} months."),
            ("every", self.every in PERIODS, "Instalments fall due every 1, 3, 6 or 12 months."),
            ("months", self.months % max(self.every, 1) == 0, "The months have to be whole instalment periods."),
            ("first_due", self.first_due > self.disbursed, "The first due date comes after the disbursal."),
            ("multiple", self.rounding.multiple >= PAISA, "Round to a multiple of at least one paisa."),
            ("moratorium", 0 <= waiting < self.months, "A moratorium is shorter than the loan."),
            ("moratorium", waiting % max(self.every, 1) == 0, "A moratorium is whole instalment periods."),
            ("moratorium", plain or not waiting, "A flat loan has no moratorium: its interest is fixed at the start."),
            ("step", (self.method is Method.STEP) == (self.step is not None), "Give the step of a step loan."),
            ("step", self.step is None or self._stepping(self.step), "A step is above −100 % and every 1 or more."),
            ("instalment", self.instalment is None or self._can_fix(self.instalment), "Fix the instalment of an EMI."),
        )

    def _can_fix(self, instalment: Decimal) -> bool:
        return instalment > 0 and self.method is Method.EMI

    @staticmethod
    def _stepping(step: Step) -> bool:
        return step.instalments >= 1 and -HIGHEST_PERCENT < step.percent <= HIGHEST_PERCENT


def _in_paise(amount: Decimal) -> bool:
    """Whether it has two decimals at most; safe for any size.

    >>> _in_paise(Decimal("1.10")), _in_paise(Decimal("1.105")), _in_paise(Decimal("1e40"))
    (True, False, True)
    """
    exponent = amount.normalize().as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -2


def loan_dates(*, disbursed: date | None, first_due: date | None, every: int, today: date) -> tuple[date, date]:
    """Disbursal and first due date; the one left out is a period from the other, and both count from `today`.

    Raises UnsoundTerms for a date no calendar of loans reaches.

    >>> loan_dates(disbursed=None, first_due=date(2026, 2, 5), every=1, today=date(2026, 1, 1))[0].isoformat()
    '2026-01-05'
    """
    for name, given in (("disbursed", disbursed), ("first_due", first_due)):
        if given is not None and not EARLIEST <= given <= LATEST:
            raise UnsoundTerms(name, f"Give a date from {EARLIEST.year} to {LATEST.year}.")
    if first_due is not None:
        return disbursed or months_after(first_due, -every), first_due
    start = disbursed or today
    return start, months_after(start, every)
