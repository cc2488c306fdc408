"""The world as a whole: deterministic, linear, bounded, and causal."""

from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from wallets.engine.world.credit import yearly_default_rate
from wallets.engine.world.simulation import Simulation, simulate
from wallets.engine.world.spec import WorldSpec
from wallets.engine.world.truth import write_truth
from wallets.engine.world.writer import write

SMALL = WorldSpec(businesses=40, months=6, seed=3, mix="demo")


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_the_same_seed_writes_the_same_bytes(tmp_path: Path) -> None:
    for name in ("first", "second"):
        simulation = simulate(SMALL)
        write(simulation.records, tmp_path / name)
        write_truth(simulation.truth, tmp_path / name)
    assert contents(tmp_path / "first") == contents(tmp_path / "second")


def test_another_seed_makes_another_world() -> None:
    other = WorldSpec(businesses=40, months=6, seed=4, mix="demo")
    assert not simulate(SMALL).records.upi_payments.equals(simulate(other).records.upi_payments)


def test_records_grow_in_proportion_to_businesses() -> None:
    sizes = {n: simulate(WorldSpec(businesses=n, months=6, seed=3)).records for n in (200, 400, 800)}
    totals = {n: sum(f.height for f in records.frames().values()) for n, records in sizes.items()}
    assert totals[800] / totals[200] == pytest.approx(4, rel=0.15)
    assert totals[400] / totals[200] == pytest.approx(2, rel=0.15)


@pytest.mark.parametrize(("businesses", "months", "mix"), [(19, 12, "demo"), (20, 0, "demo"), (20, 121, "demo")])
def test_an_impossible_world_is_refused(businesses: int, months: int, mix: str) -> None:
    with pytest.raises(ValueError, match="at least"):
        WorldSpec(businesses=businesses, months=months, seed=1, mix="demo" if mix == "demo" else "development")


@pytest.mark.parametrize("months", [1, 2, 5])
def test_the_smallest_worlds_are_complete(months: int) -> None:
    simulation = simulate(WorldSpec(businesses=20, months=months, seed=1, mix="demo"))
    assert simulation.records.bank_entries.height > 0


def test_the_window_is_whole_months_up_to_the_last_day() -> None:
    records = simulate(WorldSpec(businesses=20, months=3, seed=1, end=date(2026, 6, 17), mix="demo")).records
    days = pl.from_epoch(records.bank_entries["occurred_at"] + 19_800_000_000, time_unit="us").dt.date()
    assert days.min() == date(2026, 3, 1)
    assert date(2026, 6, 16) <= days.max() <= date(2026, 6, 17)


def test_the_development_base_rate_is_realistic(development: Simulation) -> None:
    assert 0.06 <= yearly_default_rate(development.records.outcomes) <= 0.12


def test_mandates_and_payments_of_healthy_firms_seldom_fail(development: Simulation) -> None:
    healthy = development.truth.businesses.filter(pl.col("profile") == "genuine_healthy").select("business")
    entries = development.records.bank_entries
    quarter = pl.col("occurred_at") > pl.col("occurred_at").max() - 90 * 86_400_000_000
    returned = entries.filter(quarter).filter(pl.col("purpose") == "mandate_return").group_by("business").len("count")
    counts = healthy.join(returned, on="business", how="left")["count"].fill_null(0)
    assert counts.median() == 0
    assert counts.mean() < 0.12
    out = development.records.upi_payments.filter(pl.col("direction") == "out").join(healthy, on="business")
    assert (out["status"] == "failed_funds").mean() < 0.08


def test_loans_are_staggered_and_repeated(development: Simulation) -> None:
    loans = development.records.outcomes
    months = pl.from_epoch(loans["disbursed_at"], time_unit="us").dt.truncate("1mo")
    assert months.n_unique() >= 33
    assert loans.group_by("business").len()["len"].max() >= 2
    defaulted = loans.filter(pl.col("defaulted_at").is_not_null())
    assert (defaulted["defaulted_at"] >= defaulted["disbursed_at"] + 90 * 86_400_000_000).all()
    assert (loans["observed_until"] >= loans["disbursed_at"]).all()


def test_default_comes_from_hidden_distress(development: Simulation) -> None:
    loans = development.records.outcomes.with_columns(fell=pl.col("defaulted_at").is_not_null())
    level = development.truth.months.group_by("business").agg(pl.col("health").mean())
    by_fate = dict(loans.join(level, on="business").group_by("fell").agg(pl.col("health").mean()).iter_rows())
    assert by_fate[True] < by_fate[False] - 0.3


def test_default_means_ninety_days_of_unpaid_instalments(development: Simulation) -> None:
    """Whoever defaulted had a mandate returned in the months before; the outcome is not drawn, it happened."""
    fell = development.records.outcomes.filter(pl.col("defaulted_at").is_not_null())
    returned = development.records.bank_entries.filter(pl.col("purpose") == "mandate_return")
    near = fell.join(returned, on="business").filter(
        pl.col("occurred_at").is_between(pl.col("defaulted_at") - 120 * 86_400_000_000, pl.col("defaulted_at"))
    )
    assert near["business"].n_unique() >= 0.95 * fell["business"].n_unique()


def test_distress_delays_returns_and_fails_payments(development: Simulation) -> None:
    level = development.truth.months.group_by("business").agg(pl.col("health").mean())
    returns = development.records.gst_returns.with_columns(late=pl.col("filed_at").fill_null(2**62) > pl.col("due_at"))
    late = returns.group_by("business").agg(pl.col("late").mean()).join(level, on="business")
    assert late.select(pl.corr("late", "health", method="spearman")).item() < -0.3
    out = development.records.upi_payments.filter(pl.col("direction") == "out")
    failing = out.group_by("business").agg(
        funds=(pl.col("status") == "failed_funds").mean(), technical=(pl.col("status") == "failed_technical").mean()
    )
    failing = failing.join(level, on="business")
    assert failing.select(pl.corr("funds", "health", method="spearman")).item() < -0.15
    assert abs(failing.select(pl.corr("technical", "health", method="spearman")).item()) < 0.1


def test_observable_signs_of_stress_predict_default_but_not_perfectly(development: Simulation) -> None:
    """A single plain sign, mandate returns in the quarter before, ranks next year's defaulters above chance."""
    records = development.records
    as_of = int(records.bank_entries["occurred_at"].max() or 0) - 365 * 86_400_000_000
    live = records.outcomes.filter(
        (pl.col("disbursed_at") <= as_of)
        & (pl.col("observed_until") > as_of)
        & (pl.col("defaulted_at").is_null() | (pl.col("defaulted_at") > as_of))
    )
    fate = live.group_by("business").agg(fell=pl.col("defaulted_at").is_not_null().any())
    quarter = records.bank_entries.filter(pl.col("occurred_at").is_between(as_of - 90 * 86_400_000_000, as_of))
    sign = quarter.group_by("business").agg(sign=(pl.col("purpose") == "mandate_return").sum())
    seen = fate.join(sign, on="business", how="left").with_columns(pl.col("sign").fill_null(0))
    fell = seen["fell"].to_numpy()
    rank = seen["sign"].rank().to_numpy()
    area = (rank[fell].sum() - fell.sum() * (fell.sum() + 1) / 2) / (fell.sum() * (~fell).sum())
    assert 0.05 <= fell.mean() <= 0.14
    assert 0.62 <= area <= 0.92


def test_liquidity_moves_month_by_month(development: Simulation) -> None:
    spread = development.truth.months.group_by("business").agg(pl.col("liquidity_paise").n_unique().alias("levels"))
    assert np.median(spread["levels"].to_numpy()) >= 30
