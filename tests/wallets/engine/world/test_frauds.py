"""The planted frauds and the honest business that looks like them."""

import numpy as np
import polars as pl
import pytest

from wallets.engine.world.simulation import Simulation

HOUR = 3_600_000_000


@pytest.fixture(scope="module", params=["demo", "development"])
def world(request: pytest.FixtureRequest) -> Simulation:
    simulation: Simulation = request.getfixturevalue(request.param)
    return simulation


def test_the_mixture_keeps_its_shares(demo: Simulation, development: Simulation) -> None:
    shares = dict(demo.truth.businesses["profile"].value_counts().iter_rows())
    assert shares["genuine_healthy"] == 100
    assert 60 <= shares["genuine_struggling"] <= 64
    assert 36 <= shares["shell_circular"] <= 39
    assert shares["paper_trader"] == 25
    crooked = development.truth.businesses["profile"].is_in(["shell_circular", "paper_trader"]).mean()
    assert 0 < crooked <= 0.02


def test_rings_have_three_to_six_members_of_their_own(world: Simulation) -> None:
    members = world.truth.rings["members"]
    assert members.list.len().is_between(3, 6).all()
    assert members.explode().is_duplicated().sum() == 0
    profile = world.truth.businesses.filter(pl.col("business").is_in(members.explode().implode()))["profile"]
    assert (profile == "shell_circular").all()


def test_ring_transfers_are_observable_payments_with_both_legs(world: Simulation) -> None:
    records, truth = world.records, world.truth.transfers
    upi = records.upi_payments.select("business", "reference", "direction", "amount_paise")
    bank = records.bank_entries.select(
        "business",
        pl.col("reference").str.tail(12),
        pl.col("direction").replace({"debit": "out", "credit": "in"}),
        "amount_paise",
    )
    seen = pl.concat([upi, bank])
    for side, direction in (("payer", "out"), ("payee", "in")):
        legs = seen.filter(pl.col("direction") == direction)
        found = truth.join(
            legs, left_on=[side, "reference", "amount_paise"], right_on=["business", "reference", "amount_paise"]
        )
        assert found.height == truth.height > 0


def test_rings_are_cycles_forward_in_time_that_keep_most_of_the_money(world: Simulation) -> None:
    for ring in world.truth.rings.iter_rows(named=True):
        transfers = world.truth.transfers.filter(pl.col("ring") == ring["ring"])
        assert set(transfers["payer"]) | set(transfers["payee"]) <= set(ring["members"])
        assert transfers["occurred_at"].is_between(ring["starts_at"], ring["ends_at"] + 72 * HOUR).all()
        found = [lap for _, lap in transfers.sort("occurred_at").group_by("lap", maintain_order=True)]
        assert len(found) >= 3
        for lap in found[:-1]:  # the last may be cut by the end of the world
            assert lap["occurred_at"].max() - lap["occurred_at"].min() <= 72 * HOUR
            follow_the_money(lap)


def follow_the_money(lap: pl.DataFrame) -> None:
    """Walk one lap: every hop leaves from where the money is, and 85 % of it comes home to the first payer."""
    hops = lap.group_by("payer", "payee", maintain_order=True).agg(
        pl.col("amount_paise").sum(), first=pl.col("occurred_at").min(), last=pl.col("occurred_at").max()
    )
    payers, payees = hops["payer"].to_list(), hops["payee"].to_list()
    assert payees == [*payers[1:], payers[0]]
    assert len(payers) >= 3
    assert (hops["last"].to_numpy()[:-1] < hops["first"].to_numpy()[1:]).all()
    amounts = hops["amount_paise"].to_numpy()
    assert amounts.min() >= 0.849 * amounts[0]
    assert amounts.max() <= 1.0001 * amounts[0]


def test_paper_traders_move_goods_nowhere(world: Simulation) -> None:
    paper = world.truth.businesses.filter(pl.col("profile") == "paper_trader").select("business")
    bills = world.records.eway_bills.filter(pl.col("direction") == "out")
    on_paper, honest = bills.join(paper, on="business"), bills.join(paper, on="business", how="anti")
    assert on_paper["distance_km"].is_between(1, 5).all()
    assert honest["distance_km"].median() > 60
    chapters = on_paper.group_by("business").agg(pl.col("hsn").str.head(2).n_unique().alias("chapters"))
    assert chapters["chapters"].median() >= 4


def test_structuring_piles_up_just_under_the_line(world: Simulation) -> None:
    paper = world.truth.businesses.filter((pl.col("profile") == "paper_trader") & (pl.col("business") % 2 == 0))
    bills = world.records.eway_bills.filter(pl.col("direction") == "out").join(paper, on="business")
    assert bills["value_paise"].is_between(4_500_000, 4_999_999).mean() > 0.95


def test_hard_negatives_are_honest_and_do_what_they_say(world: Simulation) -> None:
    kinds = set(world.truth.hard_negatives["kind"])
    assert kinds == {"mutual_trade", "supply_loop", "family_circle", "payroll_hub", "marketplace"}
    honest = world.truth.hard_negatives.explode("members").rename({"members": "business"})
    profiles = honest.join(world.truth.businesses, on="business")["profile"]
    assert not profiles.is_in(["shell_circular", "paper_trader"]).any()


def test_mutual_traders_really_sell_to_each_other(world: Simulation) -> None:
    owner = world.records.businesses.select(counterparty_gstin="gstin", other="business")
    sold = world.records.gst_invoices.filter(pl.col("direction") == "out").join(owner, on="counterparty_gstin")
    pairs = set(sold.select("business", "other").unique().iter_rows())
    groups = world.truth.hard_negatives.filter(pl.col("kind").is_in(["mutual_trade", "supply_loop"]))[
        "members"
    ].to_list()
    found = [all((a, b) in pairs for a, b in zip(g, [*g[1:], g[0]], strict=True)) for g in groups]
    assert np.mean(found) > 0.6


def test_payroll_hubs_pay_many_people(world: Simulation) -> None:
    hubs = world.truth.hard_negatives.filter(pl.col("kind") == "payroll_hub")["members"].explode()
    out = world.records.upi_payments.filter((pl.col("direction") == "out") & pl.col("business").is_in(hubs.implode()))
    assert (out.group_by("business").agg(pl.col("counterparty_vpa").n_unique())["counterparty_vpa"] >= 12).all()
