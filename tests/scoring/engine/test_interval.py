import numpy as np
import pytest

from scoring.engine.interval import fit_spread, pooled, spread_of


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
