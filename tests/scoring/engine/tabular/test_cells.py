import numpy as np
import pytest

from scoring.engine.tabular.cells import read_column


@pytest.mark.parametrize(
    ("cells", "numbers"),
    [
        (["1,234", "12,34,567.5", "", "₹ 5", "(30)", "5%"], [1234, 1234567.5, np.nan, 5, -30, 5]),
        (["1.234,5", "0,5", "3"], [1234.5, 0.5, 3]),
        (["36 months", " 60 months", "n/a"], [36, 60, np.nan]),
        (["< 1 year", "10+ years", "3 years"], [0.5, 10, 3]),
        (["inf", "1", "-Infinity", "NaN"], [np.nan, 1, np.nan, np.nan]),
        (["12345678901234567890123", "-1e3"], [12345678901234567890123.0, -1000]),
        (["", "?", "NULL"], [np.nan] * 3),
    ],
)
def test_numbers_are_read_as_people_write_them(cells: list[str], numbers: list[float]) -> None:
    (column,), _ = read_column("x", cells)
    assert column.kind == "number"
    np.testing.assert_allclose(column.values(), numbers)


@pytest.mark.parametrize(
    ("cells", "days"),
    [
        (["2020-01-05", "2020-02-01", "NA"], [18266, 18293, np.nan]),
        (["31/12/2020", "01/02/2020"], [18627, 18293]),
        (["12/31/2020", "02/01/2020"], [18627, 18293]),
        (["Dec-2015", "Jan-2016"], [16770, 16801]),
        (["2020-01-05 12:00:00", "2020-01-06 00:00:00"], [18266.5, 18267]),
    ],
)
def test_dates_become_days(cells: list[str], days: list[float]) -> None:
    (column,), _ = read_column("x", cells)
    assert column.kind == "date"
    np.testing.assert_allclose(column.values(), days)


def test_categories_do_not_mind_case_and_space() -> None:
    (column,), _ = read_column("x", ["Own", "own ", "RENT", "?", "rent"])
    assert column.levels == ("own", "rent")
    assert column.codes is not None
    assert column.codes.tolist() == [0, 0, 1, -1, 1]


def test_a_stray_word_among_numbers_is_missing_and_told() -> None:
    (column,), warnings = read_column("x", [str(number) for number in range(99)] + ["see note"])
    assert np.isnan(column.values()[-1])
    assert "'see note'" in warnings[0]


def test_numbers_and_words_become_two_columns() -> None:
    columns, warnings = read_column("x", [str(number) for number in range(60)] + ["never", "unknown age"] * 20)
    assert [column.kind for column in columns] == ["number", "category"]
    assert "two" in warnings[0]


def test_numbers_too_large_for_a_tree_count_as_missing_and_are_told() -> None:
    (column,), warnings = read_column("w", ["1e300", "-1e200", "inf", "1e400", "nan", "", "5"])
    assert column.known().tolist() == [5.0]
    assert warnings == ["w: 4 infinite value(s), or beyond 1e+30, count as missing"]
