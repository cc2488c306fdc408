import polars as pl

from scoring.engine.labels import DAY, labelled, observation_dates

AS_OF = 1_000 * DAY


def loan(business: int, *, paid_out: int, months: int = 24, fell: int | None = None, watched: int = 1_400) -> dict:
    return {
        "business": business,
        "disbursed_at": paid_out * DAY,
        "months": months,
        "defaulted_at": None if fell is None else fell * DAY,
        "observed_until": watched * DAY,
    }


def labels(*loans: dict) -> dict[int, float]:
    schema = dict.fromkeys(("business", "disbursed_at", "months", "defaulted_at", "observed_until"), pl.Int64)
    return dict(labelled(pl.DataFrame(list(loans), schema=schema), AS_OF).iter_rows())


def test_a_default_within_twelve_months_is_bad_and_a_watched_year_is_good() -> None:
    assert labels(loan(1, paid_out=900, fell=1_200), loan(2, paid_out=900)) == {1: 1.0, 2: 0.0}


def test_a_default_before_as_of_or_after_the_horizon_says_nothing_bad() -> None:
    assert labels(loan(1, paid_out=700, fell=999), loan(2, paid_out=900, fell=1_380)) == {2: 0.0}


def test_a_loan_that_was_not_watched_long_enough_is_left_out() -> None:
    assert labels(loan(1, paid_out=900, watched=1_300)) == {}


def test_a_loan_repaid_within_the_year_and_watched_to_its_end_is_good() -> None:
    assert labels(loan(1, paid_out=800, months=12, watched=1_260)) == {1: 0.0}


def test_a_loan_repaid_before_or_paid_out_much_later_is_not_at_risk() -> None:
    assert labels(loan(1, paid_out=500, months=12), loan(2, paid_out=1_100)) == {}


def test_an_application_about_to_be_paid_out_counts() -> None:
    assert labels(loan(1, paid_out=1_030)) == {1: 0.0}


def test_any_default_of_several_loans_counts() -> None:
    assert labels(loan(1, paid_out=900), loan(1, paid_out=950, fell=1_100)) == {1: 1.0}


def test_observation_dates_leave_a_whole_horizon_after_them() -> None:
    outcomes = pl.DataFrame([loan(1, paid_out=900, watched=1_400), loan(2, paid_out=900, watched=1_399)])
    assert observation_dates(outcomes, (0, 90)) == [(1_400 - 365 - 90) * DAY, (1_400 - 365) * DAY]
