"""The repayment plan of a loan: every instalment with its date, parts and what is left after it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lending.engine.days import DayCount, year_fraction
from lending.engine.rounding import rounded
from lending.engine.schedule import annuity
from lending.engine.terms import LONGEST_MONTHS, Grace, Method, Terms, UnsoundTerms

NOTHING = Decimal(0)
HUNDRED = Decimal(100)

# From the number of an instalment and a regular period's interest to the principal it asks for.
Part = Callable[[int, Decimal], Decimal]


@dataclass(frozen=True, slots=True)
class Instalment:
    """One row, in rupees. `capitalised` is interest that joined the balance instead of being asked for."""

    number: int
    due: date
    principal: Decimal
    interest: Decimal
    balance: Decimal
    capitalised: Decimal = NOTHING

    @property
    def amount(self) -> Decimal:
        """What the borrower pays on the day."""
        return self.principal + self.interest


@dataclass(frozen=True, slots=True)
class Plan:
    """The terms and the rows that repay them."""

    terms: Terms
    rows: tuple[Instalment, ...]

    @property
    def level(self) -> Decimal:
        """The instalment of the first period that repays principal; for a bullet its interest."""
        return self.rows[min(self.terms.waiting, len(self.rows) - 1)].amount if self._uneven else self._regular

    @property
    def last(self) -> Decimal:
        """The last instalment, which takes what rounding left."""
        return self.rows[-1].amount

    @property
    def interest(self) -> Decimal:
        """All interest of the loan, capitalised interest included."""
        return sum((row.interest + row.capitalised for row in self.rows), NOTHING)

    @property
    def payments(self) -> tuple[Decimal, ...]:
        """The payments in order, one a period."""
        return tuple(row.amount for row in self.rows)

    @property
    def _uneven(self) -> bool:
        return self.terms.method in (Method.FLAT, Method.BULLET, Method.EQUAL_PRINCIPAL)

    @property
    def _regular(self) -> Decimal:
        # A broken first period or a step changes single rows, never the level that was agreed.
        if len(self.rows) == 1:
            return self.rows[0].amount
        return self.terms.instalment or level_of(self.terms, _after_wait(self.terms, self.rows))


def plan(terms: Terms) -> Plan:
    """The rows that repay the terms (lending rules §5): the last one takes whatever rounding left.

    Interest is rounded once per period, the instalment to the multiple of the product. With a broken
    first period its days are charged, and the principal asked for is that of a regular month.
    """
    rows = tuple(_flat(terms) if terms.method is Method.FLAT else _declining(terms))
    return Plan(terms=terms, rows=rows)


def level_of(terms: Terms, balance: Decimal) -> Decimal:
    """The level instalment (of a step loan the first one) that repays `balance` after the moratorium."""
    count = terms.periods - terms.waiting
    if terms.method is not Method.STEP or terms.step is None:
        return terms.rounding.level(annuity(balance, terms.rate, count))
    discount = 1 / (1 + terms.rate)
    worth = sum((_growth(terms, number) * discount**number for number in range(1, count + 1)), NOTHING)
    return terms.rounding.level(balance / worth)


def _after_wait(terms: Terms, rows: tuple[Instalment, ...]) -> Decimal:
    return rows[terms.waiting - 1].balance if terms.waiting else terms.principal


def _growth(terms: Terms, number: int) -> Decimal:
    """How many times its first instalment a step loan asks for in the `number`-th period of repayment."""
    step = terms.step
    return (1 + step.percent / HUNDRED) ** ((number - 1) // step.instalments) if step else Decimal(1)


def _declining(terms: Terms) -> Iterator[Instalment]:
    rows = list(_wait(terms))
    yield from rows
    balance, number = (rows[-1].balance if rows else terms.principal), len(rows)
    part = _part(terms, balance)
    end = LONGEST_MONTHS * 2 if terms.instalment else terms.periods
    dues = terms.dues(end)
    while balance:
        start = dues[number - 1] if number else terms.disbursed
        interest = _interest(terms, balance, start, dues[number])
        number += 1
        last = number == end
        regular = interest if number > 1 or terms.day_count is not DayCount.SAME_AS_PERIOD else _month(terms, balance)
        principal = balance if last else min(max(part(number - terms.waiting, regular), NOTHING), balance)
        balance -= principal
        yield Instalment(number=number, due=dues[number - 1], principal=principal, interest=interest, balance=balance)


def _wait(terms: Terms) -> Iterator[Instalment]:
    balance, start = terms.principal, terms.disbursed
    for number, due in enumerate(terms.dues(terms.waiting), start=1):
        interest, start = _interest(terms, balance, start, due), due
        if terms.moratorium and terms.moratorium.grace is Grace.CAPITALISED:
            balance += interest
            yield Instalment(number, due, NOTHING, NOTHING, balance, capitalised=interest)
        else:
            yield Instalment(number, due, NOTHING, interest, balance)


def _part(terms: Terms, balance: Decimal) -> Part:
    if terms.method is Method.BULLET:
        return lambda _number, _interest: NOTHING
    if terms.method is Method.EQUAL_PRINCIPAL:
        share = terms.rounding.level(balance / (terms.periods - terms.waiting))
        return lambda _number, _interest: share
    level = terms.instalment or level_of(terms, balance)
    if terms.instalment and level <= _month(terms, balance):
        raise UnsoundTerms("instalment", "The instalment does not cover the interest of the first month.")
    if terms.method is Method.STEP:
        return lambda number, interest: terms.rounding.level(level * _growth(terms, number)) - interest
    return lambda _number, interest: level - interest


def _month(terms: Terms, balance: Decimal) -> Decimal:
    return terms.rounding.charge(balance * terms.rate)


def _interest(terms: Terms, balance: Decimal, start: date, end: date) -> Decimal:
    if terms.day_count is DayCount.SAME_AS_PERIOD and (start != terms.disbursed or terms.regular_start):
        return _month(terms, balance)
    share = year_fraction(start, end, terms.day_count)
    return terms.rounding.charge(balance * terms.percent / HUNDRED * share)


def _flat(terms: Terms) -> Iterator[Instalment]:
    """Interest on the first principal for the whole tenor, in equal parts."""
    count, balance = terms.periods, terms.principal
    interest = terms.rounding.charge(terms.principal * terms.rate)
    owed = rounded(terms.principal * terms.rate * count, terms.rounding.interest)
    part = max(terms.rounding.level(terms.principal / count + terms.principal * terms.rate) - interest, NOTHING)
    for number, due in enumerate(terms.dues(count), start=1):
        last = number == count
        principal = balance if last else min(part, balance)
        charge = max(owed, NOTHING) if last else min(interest, owed)
        balance, owed = balance - principal, owed - charge
        if principal or charge:
            yield Instalment(number=number, due=due, principal=principal, interest=charge, balance=balance)
