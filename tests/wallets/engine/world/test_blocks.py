"""A large world in blocks: the same bytes whoever makes them, and nothing in it twice."""

from pathlib import Path

import polars as pl
import pytest

from wallets.engine.world.blocks import blocks, simulate_block, write_block
from wallets.engine.world.simulation import simulate
from wallets.engine.world.spec import WorldSpec

LARGE = WorldSpec(businesses=130, months=3, seed=6)
UNIQUE = {"businesses": ("business", "gstin", "pan", "udyam"), "vpas": ("vpa",)}


def test_blocks_share_out_all_businesses() -> None:
    made = blocks(LARGE, 50)
    assert sum(block.businesses for block in made) == 130
    assert [block.first for block in made] == [0, 44, 87]
    assert max(block.businesses for block in made) <= 50


def test_nothing_is_numbered_twice_in_the_whole_world() -> None:
    worlds = [simulate_block(block) for block in blocks(LARGE, 50)]
    for frame, columns in UNIQUE.items():
        whole = pl.concat([made.records.frames()[frame] for made in worlds])
        assert all(whole[column].is_duplicated().sum() == 0 for column in columns)
    bills = pl.concat([made.records.eway_bills for made in worlds])
    assert bills.select("business", "number").is_duplicated().sum() == 0
    of_block = [set(made.records.eway_bills["number"]) for made in worlds]
    assert not of_block[0] & of_block[1]
    accounts = pl.concat([made.records.bank_entries for made in worlds]).select("business", "account").unique()
    assert accounts["account"].n_unique() == accounts["business"].n_unique() == 130
    outsiders = [set(made.records.gst_invoices["supplier_gstin"]) for made in worlds]
    assert not outsiders[0] & outsiders[1]
    people = [set(made.records.upi_payments["counterparty_vpa"]) for made in worlds]
    assert not people[1] & people[2]


def test_records_and_truth_name_the_businesses_of_their_block() -> None:
    block = blocks(LARGE, 50)[1]
    made = simulate_block(block)
    own = range(block.first, block.first + block.businesses)
    for frame in (*made.records.frames().values(), made.truth.businesses, made.truth.months):
        assert frame["business"].is_between(own[0], own[-1]).all()
    assert made.records.upi_payments["counterparty"].drop_nulls().is_between(own[0], own[-1]).all()
    assert made.truth.hard_negatives["members"].explode().is_between(own[0], own[-1]).all()


def test_a_block_has_the_same_bytes_whoever_makes_it_and_in_whatever_order(tmp_path: Path) -> None:
    order = blocks(LARGE, 50)
    for folder, plan in (("one", order), ("two", order[::-1])):
        for block in plan:
            write_block(block, tmp_path / folder)
    found = {
        folder: {
            str(path.relative_to(tmp_path / folder)): path.read_bytes() for path in (tmp_path / folder).rglob("*.*")
        }
        for folder in ("one", "two")
    }
    assert found["one"] == found["two"]
    assert len(found["one"]) == 3 * (9 + 5)


def test_the_first_block_of_one_is_the_world_itself() -> None:
    (only,) = blocks(LARGE, 200)
    assert simulate_block(only).records.upi_payments.equals(simulate(LARGE).records.upi_payments)


def test_the_demo_and_tiny_blocks_are_refused() -> None:
    with pytest.raises(ValueError, match="one block"):
        blocks(WorldSpec(businesses=100, months=3, seed=1, mix="demo"), 50)
    with pytest.raises(ValueError, match="at least 20"):
        blocks(LARGE, 10)
