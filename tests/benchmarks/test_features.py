"""The benchmark of features runs, small, and says what it measured."""

from tests.benchmarks import features


def test_batch_names_its_peer_and_beats_it() -> None:
    found = features.batch(400, sample=10, rounds=2)
    assert found["events"] == 400 * 106
    assert "filter per business" in str(found["peer"])
    assert {"ratio", "peak_mb", "events_per_second", "peer_extrapolated_from"} <= set(found)


def test_growth_and_online_report_their_sizes() -> None:
    assert [row["businesses"] for row in features.growth((50, 100))] == [50, 100]
    assert features.online(firms=2, repeats=3)["events_per_business"] > 200
