"""The compiled search against the definition, against networkx and against itself in another order."""

import random
from collections import Counter
from dataclasses import replace

import networkx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fraud.engine.graph import build_graph
from fraud.engine.temporal_cycles import CycleCensus, CycleSearch, find_cycles
from tests.fraud.engine.brute_force import temporal_cycles

Rows = list[tuple[int, int, float]]
LISTING = 100_000


def census(rows: Rows, search: CycleSearch, ties: str = "strict") -> CycleCensus:
    tail, head, time = (np.array([row[place] for row in rows]) for place in range(3))
    if not rows:
        tail = head = time = np.zeros(0, np.int64)
    return find_cycles(build_graph(tail, head, time, ties=ties), search)


def listed(found: CycleCensus) -> list[tuple[int, ...]]:
    return sorted(tuple(int(edge) for edge in row if edge >= 0) for row in found.listed)


def counted_loops(found: CycleCensus) -> dict[tuple[int, ...], int]:
    lengths = found.loop_lengths.tolist()
    nodes = [tuple(row[:length]) for row, length in zip(found.loops.tolist(), lengths, strict=True)]
    return dict(zip(nodes, found.loop_cycles.tolist(), strict=True))


def true_loops(rows: Rows, cycles: list[tuple[int, ...]]) -> dict[tuple[int, ...], int]:
    loops: Counter[tuple[int, ...]] = Counter()
    for cycle in cycles:
        nodes = [rows[edge][0] for edge in cycle]
        turn = nodes.index(min(nodes))
        loops[tuple(nodes[turn:] + nodes[:turn])] += 1
    return dict(loops)


def random_rows(seed: int) -> tuple[Rows, CycleSearch]:
    """Small crowded graphs: ties, parallel edges and self loops are the rule, not the exception."""
    draw = np.random.default_rng(seed)
    nodes, edges, span = int(draw.integers(1, 8)), int(draw.integers(0, 25)), int(draw.choice([5, 12, 40]))
    ends = draw.integers(0, nodes, (edges, 2)) * 11
    rows = [(*pair, time) for pair, time in zip(ends.tolist(), draw.integers(0, span, edges).tolist(), strict=True)]
    search = CycleSearch(
        window=int(draw.choice([0, 3, 8, 40])),
        max_length=int(draw.integers(3, 8)),
        min_length=int(draw.integers(2, 4)),
        list_limit=LISTING,
        threads=int(draw.integers(1, 3)),
    )
    return rows, search


@pytest.mark.parametrize("block", range(8))
def test_every_cycle_of_the_definition_is_found_and_nothing_else(block: int) -> None:
    for seed in range(block * 260, block * 260 + 260):
        rows, search = random_rows(seed)
        ties = "sequence" if seed % 3 == 0 else "strict"
        expected = temporal_cycles(rows, search.window, range(search.min_length, search.max_length + 1), ties)
        found = census(rows, search, ties)
        assert listed(found) == expected, seed
        assert found.by_length == dict(sorted(Counter(map(len, expected)).items())), seed
        assert counted_loops(found) == true_loops(rows, expected), seed
        through = Counter(edge for cycle in expected for edge in cycle)
        assert found.edge_cycles.tolist() == [through[row] for row in range(len(rows))], seed
        assert found.complete


payments = st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(0, 20))


@given(st.lists(payments, max_size=22), st.randoms(use_true_random=False), st.integers(1, 3))
@settings(max_examples=60, deadline=None)
def test_the_order_of_the_input_and_the_threads_change_nothing(
    rows: Rows, shuffler: random.Random, threads: int
) -> None:
    search = CycleSearch(window=10, list_limit=LISTING)
    order = list(range(len(rows)))
    shuffler.shuffle(order)
    found = census(rows, search)
    again = census([rows[row] for row in order], replace(search, threads=threads))
    assert again.by_length == found.by_length
    assert counted_loops(again) == counted_loops(found)
    assert [found.edge_cycles[row] for row in order] == again.edge_cycles.tolist()
    assert sorted(tuple(order[edge] for edge in cycle) for cycle in listed(again)) == listed(found)


def test_loops_are_the_static_cycles_of_networkx_when_time_does_not_bind() -> None:
    pairs = {(int(tail), int(head)) for tail, head in np.random.default_rng(5).integers(0, 9, (30, 2))}
    # Each pair pays at every tick, so that any static cycle can be walked forward in time.
    rows = [(tail, head, tick) for tail, head in pairs for tick in range(6)]
    static = networkx.DiGraph([pair for pair in pairs if pair[0] != pair[1]])
    expected = {
        tuple(cycle[cycle.index(min(cycle)) :] + cycle[: cycle.index(min(cycle))])
        for cycle in networkx.simple_cycles(static, length_bound=6)
        if len(cycle) >= 3
    }
    assert set(counted_loops(census(rows, CycleSearch(window=6)))) == expected


