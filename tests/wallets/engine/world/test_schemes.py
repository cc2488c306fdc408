"""Frauds that are no rings, and the marketplace that looks like a mule hub: each is really there, in the records."""

import numpy as np
import polars as pl
import pytest

from wallets.engine.world.simulation import Simulation

HOUR = 3_600_000_000
DAY = 24 * HOUR
LINE = 5_000_000
KEYS = {"gst_invoices": "invoice_number", "eway_bills": "number", "upi_payments": "reference"}
TAX = pl.sum_horizontal("igst_paise", "cgst_paise", "sgst_paise")


@pytest.fixture(scope="module", params=["demo", "development"])
def world(request: pytest.FixtureRequest) -> Simulation:
    simulation: Simulation = request.getfixturevalue(request.param)
    return simulation


def cases(world: Simulation, typology: str) -> pl.DataFrame:
    """The frauds of a kind, one row per member."""
    found = world.truth.frauds.filter(pl.col("typology") == typology)
    assert found.height > 0
    return found.explode("members").rename({"members": "business"})


def evidence(world: Simulation, typology: str, record: str) -> pl.DataFrame:
    """The rows of the records that the truth names for a kind of fraud, with its interval."""
    named = world.truth.fraud_records.filter(pl.col("record") == record)
    mine = cases(world, typology).join(named, on=["fraud", "business"])
    shown = world.records.frames()[record]
    if record == "gst_invoices":  # a supplier of theirs may use the same number
        shown = shown.filter(pl.col("direction") == "out")
    rows = mine.join(shown, left_on=["business", "key"], right_on=["business", KEYS[record]], how="inner")
    return rows.filter(pl.col("occurred_at").is_between(pl.col("starts_at"), pl.col("ends_at")))


@pytest.mark.parametrize("record", KEYS)
def test_every_record_named_in_the_truth_exists(world: Simulation, record: str) -> None:
    named = world.truth.fraud_records.filter(pl.col("record") == record)
    rows = world.records.frames()[record].select("business", KEYS[record])
    assert named.height > 0
    assert named.join(rows, left_on=["business", "key"], right_on=["business", KEYS[record]], how="anti").is_empty()
    assert named.join(world.truth.frauds, on="fraud", how="anti").is_empty()


def test_only_the_crooked_commit_them(world: Simulation) -> None:
    members = world.truth.frauds.explode("members").rename({"members": "business"})
    profiles = members.join(world.truth.businesses, on="business")["profile"]
    assert profiles.is_in(["paper_trader", "shell_circular"]).all()


def test_the_strangers_money_leaves_a_mule_hub_within_two_days(world: Simulation) -> None:
    hub = world.truth.frauds.filter(pl.col("typology") == "mule_hub").row(0, named=True)["members"][0]
    members = cases(world, "mule_hub")["business"].to_list()
    rows = evidence(world, "mule_hub", "upi_payments")
    through = rows.filter(pl.col("business") == hub)
    paid_in = through.filter(pl.col("direction") == "in")
    paid_out = through.filter(pl.col("direction") == "out")
    assert set(paid_in["counterparty"]) <= set(members)
    assert paid_out["counterparty"].null_count() == paid_out.height > 10
    left = paid_out["amount_paise"].sum() / paid_in["amount_paise"].sum()
    assert 0.93 < left < 1.0
    arrivals, leavings = np.sort(paid_in["occurred_at"].to_numpy()), np.sort(paid_out["occurred_at"].to_numpy())
    held = leavings - arrivals[np.maximum(np.searchsorted(arrivals, leavings) - 1, 0)]
    assert held.max() < 48 * HOUR
    assert world.records.gst_invoices.filter(
        pl.col("business").is_in(members) & (pl.col("direction") == "out")
    ).is_empty()
    ring_members = world.truth.rings["members"].explode()
    assert not set(members) & set(ring_members)


