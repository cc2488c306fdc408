"""The bars of names screening on made-up names, small; `manage.py benchmark names` asks 5,000 against 20,000."""

import numpy as np
import pytest

from creditiq.management.benchmarks.listed_names import CHANGES, Written, changed, drawn
from creditiq.management.benchmarks.names import bars

pytestmark = pytest.mark.unit


def test_listed_names_are_found_and_strangers_pass() -> None:
    found = bars(6_000, 1_500)
    recall, flagged = found["recall"], found["strangers_flagged"]
    assert isinstance(recall, float)
    assert isinstance(flagged, float)
    assert recall >= 0.995, found
    assert flagged <= 0.005, found


def test_the_same_seed_draws_the_same_names() -> None:
    one, other = drawn(3), drawn(3)
    assert [next(one) for _ in range(20)] == [next(other) for _ in range(20)]


def test_every_kind_of_change_is_drawn() -> None:
    chance = np.random.default_rng(1)
    name = Written(("farid", "khoshan", "zenashev"), person=True)
    kinds = {changed(name, chance)[0] for _ in range(300)}
    assert kinds == set(CHANGES)