def test_the_window_is_inclusive_and_the_order_strict() -> None:
    triangle = [(1, 2, 0), (2, 3, 5), (3, 1, 10)]
    assert census(triangle, CycleSearch(window=10)).cycles == 1
    assert census(triangle, CycleSearch(window=9)).cycles == 0
    assert census([(1, 2, 0), (2, 3, 5), (3, 1, 5)], CycleSearch(window=10)).cycles == 0
    assert census([(1, 2, 0), (2, 3, 5), (3, 1, 5)], CycleSearch(window=10), "sequence").cycles == 1


def test_fractional_times_follow_the_definition_by_subtraction() -> None:
    rows = [(1, 2, 0.1), (2, 3, 0.2), (3, 1, 0.4), (1, 2, 0.3), (2, 3, 0.55), (3, 1, 0.6)]
    for window in (0.3, 0.29999999999999993, 0.35, 0.5):
        expected = temporal_cycles(rows, window, range(3, 7))
        assert listed(census(rows, CycleSearch(window=window, list_limit=LISTING))) == expected


def test_a_cycle_visits_each_party_once() -> None:
    figure_of_eight = [(1, 2, 1), (2, 3, 2), (3, 2, 3), (2, 4, 4), (4, 1, 5)]
    assert counted_loops(census(figure_of_eight, CycleSearch(window=9))) == {(1, 2, 4): 1}


def test_money_back_and_forth_is_counted_only_on_request() -> None:
    rows = [(1, 2, 1), (2, 1, 2)]
    assert census(rows, CycleSearch(window=9)).by_length == {}
    assert census(rows, CycleSearch(window=9, min_length=2)).by_length == {2: 1}


def test_a_burst_is_counted_without_being_written_out() -> None:
    rows = [(node, (node + 1) % 3, 100 * node + tick) for node in range(3) for tick in range(40)]
    found = census(rows, CycleSearch(window=1000, list_limit=10))
    assert found.by_length == {3: 40**3}
    assert len(found.listed) == 10
    assert found.unlisted == 40**3 - 10
    assert found.edge_cycles.tolist() == [40**2] * 120
    assert len(found.loops) == 1


def test_the_cycles_written_out_of_too_many_are_the_same_for_every_number_of_threads() -> None:
    ends = np.random.default_rng(3).integers(0, 16, (400, 2))
    rows = [(int(tail), int(head), tick) for tick, (tail, head) in enumerate(ends)]
    whole = census(rows, CycleSearch(window=60, list_limit=LISTING))
    some = [census(rows, CycleSearch(window=60, list_limit=20, threads=threads)) for threads in (1, 2, 3, 5)]
    assert whole.unlisted == 0
    assert all(listed(found) == listed(some[0]) for found in some)
    assert set(listed(some[0])) < set(listed(whole))
    assert {found.unlisted for found in some} == {whole.cycles - 20}


def test_an_exhausted_budget_is_reported_as_incomplete() -> None:
    rows = [(a, b, tick) for tick in range(8) for a in range(6) for b in range(6) if a != b]
    whole = census(rows, CycleSearch(window=9))
    cut = census(rows, CycleSearch(window=9, budget=20))
    assert whole.complete
    assert not cut.complete
    assert 0 < cut.cycles < whole.cycles


def test_more_loops_than_the_first_table_holds_are_all_kept() -> None:
    rows = [(a, b, tick) for tick in range(5) for a in range(9) for b in range(9) if a != b]
    found = census(rows, CycleSearch(window=9, max_length=5))
    complete = networkx.complete_graph(9, networkx.DiGraph)
    assert len(found.loops) == sum(len(loop) >= 3 for loop in networkx.simple_cycles(complete, length_bound=5))
    assert sum(found.loop_cycles.tolist()) == found.cycles


@pytest.mark.parametrize("threads", [1, 2])
def test_more_loops_than_there_is_room_for_are_counted_and_said(threads: int) -> None:
    rows = [(a, b, float(t)) for t in range(3) for a in range(12) for b in range(12) if a != b]
    whole = census(rows, CycleSearch(window=3, max_length=3, threads=threads))
    assert len(whole.loops) > 100
    assert whole.complete
    small = census(rows, CycleSearch(window=3, max_length=3, loop_limit=100, threads=threads))
    assert (small.by_length, small.edge_cycles.tolist()) == (whole.by_length, whole.edge_cycles.tolist())
    assert len(small.loops) == 100
    assert not small.complete
    assert small.truncated_roots == 0
    exact = census(rows, CycleSearch(window=3, max_length=3, loop_limit=len(whole.loops), threads=threads))
    assert exact.complete


def test_an_empty_graph_has_no_cycles() -> None:
    assert census([], CycleSearch(window=1)).cycles == 0
    assert census([(1, 1, 0)], CycleSearch(window=1)).nodes == 1


@pytest.mark.parametrize("bad", [{"max_length": 2}, {"min_length": 1}, {"window": -1}, {"budget": 0}, {"threads": 0}])
def test_bounds_that_mean_nothing_are_refused(bad: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="must"):
        CycleSearch(**{"window": 1, **bad})
