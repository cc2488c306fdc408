"""Dates of returns, written down from the law."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.engine.gst_calendar import Due, Return, returns_due


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
