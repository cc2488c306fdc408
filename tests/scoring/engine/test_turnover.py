"""Sales among firms like it: the percentile is what plain Python says, finest cell first, and never a population's."""

import json
import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.engine import artefacts
from scoring.engine.features import catalogue
from scoring.engine.turnover import LEAST_FIRMS, SHARES, Cell, Firms, Reference, fit_reference, reference_from
from scoring.services.shipping import SHIPPED

PUNE = Cell("textiles", "27", "micro")
SURAT = Cell("textiles", "24", "micro")
MILL = Cell("textiles", "24", "medium")
FORGE = Cell("iron_steel", "27", "micro")


def firms(*groups: tuple[Cell, int], months: float = 20.0) -> Firms:
    """Of each cell so many firms; firm k sells k + 1 lakh."""
    cells = [cell for cell, count in groups for _ in range(count)]
    sales = np.array([1e5 * (k + 1) for _, count in groups for k in range(count)])
    return Firms(np.arange(len(cells)), sales, np.full(len(cells), months), cells)


def share(reference: Reference, sales: float, cell: Cell) -> float:
    return float(reference.percentiles(np.array([sales]), [cell])[0])


def oracle(sales: float, quantiles: tuple[float, ...]) -> float:
    """Straight lines between the quantiles, by hand."""
    if sales <= quantiles[0]:
        return 0.0
    for place, (low, high) in enumerate(pairwise(quantiles)):
        if sales <= high:
            return (place + (sales - low) / (high - low)) / (len(quantiles) - 1)
    return 1.0


@given(st.floats(min_value=1.0, max_value=2e7))
def test_a_percentile_is_what_an_oracle_says(sales: float) -> None:
    reference = fit_reference(firms((PUNE, 100)), "2025-09-30")
    quantiles = reference.cells["textiles/27/micro"]
    assert len(quantiles) == len(SHARES) == 21
    assert share(reference, sales, PUNE) == pytest.approx(oracle(sales, quantiles), abs=1e-12)


def test_a_cell_of_few_firms_falls_back_to_sector_and_size_then_to_the_sector() -> None:
    reference = fit_reference(firms((PUNE, LEAST_FIRMS), (SURAT, 10), (MILL, 5)), "2025-09-30")
    assert set(reference.cells) == {"textiles/27/micro", "textiles/micro", "textiles"}
    assert share(reference, 15.5e5, PUNE) == pytest.approx(0.5)
    assert share(reference, 15.5e5, SURAT) == oracle(15.5e5, reference.cells["textiles/micro"])
    assert share(reference, 15.5e5, MILL) == oracle(15.5e5, reference.cells["textiles"])


@pytest.mark.parametrize("sales", [math.nan, 0.0, -5.0])
def test_without_sales_there_is_no_percentile(sales: float) -> None:
    reference = fit_reference(firms((PUNE, 50)), "2025-09-30")
    assert math.isnan(share(reference, sales, PUNE))


def test_a_sector_nobody_was_fitted_on_has_none() -> None:
    assert math.isnan(share(fit_reference(firms((PUNE, 50)), "2025-09-30"), 1e6, FORGE))


def test_young_firms_and_repeated_rows_make_no_reference() -> None:
    assert fit_reference(firms((PUNE, 50), months=8.0), "2025-09-30").cells == {}
    one = Firms(np.zeros(90, dtype=np.int64), np.arange(1.0, 91.0), np.full(90, 20.0), [PUNE] * 90)
    assert fit_reference(one, "2025-09-30").cells == {}


def test_one_firm_and_many_have_the_same_bits() -> None:
    reference = fit_reference(firms((PUNE, 60), (SURAT, 60)), "2025-09-30")
    sales = np.random.default_rng(3).lognormal(14, 1, 40)
    cells = [PUNE, SURAT] * 20
    many = reference.percentiles(sales, cells)
    assert [share(reference, *pair) for pair in zip(sales.tolist(), cells, strict=True)] == many.tolist()


def test_it_survives_json() -> None:
    reference = fit_reference(firms((PUNE, 60)), "2025-09-30")
    assert reference_from(json.loads(json.dumps(reference.document()))) == reference
    with pytest.raises(ValueError, match=r"turnover\.json"):
        reference_from({"fitted_on": "2025-09-30", "cells": []})


def test_the_shipped_reference_is_dated_named_in_the_manifest_and_muted_in_the_model() -> None:
    folder = next(path.parent for path in SHIPPED.glob(f"*/{artefacts.MANIFEST}"))
    files = artefacts.read(folder)
    assert files.document("turnover.json")["fitted_on"] == "2025-09-30"
    assert "turnover.json" in files.document(artefacts.MANIFEST)["files"]  # with its digest: `read` compares them
    assert "sector_relative_turnover" in catalogue.informative()
    assert files.document("metrics.json")["importance"]["sector_relative_turnover"] == 0.0
