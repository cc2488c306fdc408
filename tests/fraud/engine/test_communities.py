"""Communities: the same whatever the order of rows, and true to groups that only pay each other."""

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from fraud.engine.communities import communities

PAIRS = st.lists(st.tuples(st.integers(1, 12), st.integers(1, 12), st.integers(1, 500)), max_size=40)


def frame(rows: list[tuple[int, int, int]]) -> pl.DataFrame:
    schema = {"payer": pl.Int64, "payee": pl.Int64, "amount_paise": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row")


@settings(deadline=None)
@given(PAIRS, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(rows: list[tuple[int, int, int]], random) -> None:
    mixed = list(rows)
    random.shuffle(mixed)
    assert communities(frame(rows)).sort("business").equals(communities(frame(mixed)).sort("business"))


@given(PAIRS)
def test_a_community_never_joins_businesses_that_nothing_connects(rows: list[tuple[int, int, int]]) -> None:
    left = [(one * 2, two * 2, paise) for one, two, paise in rows]
    right = [(one * 2 + 101, two * 2 + 101, paise) for one, two, paise in rows]
    found = communities(frame(left + right))
    ours = set(found.filter(pl.col("business") <= 24)["label"])
    theirs = set(found.filter(pl.col("business") > 100)["label"])
    assert ours.isdisjoint(theirs)


def test_two_tight_groups_with_a_thin_bridge_stay_two() -> None:
    groups = [(1, 2, 90), (2, 3, 90), (3, 1, 90), (11, 12, 90), (12, 13, 90), (13, 11, 90), (3, 11, 1)]
    labels = dict(communities(frame(groups)).iter_rows())
    assert labels[1] == labels[2] == labels[3] != labels[11] == labels[12] == labels[13]


def test_nobody_paid_is_no_community() -> None:
    assert communities(frame([])).height == 0