def test_split_invoices_share_day_and_buyer_and_stay_under_the_line(world: Simulation) -> None:
    rows = evidence(world, "split_invoices", "gst_invoices")
    groups = rows.with_columns(total=pl.col("taxable_paise") + TAX).group_by(
        "business", "counterparty_gstin", "occurred_at"
    )
    sums = groups.agg(pl.col("total").sum(), pl.len().alias("parts"), pl.col("total").max().alias("largest"))
    assert (sums["largest"] < LINE).all()
    assert sums.filter((pl.col("parts") >= 2) & (pl.col("total") > LINE)).height > 0.9 * sums.height


def test_a_ghost_sends_goods_and_files_nothing(world: Simulation) -> None:
    assert evidence(world, "ghost_entity", "eway_bills").height > 0
    due = cases(world, "ghost_entity").join(world.records.gst_returns, on="business")
    assert due.height == due["filed_at"].null_count() > 0


def test_repurposed_codes_belong_to_another_chapter_than_the_registered_one(world: Simulation) -> None:
    rows = evidence(world, "hsn_repurposing", "gst_invoices")
    registered = world.records.businesses.select("business", registered=pl.col("hsn").str.head(2))
    chapters = rows.join(registered, on="business")
    assert (chapters["hsn"].str.head(2) != chapters["registered"]).all()


def test_turnover_bursts_come_before_a_loan(world: Simulation) -> None:
    for case in cases(world, "turnover_burst").iter_rows(named=True):
        sold = world.records.gst_invoices.filter(
            (pl.col("business") == case["business"]) & (pl.col("direction") == "out")
        )
        during = sold.filter(pl.col("occurred_at").is_between(case["starts_at"], case["ends_at"]))
        days = (case["ends_at"] + 1 - case["starts_at"]) / DAY
        before = sold.filter(pl.col("occurred_at").is_between(case["starts_at"] - 90 * DAY, case["starts_at"] - 1))
        named = world.truth.fraud_records.filter(pl.col("fraud") == case["fraud"])
        if days < 59 or before.height < 3:
            continue  # cut by the beginning of the records
        assert named.height >= 12
        assert during["taxable_paise"].sum() / days > 1.5 * before["taxable_paise"].sum() / 90


def test_clockwork_money_keeps_its_interval_to_the_second(world: Simulation) -> None:
    rows = evidence(world, "robotic_cadence", "upi_payments").filter(pl.col("direction") == "in")
    for _, mine in rows.sort("occurred_at").group_by("business"):
        gaps = mine["occurred_at"].diff().drop_nulls()
        assert gaps.n_unique() == 1
        assert mine["amount_paise"].n_unique() == 1
        assert len(gaps) > 100


def test_a_sleeper_sells_nothing_for_months_and_then_wakes(world: Simulation) -> None:
    rows = evidence(world, "dormant_reactivation", "gst_invoices")
    for (_, starts_at), mine in rows.group_by("business", "starts_at"):
        assert int(mine["occurred_at"].min() or 0) - int(str(starts_at)) > 200 * DAY


def test_a_marketplace_pays_its_sellers_on_within_two_days(world: Simulation) -> None:
    groups = world.truth.hard_negatives.filter(pl.col("kind") == "marketplace")["members"].to_list()
    upi = world.records.upi_payments.filter(pl.col("status") == "success")
    for host, *sellers in groups:
        paid = upi.filter(
            (pl.col("business") == host) & (pl.col("direction") == "out") & pl.col("counterparty").is_in(sellers)
        )
        taken = upi.filter((pl.col("business") == host) & (pl.col("direction") == "in") & (pl.col("kind") == "P2M"))
        assert paid["counterparty"].n_unique() >= 5
        assert 0.3 < paid["amount_paise"].sum() / taken["amount_paise"].sum() < 1.0


def test_exports_bear_no_tax_and_have_no_registered_buyer(development: Simulation) -> None:
    sold = development.records.gst_invoices.filter(pl.col("kind") == "EXP")
    assert sold.height > 100
    assert sold["counterparty_gstin"].null_count() == sold.height
    assert sold.select((TAX + pl.col("rate_bp")).sum()).item() == 0
    assert (sold["place_of_supply"] == 96).all()
