from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lending.engine.classification import (
    AssetClass,
    Facility,
    Sma,
    ageing_class,
    classify,
    classify_borrower,
    days_past_due,
    non_performing_on,
)

WORKED = [
    (date(2021, 3, 31), date(2021, 4, 30), date(2021, 5, 30), date(2021, 6, 29)),
    (date(2021, 12, 1), date(2021, 12, 31), date(2022, 1, 30), date(2022, 3, 1)),
    (date(2024, 2, 29), date(2024, 3, 30), date(2024, 4, 29), date(2024, 5, 29)),
    (date(2026, 1, 5), date(2026, 2, 4), date(2026, 3, 6), date(2026, 4, 5)),
]
DAY = timedelta(days=1)
DUES = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(("due", "first", "second", "bad"), WORKED)
def test_the_worked_dues_reach_each_class_on_their_day(due, first, second, bad):
    account = Facility("1", due)

    assert [classify(account, day).sma for day in (first - DAY, first, second - DAY, second, bad - DAY)] == [
        Sma.SMA_0, Sma.SMA_1, Sma.SMA_1, Sma.SMA_2, Sma.SMA_2,
    ]  # fmt: skip
    assert classify(account, bad - DAY).asset_class is AssetClass.STANDARD
    assert (classify(account, bad).asset_class, classify(account, bad).npa_date) == (AssetClass.SUBSTANDARD, bad)
    assert classify(account, first).npa_date == non_performing_on(due) == bad


def test_an_unpaid_due_is_one_day_past_due_at_its_own_day_end():
    assert [days_past_due(date(2026, 3, 5), date(2026, 3, 5) + n * DAY) for n in (-1, 0, 1)] == [0, 1, 2]
    assert classify(Facility("1", None), date(2026, 3, 5)).dpd == 0


def test_the_classes_of_an_npa_of_1_august_2023_change_on_its_anniversaries():
    changes = {
        date(2024, 7, 31): AssetClass.SUBSTANDARD, date(2024, 8, 1): AssetClass.DOUBTFUL_1,
        date(2025, 7, 31): AssetClass.DOUBTFUL_1, date(2025, 8, 1): AssetClass.DOUBTFUL_2,
        date(2027, 7, 31): AssetClass.DOUBTFUL_2, date(2027, 8, 1): AssetClass.DOUBTFUL_3,
    }  # fmt: skip

    assert {day: ageing_class(date(2023, 8, 1), day) for day in changes} == changes


def test_the_anniversary_of_a_leap_day_is_the_last_of_february():
    assert ageing_class(date(2024, 2, 29), date(2025, 2, 27)) is AssetClass.SUBSTANDARD
    assert ageing_class(date(2024, 2, 29), date(2025, 2, 28)) is AssetClass.DOUBTFUL_1


def test_one_bad_account_makes_all_accounts_of_the_borrower_bad():
    on = date(2026, 6, 30)
    bad, behind, clean = Facility("1", date(2026, 3, 1)), Facility("2", date(2026, 6, 20)), Facility("3", None)

    standings = classify_borrower([bad, behind, clean], on)

    assert {standing.asset_class for standing in standings} == {AssetClass.SUBSTANDARD}
    assert {standing.npa_date for standing in standings} == {date(2026, 5, 30)}
    assert [standing.trigger for standing in standings] == [None, "1", "1"]
    assert [standing.dpd for standing in standings] == [122, 11, 0]


def test_paying_down_below_91_days_does_not_make_a_loan_standard_again():
    partly = Facility("1", date(2026, 6, 1), npa_since=date(2026, 3, 1))

    assert classify(partly, date(2026, 6, 10)).asset_class is AssetClass.SUBSTANDARD


def test_only_when_all_arrears_of_all_accounts_are_paid_are_they_standard_again():
    on = date(2026, 6, 10)
    cured = Facility("1", None, npa_since=date(2026, 3, 1))

    still = classify_borrower([cured, Facility("2", date(2026, 6, 5), npa_since=date(2026, 3, 1))], on)
    all_paid = classify_borrower([cured, Facility("2", None, npa_since=date(2026, 3, 1))], on)

    assert {standing.asset_class for standing in still} == {AssetClass.SUBSTANDARD}
    assert {standing.asset_class for standing in all_paid} == {AssetClass.STANDARD}
    assert all_paid[0].npa_date is None


def test_a_revolving_account_has_no_mention_for_thirty_days_above_its_limit():
    since = date(2026, 1, 1)
    account = Facility("1", None, over_limit_since=since)

    mentions = [classify(account, since + (days - 1) * DAY).sma for days in (30, 31, 61)]

    assert mentions == [None, Sma.SMA_1, Sma.SMA_2]
    assert classify(account, since + 90 * DAY).asset_class is AssetClass.SUBSTANDARD


def test_the_worse_of_two_mentions_counts():
    account = Facility("1", date(2026, 1, 1), over_limit_since=date(2026, 2, 20))

    assert classify(account, date(2026, 2, 10)).sma is Sma.SMA_1


def test_a_loss_can_be_declared_at_any_time():
    assert classify(Facility("1", None, loss=True), date(2026, 2, 10)).asset_class is AssetClass.LOSS
    bad = Facility("1", date(2025, 1, 1), loss=True)
    assert classify(bad, date(2026, 2, 10)).npa_date == date(2025, 4, 1)


@given(DUES, st.integers(0, 3_000), st.integers(0, 400))
def test_days_past_due_grow_by_a_day_a_day_and_classes_never_improve_by_themselves(due, wait, step):
    early, late = due + wait * DAY, due + (wait + step) * DAY
    account, order = Facility("1", due), list(AssetClass)

    before, after = classify(account, early), classify(account, late)

    assert after.dpd - before.dpd == step
    assert order.index(after.asset_class) >= order.index(before.asset_class)


@given(DUES, st.integers(0, 400))
def test_the_class_agrees_with_counting_day_ends(due, wait):
    on, counted, day = due + wait * DAY, 0, due
    while day <= on:
        counted, day = counted + 1, day + DAY

    standing = classify(Facility("1", due), on)

    assert standing.dpd == counted
    assert (standing.asset_class is AssetClass.STANDARD) == (counted <= 90)
    assert standing.sma == (None if counted > 90 else f"SMA-{(counted - 1) // 30}")
