"""One firm measured online gives the bits of the batch."""

import threading

import pytest

from scoring.engine.features import catalogue
from scoring.engine.measure import NOTE_CASH_IS_ESTIMATE, Vector, measure, measure_all, measure_population
from tests.scoring.engine.features.random_evidence import AS_OF, Rows, random_rows, tables


def firm(rows: Rows, business: int) -> Rows:
    return {frame: [row for row in frame_rows if row["business"] == business] for frame, frame_rows in rows.items()}


@pytest.mark.parametrize("seed", [5, 6])
def test_online_equals_batch_to_the_last_bit(seed: int) -> None:
    rows = random_rows(seed=seed, businesses=25)
    batch = measure_all(tables(rows), AS_OF)
    for business in range(25):
        vector = measure(tables(firm(rows, business)), AS_OF)
        assert vector.values == batch.row(business)[1:]


def test_a_vector_names_its_columns_moment_and_lock() -> None:
    vector = measure(tables(random_rows(seed=1, businesses=1)), AS_OF)
    assert vector.names == tuple(entry.name for entry in catalogue.measured())
    assert (vector.as_of, vector.lock) == (AS_OF, catalogue.lock_digest())
    assert vector.mapping()["gst_30d_value"] == vector.values[vector.names.index("gst_30d_value")]


def test_measuring_leaves_nothing_behind_for_the_next_firm() -> None:
    full = tables(random_rows(seed=1, businesses=1))
    empty = tables({"businesses": [{"business": 0, "deals_in_goods": True, "quarterly_filer": False}]})
    before = measure(full, AS_OF)
    assert set(measure(empty, AS_OF).values) == {None, 0.0}
    assert measure(full, AS_OF) == before


def test_cash_guessed_from_upi_flows_is_noted() -> None:
    rows = random_rows(seed=2, businesses=1, scale=40)
    shared = measure(tables(rows), AS_OF)
    guessed = measure(tables(rows | {"bank_entries": []}), AS_OF)
    assert rows["bank_entries"]
    assert shared.notes == ()
    assert guessed.notes == (NOTE_CASH_IS_ESTIMATE,)
    notes = measure_population(tables(rows | {"bank_entries": []}), AS_OF).notes
    assert notes[NOTE_CASH_IS_ESTIMATE].to_list() == [1.0]


def test_measure_refuses_several_businesses() -> None:
    with pytest.raises(ValueError, match="one business"):
        measure(tables(random_rows(seed=1, businesses=2)), AS_OF)


def test_threads_share_the_warm_connection_safely() -> None:
    evidence = tables(random_rows(seed=4, businesses=1))
    expected = measure(evidence, AS_OF)
    found: list[Vector] = []
    threads = [threading.Thread(target=lambda: found.append(measure(evidence, AS_OF))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 6
