"""The stream against the batch and against the definition."""

import numpy as np
import pytest

from fraud.engine.graph import build_graph
from fraud.engine.sliding_window import SlidingWindow
from fraud.engine.temporal_cycles import CycleSearch, find_cycles
from tests.fraud.engine.brute_force import temporal_cycles


def random_stream(seed: int) -> tuple[list[tuple[int, int, int]], CycleSearch]:
    draw = np.random.default_rng(seed)
    nodes, edges = int(draw.integers(1, 8)), int(draw.integers(0, 28))
    ends = draw.integers(0, nodes, (edges, 2)) * 13
    times = np.sort(draw.integers(0, int(draw.choice([6, 15, 40])), edges))
    rows = [(int(tail), int(head), int(time)) for (tail, head), time in zip(ends.tolist(), times.tolist(), strict=True)]
    window, longest, shortest = int(draw.choice([0, 4, 9, 40])), int(draw.integers(3, 8)), int(draw.integers(2, 4))
    return rows, CycleSearch(window=window, max_length=longest, min_length=shortest, list_limit=100_000)


@pytest.mark.parametrize("block", range(4))
def test_what_closes_edge_by_edge_is_what_the_definition_says(block: int) -> None:
    for seed in range(block * 250, block * 250 + 250):
        rows, search = random_stream(seed)
        stream = SlidingWindow(search)
        closed = [cycle for row in rows for cycle in stream.observe(*row).cycles]
        expected = temporal_cycles(rows, search.window, range(search.min_length, search.max_length + 1))
        assert sorted(closed) == expected, seed


def test_a_long_stream_counts_what_the_batch_counts_and_forgets_what_left_the_window() -> None:
    draw = np.random.default_rng(3)
    tail, head = draw.integers(0, 1500, 30_000) // 3, draw.integers(0, 1500, 30_000) // 3
    time = np.sort(draw.integers(0, 60_000, 30_000))
    search = CycleSearch(window=4_000)
    stream = SlidingWindow(search)
    answers = [stream.observe(*row) for row in zip(tail.tolist(), head.tolist(), time.tolist(), strict=True)]
    batch = find_cycles(build_graph(tail, head, time), search)
    assert sum(answer.count for answer in answers) == batch.cycles > 0
    assert all(answer.complete for answer in answers)
    assert stream.bytes_held < 30_000 * 48, "less than both ends of every edge of the stream would take"


@pytest.mark.parametrize("parts", [1, 3, 40])
def test_many_at_once_close_what_they_close_one_by_one(parts: int) -> None:
    draw = np.random.default_rng(9)
    ends, time = draw.integers(0, 120, (2, 6_000)), np.sort(draw.integers(0, 9_000, 6_000))
    search = CycleSearch(window=600, max_length=5, list_limit=50)
    one, all_of_them = SlidingWindow(search), SlidingWindow(search)
    closed = [one.observe(*row) for row in zip(*ends.tolist(), time.tolist(), strict=True)]
    together = [
        all_of_them.observe_all(*part) for part in zip(*(np.array_split(c, parts) for c in (*ends, time)), strict=True)
    ]
    assert [count for answer in together for count in answer.counts.tolist()] == [answer.count for answer in closed]
    listed = [tuple(edge for edge in row if edge >= 0) for answer in together for row in answer.cycles.tolist()]
    assert sorted(listed) == sorted(cycle for answer in closed for cycle in answer.cycles)
    assert len(listed) > 500
    assert all(answer.complete for answer in together)


def test_an_exhausted_budget_and_time_going_back_are_said() -> None:
    stream = SlidingWindow(CycleSearch(window=9, budget=1))
    for row in ((1, 2, 1), (2, 3, 2), (1, 3, 3), (3, 4, 4), (2, 4, 4)):
        stream.observe(*row)
    assert not stream.observe(4, 1, 5).complete
    with pytest.raises(ValueError, match="goes back"):
        stream.observe(1, 2, 4)
