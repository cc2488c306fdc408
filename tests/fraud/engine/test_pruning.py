"""Payments that no circle can use are left out before a scan, and no others."""

import networkx
import numpy as np
import polars as pl
import pytest

from fraud.engine.policy import FraudPolicy
from fraud.engine.population import screen_population
from fraud.engine.pruning import able_to_return
from tests.fraud.engine.payments import AS_OF, edges_of, frames_of, lap


def random_edges(seed: int, parties: int, payments: int) -> pl.DataFrame:
    draw = np.random.default_rng(seed)
    ends = draw.integers(-parties // 2, parties // 2, (payments, 2)) * 10**9
    return pl.DataFrame({"payer": ends[:, 0], "payee": ends[:, 1], "reference": [str(n) for n in range(payments)]})


@pytest.mark.parametrize("seed", range(40))
def test_kept_are_the_edges_inside_a_strong_component(seed: int) -> None:
    edges = random_edges(seed, parties=12 + seed, payments=10 + 2 * seed)
    whole = networkx.MultiDiGraph(edges.select("payer", "payee").rows())
    place = {node: number for number, part in enumerate(networkx.strongly_connected_components(whole)) for node in part}
    wanted = [row for row in edges.rows() if row[0] != row[1] and place[row[0]] == place[row[1]]]
    assert able_to_return(edges).rows() == wanted


def test_a_long_chain_is_taken_apart_without_recursion() -> None:
    chain = np.arange(200_000)
    edges = pl.DataFrame({"payer": chain, "payee": chain + 1})
    assert able_to_return(edges).is_empty()
    ring = pl.concat([edges, pl.DataFrame({"payer": [200_000], "payee": [0]})])
    assert len(able_to_return(ring)) == 200_001


def test_nothing_comes_of_nothing() -> None:
    assert able_to_return(random_edges(1, 5, 0)).is_empty()


def test_a_hub_the_policy_names_is_left_out_of_the_search() -> None:
    edges = edges_of([hop for number in range(8) for hop in lap([1, 2, 3], 90_000 + number, 80 + 150 * number)])
    frames = frames_of(edges, [1, 2, 3])
    assert screen_population(frames, AS_OF, FraudPolicy()).rings
    policy = FraudPolicy.from_document({"hubs": ["G2"]})
    assert screen_population(frames, AS_OF, policy).rings == ()
