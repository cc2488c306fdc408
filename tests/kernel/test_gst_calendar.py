"""Dates of returns, written down from the law."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creditiq.kernel.gst_calendar import Due, Return, due_on, offered_until, returns_due


def due(since: date, until: date, *, quarterly: bool = False, state: int = 29) -> list[Due]:
    return returns_due(since=since, until=until, state_code=state, quarterly=quarterly)


def test_a_monthly_filer_owes_on_the_11th_and_the_20th_for_the_month_before() -> None:
    assert due(date(2027, 1, 1), date(2027, 1, 31)) == [
        Due(Return.GSTR1, "2026-12", date(2027, 1, 11)),
        Due(Return.GSTR3B, "2026-12", date(2027, 1, 20)),
    ]


@pytest.mark.parametrize(("state", "day"), [(29, 22), (27, 22), (7, 24), (19, 24)])
def test_a_quarterly_filer_owes_by_state(state: int, day: int) -> None:
    assert due(date(2026, 11, 1), date(2027, 1, 31), quarterly=True, state=state)[-2:] == [
        Due(Return.GSTR1, "2026-Q3", date(2027, 1, 13)),
        Due(Return.GSTR3B, "2026-Q3", date(2027, 1, day)),
    ]


def test_the_year_that_ended_in_march_is_owed_on_31_december() -> None:
    assert due(date(2026, 12, 31), date(2026, 12, 31)) == [Due(Return.GSTR9, "2025-26", date(2026, 12, 31))]


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 800), st.booleans())
def test_a_span_holds_what_its_two_halves_hold(since: date, days: int, quarterly: bool) -> None:
    until = date.fromordinal(since.toordinal() + days)
    middle = date.fromordinal(since.toordinal() + days // 2)
    after = date.fromordinal(middle.toordinal() + 1)
    whole = due(since, until, quarterly=quarterly)
    assert whole == due(since, middle, quarterly=quarterly) + due(after, until, quarterly=quarterly)
    assert len({(one.which, one.period) for one in whole}) == len(whole)


# Worked by hand from the notifications named in the module: return, period, State, day (None: nothing is owed).
QUARTERLY = [
    ("gstr1", (2026, 6), 29, date(2026, 7, 13)), ("gstr1", (2026, 3), 7, date(2026, 4, 13)),
    ("gstr1", (2026, 12), 29, date(2027, 1, 13)), ("gstr1", (2026, 5), 29, None), ("gstr1", (2026, 4), 7, None),
    ("gstr3b", (2026, 6), 29, date(2026, 7, 22)), ("gstr3b", (2026, 6), 24, date(2026, 7, 22)),
    ("gstr3b", (2026, 9), 9, date(2026, 10, 24)), ("gstr3b", (2026, 12), 19, date(2027, 1, 24)),
    ("gstr3b", (2026, 3), 38, date(2026, 4, 24)), ("gstr3b", (2026, 7), 29, None), ("gstr3b", (2026, 8), 29, None),
    ("gstr3b", (2021, 3), 27, date(2021, 4, 22)), ("gstr3b", (2020, 11), 27, date(2020, 12, 20)),
    ("gstr1", (2020, 12), 27, date(2021, 1, 13)), ("gstr1", (2020, 9), 27, date(2020, 10, 31)),
    ("gstr9", (2026, 3), 29, date(2026, 12, 31)), ("gstr9", (2026, 6), 29, None),
]  # fmt: skip


@pytest.mark.parametrize(("which", "month", "state", "day"), QUARTERLY)
def test_days_of_quarterly_filers_are_those_worked_by_hand(
    which: str, month: tuple[int, int], state: int, day: date | None
) -> None:
    period = month[0] * 12 + month[1] - 1
    assert due_on(Return(which), period, state_code=state, quarterly=True) == day


def test_invoices_of_a_month_within_a_quarter_may_be_furnished_until_the_13th() -> None:
    assert offered_until(2026 * 12 + 4) == date(2026, 6, 13)
    assert offered_until(2020 * 12 + 10) is None
