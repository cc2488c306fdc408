import numpy as np
import pytest

from scoring.engine.interval import fit_spread, fit_thin_spread, fit_width, pooled, spread_of


def test_members_that_scatter_alike_are_covered_nine_times_in_ten() -> None:
    chance = np.random.default_rng(8)
    centre = chance.normal(size=20_000)
    scatter = chance.lognormal(-1, 0.4, 20_000)
    margins = centre[:, None] + scatter[:, None] * chance.normal(size=(20_000, 5))
    fitted = fit_spread(margins, chance.integers(0, 5, 20_000))
    assert fitted.coverage == pytest.approx(0.90, abs=0.01)


def test_more_disagreement_means_a_wider_interval() -> None:
    fitted = fit_spread(np.random.default_rng(1).normal(size=(500, 5)), np.arange(500) % 5)
    assert fitted.half_width([0, 1, 2, 3, 4]) > fitted.half_width([0, 0.1, 0.2, 0.3, 0.4]) > 0


def test_a_lone_agreement_is_pooled_with_the_typical_spread() -> None:
    assert spread_of([1.0, 1.0, 1.0]) == 0.0
    assert pooled(0.0, 2.0) == pytest.approx(2.0**0.5)


def test_thin_records_have_a_wider_interval_and_their_own_measured_coverage() -> None:
    chance = np.random.default_rng(3)
    own = np.arange(4000) % 5
    margins = chance.normal(size=(4000, 5))
    common = fit_spread(margins, own)
    apart = margins.copy()
    apart[np.arange(4000), own] *= 2.0
    thin = fit_thin_spread(apart, own, common)
    assert thin.factor > common.factor
    assert thin.coverage == pytest.approx(0.90, abs=0.03)
    assert fit_thin_spread(margins / 2.0, own, common).factor == common.factor
    few = fit_thin_spread(apart[:20], own[:20], common)
    assert few.factor == common.factor
    assert 0.0 <= few.coverage <= 1.0


def test_the_width_of_a_table_holds_the_unseen_twin_nine_times_in_ten() -> None:
    chance = np.random.default_rng(9)
    width = fit_width(chance.normal(size=(20_000, 5)), chance.integers(0, 5, 20_000))
    assert width.coverage == pytest.approx(0.90, abs=0.01)
    assert width.half_width == pytest.approx(1.645 * (1 + 1 / 4) ** 0.5, abs=0.05)
