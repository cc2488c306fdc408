"""A few thousand businesses are measured, the country is reckoned by how the cost grew, never by less than a line."""

import pytest

from creditiq.management.benchmarks import scale


def test_growth_and_the_country_are_printed() -> None:
    report = scale.run(sizes=[100, 200, 400], rounds=1)

    assert report["name"] == "scale"
    assert set(report["growth"]) == {"features", "explanations", "cycles"}
    country = report["country"]
    assert country["features_seconds"] > report["ours"][-1] * scale.BUSINESSES / 400 * 0.99
    assert country["window_gb"] == 399
    assert country["machines_of_the_window"] == 2


def test_what_grows_with_the_square_is_not_carried_on_as_a_line() -> None:
    sizes, seconds = [10, 100, 1_000], [0.01, 1.0, 100.0]

    assert scale.exponent(sizes, seconds) == pytest.approx(2.0)
    assert scale.extrapolated(sizes, seconds, 10_000) == pytest.approx(10_000.0)
    assert scale.extrapolated([10, 100], [1.0, 1.0], 1_000) == pytest.approx(10.0)
