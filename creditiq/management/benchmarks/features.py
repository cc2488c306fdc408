"""Features per second of a whole population, against one Polars filter per business and table."""

import statistics
import time
from datetime import UTC, date, datetime, timedelta

import polars as pl

from creditiq.kernel.clock import DAY, micros
from creditiq.management.benchmarks.comparison import Contest, Timing, held, report
from scoring.engine.features import catalogue
from scoring.engine.measure import Evidence, measure, measure_all
from scoring.services.measuring import STREAMS
from wallets.services import demo_world

WORLD, MONTHS, SEED = 250, 18, 11
END = date(2026, 9, 30)
AS_OF = micros(datetime(END.year, END.month, END.day, tzinfo=UTC) + timedelta(days=1))
SAMPLE = 400
"""Businesses the peer does; its time for all is that, extrapolated linearly."""
WINDOWS = (7, 30, 90)
REFRESHED, REFRESHES = 25, 8
Frames = dict[str, pl.DataFrame]


def run(*, sizes: list[int], rounds: int) -> dict[str, object]:
    """Growing populations made of copies of one world."""
    world = demo_world(businesses=WORLD, months=MONTHS, seed=SEED, end=END)
    timings = [_timing(world, size, rounds) for size in sizes or [500, 2_500, 10_000]]
    last = timings[-1]
    count = len(catalogue.measured())
    return report(
        "features",
        timings,
        rounds,
        {
            "peer_is": f"a Polars filter per business and table, {SAMPLE} businesses, extrapolated linearly",
            "features": count,
            "features_per_second": round(last.size * count / last.ours),
            "businesses_per_second": round(last.size / last.ours),
            "refresh_of_one_business": _refresh(world),
        },
    )


def _timing(world: Frames, size: int, rounds: int) -> Timing:
    frames = _copies(world, -(-size // WORLD))
    total = frames["businesses"].height
    some = frames["businesses"]["business"].head(SAMPLE).to_list()
    evidence = _evidence(frames)
    return held(
        Contest(
            total,
            ours=lambda: measure_all(evidence, AS_OF),
            peer=lambda: [_one_by_one(frames, business) for business in some],
            share=len(some) / total,
        ),
        rounds,
    )


def _refresh(world: Frames) -> dict[str, float]:
    """Milliseconds to measure one business anew after something arrived, on the warm engine, over some businesses."""
    chosen = world["businesses"]["business"].head(REFRESHED).to_list()
    firms = [
        _evidence({name: frame.filter(pl.col("business") == one) for name, frame in world.items()}) for one in chosen
    ]
    measure(firms[0], AS_OF)
    spent = [_milliseconds(firm) for _ in range(REFRESHES) for firm in firms]
    p50, p95 = statistics.median(spent), statistics.quantiles(spent, n=20)[-1]
    rows = statistics.median(sum(firm.frames()[name].num_rows for name in STREAMS) for firm in firms)
    return {"businesses": len(firms), "rows_median": rows, "p50_ms": round(p50, 2), "p95_ms": round(p95, 2)}


def _milliseconds(firm: Evidence) -> float:
    started = time.perf_counter()
    measure(firm, AS_OF)
    return 1000 * (time.perf_counter() - started)


def _evidence(frames: Frames) -> Evidence:
    tables = {name: frames[name].to_arrow() for name in ("businesses", *STREAMS)}
    return Evidence(**tables, network=_no_network(frames["businesses"]).to_arrow())


def _one_by_one(frames: Frames, business: int) -> list[float]:
    """What the source system does for one business, at its least: filter each table, add up each window."""
    sums = []
    for name in STREAMS:
        mine = frames[name].filter(pl.col("business") == business)
        for days in WINDOWS:
            recent = mine.filter(pl.col("occurred_at").is_between(AS_OF - days * DAY, AS_OF))
            sums.append(float(recent.height))
    return sums


def _copies(world: Frames, times: int) -> Frames:
    """The world `times` over, its businesses renumbered."""
    step = pl.lit(WORLD, dtype=pl.Int64)
    return {
        name: pl.concat([frame.with_columns(pl.col("business") + step * copy) for copy in range(times)])
        for name, frame in world.items()
    }


def _no_network(businesses: pl.DataFrame) -> pl.DataFrame:
    return businesses.select("business", *(pl.lit(None, pl.Float64).alias(name) for name in NETWORK_COLUMNS))


NETWORK_COLUMNS = tuple(entry.name for entry in catalogue.measured() if entry.family == "network")
