"""The benchmark of cycles names its peers, and says so when one is absent."""

from importlib.util import find_spec

from creditiq.management.benchmarks import cycles


def test_both_peers_are_named_and_the_stream_counts_what_the_batch_counts() -> None:
    report = cycles.run(sizes=[1_000], rounds=1)

    assert report["ratio_median"] > 1
    assert report["streaming"]["equal"]
    assert set(report["two_threads"]) == {"ratio_median", "ratio_of_fastest", "processor_seconds"}
    peer = report["snapml"]
    assert peer["present"] == (find_spec("snapml") is not None)
    assert peer["ratio_median"] > 0 if peer["present"] else "peer absent" in peer["why"]
