"""A full scan in slabs finds what one search finds, each cycle once."""

import numpy as np
import pytest

from fraud.engine.flow import count_transfers, scan_transfers
from fraud.engine.policy import DAY, FraudPolicy
from fraud.engine.slabs import joined, scan_slab, slabs_of
from tests.fraud.engine.payments import AS_OF, edges_of


@pytest.mark.parametrize("days", [1, 4, 30, 400])
@pytest.mark.parametrize("seed", range(6))
def test_slabs_add_up_to_one_search(seed: int, days: int) -> None:
    chance = np.random.default_rng(seed)
    drawn = zip(
        chance.integers(0, 12, 300).tolist(), chance.integers(0, 12, 300).tolist(),
        chance.integers(100, 120, 300).tolist(), (chance.integers(0, 60 * 24, 300) / 2).tolist(), strict=True,
    )  # fmt: skip
    edges = edges_of([payment for payment in drawn if payment[0] != payment[1]])
    policy = FraudPolicy(window_hours=48)
    whole = scan_transfers(edges, policy)
    slabs = slabs_of(AS_OF - 60 * DAY, AS_OF, days)
    pieces = joined([scan_slab(edges, slab, policy) for slab in slabs])
    assert whole.counted > 20
    assert pieces.cycles == whole.cycles
    assert pieces.counted == whole.counted
    assert dict(pieces.through) == {party: cycles for party, cycles in whole.through.items() if cycles}
    assert pieces.complete


def test_a_burst_is_counted_though_it_is_not_written_out() -> None:
    dense = [(a, b, 100, 40.0 - hour) for hour in range(20) for a in range(3) for b in range(3) if a != b]
    edges = edges_of([(a, b, rupees, hours + (3 * a + b) / 100) for a, b, rupees, hours in dense])
    exact = scan_transfers(edges, FraudPolicy())
    short = scan_transfers(edges, FraudPolicy(list_limit=10))
    assert (exact.complete, short.complete) == (True, False)
    assert short.counted == exact.counted > 1_000
    assert short.through == exact.through == count_transfers(edges, FraudPolicy()).through
    assert len(short.cycles) == 10
    assert not count_transfers(edges, FraudPolicy(work_budget=5)).complete
