import numpy as np
import pytest

from scoring.engine.tabular.reading import UnableToRead
from scoring.engine.tabular.target import read_target


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["0", "1", "1"], [0, 1, 1]),
        (["1", "2", "2"], [0, 1, 1]),
        (["1.0", "0.0", ""], [1, 0, np.nan]),
        (["Yes", "no", "NO "], [1, 0, 0]),
        (["True", "False", "TRUE"], [1, 0, 1]),
        (["Good", "Bad", "Good"], [0, 1, 0]),
        (["-1", "1", "1"], [0, 1, 1]),
        (["Fully Paid", "Charged Off", "Current"], [0, 1, np.nan]),
        (["paid", "went away", "paid"], [0, 1, 0]),
        (["alpha", "beta", "alpha"], [0, 1, 0]),
    ],
)
def test_the_bad_outcome_is_found_by_meaning(cells: list[str], values: list[float]) -> None:
    np.testing.assert_array_equal(read_target("t", cells).values, values)


@pytest.mark.parametrize(
    ("cells", "told"), [(["1", "1"], "only '1'"), (["", ""], "no value"), (["3", "4", "5"], "3 different")]
)
def test_a_column_that_is_no_target_says_why(cells: list[str], told: str) -> None:
    with pytest.raises(UnableToRead, match=told):
        read_target("t", cells)
