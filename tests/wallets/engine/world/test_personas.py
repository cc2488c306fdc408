"""The three demo businesses whose stories are promised."""

import polars as pl
import pytest

from wallets.engine.world.simulation import Simulation, simulate
from wallets.engine.world.spec import WorldSpec

DAY = 86_400_000_000


@pytest.fixture(scope="module", params=[1, 2, 42])
def world(request: pytest.FixtureRequest) -> Simulation:
    return simulate(WorldSpec(businesses=250, months=18, seed=request.param, mix="demo"))


def late_months(world: Simulation, business: int) -> int:
    returns = world.records.gst_returns.filter((pl.col("business") == business) & (pl.col("return_type") == "GSTR3B"))
    last = returns.sort("period").tail(12)
    return int(last.select((pl.col("filed_at").fill_null(2**62) > pl.col("due_at")).sum()).item())


def outcome(world: Simulation, business: int) -> pl.DataFrame:
    return world.records.outcomes.filter(pl.col("business") == business)


def failures(world: Simulation, business: int) -> int:
    bank = world.records.bank_entries.filter(pl.col("business") == business)
    upi = world.records.upi_payments.filter(pl.col("business") == business)
    returned = bank.filter(pl.col("purpose").is_in(["mandate_return", "cheque_return"])).height
    return returned + upi.filter(pl.col("status") == "failed_funds").height


def test_the_good_one_is_young_punctual_and_solvent(world: Simulation) -> None:
    row = world.records.businesses.row(0, named=True)
    months = (int(world.records.bank_entries["occurred_at"].max() or 0) - row["registered_at"]) / (30.44 * DAY)
    assert 19 <= months <= 21
    assert (row["sector"], row["deals_in_goods"]) == ("machinery", True)
    assert late_months(world, 0) == 0
    assert failures(world, 0) == 0
    assert outcome(world, 0)["defaulted_at"].null_count() == outcome(world, 0).height == 1


def test_the_strained_one_is_late_and_short_but_alive_and_honest(world: Simulation) -> None:
    assert 3 <= late_months(world, 1) <= 5
    assert failures(world, 1) >= 3
    assert outcome(world, 1)["defaulted_at"].null_count() == outcome(world, 1).height == 1
    assert world.truth.businesses.row(1, named=True)["ring"] is None
    assert not world.truth.hard_negatives["members"].list.contains(1).any()


def test_the_third_works_a_ring_that_runs_through_a_hub_to_the_end(world: Simulation) -> None:
    ring = world.truth.rings.filter(pl.col("members").list.contains(2)).row(0, named=True)
    assert ring["typology"] == "hub"
    transfers = world.truth.transfers.filter(pl.col("ring") == ring["ring"])
    hub = ring["members"][0]
    touching = transfers.filter((pl.col("payer") == 2) | (pl.col("payee") == 2))
    assert touching.height >= 60
    assert transfers.filter(pl.col("payer") == hub).height >= 40
    ends = int(world.records.bank_entries["occurred_at"].max() or 0)
    assert int(touching["occurred_at"].max() or 0) > ends - 21 * DAY
