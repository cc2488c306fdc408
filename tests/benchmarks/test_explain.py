"""The benchmark of explanations runs, small, and both sides agree."""

from tests.benchmarks.explain import explain


def test_explanations_agree_with_the_peer_and_add_up_to_the_margin() -> None:
    found = explain((50, 100), rounds=1)
    assert found["sizes"] == [50, 100]
    assert found["largest_difference"] < 1e-4
    assert found["largest_gap_to_margin"] < 1e-4
