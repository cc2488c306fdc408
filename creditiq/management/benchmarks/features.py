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
EVENTS = 100
"""Records a business, the density of the measurements this one is compared with."""
SAMPLE = 400
"""Businesses the peer does; its time for all is that, extrapolated linearly."""
WINDOWS = (7, 30, 90)
REFRESHED, REFRESHES = 25, 8
Frames = dict[str, pl.DataFrame]


def run(*, sizes: list[int], rounds: int) -> dict[str, object]:
    """Growing populations made of copies of one world, thinned to `EVENTS` records a business."""
    world = demo_world(businesses=WORLD, months=MONTHS, seed=SEED, end=END)
    thin = _thinned(world)
    timings = [_timing(thin, size, rounds) for size in sizes or [1_000, 10_000, 100_000]]
    last = timings[-1]
    count = len(catalogue.measured())
    return report(
        "features",
        timings,
        rounds,
        {
            "peer_is": f"a Polars filter per GSTIN and table, {SAMPLE} businesses, extrapolated linearly",
            "events_per_business": round(sum(thin[name].height for name in STREAMS) / WORLD),
            "features": count,
            "features_per_second": round(last.size * count / last.ours),
            "businesses_per_second": round(last.size / last.ours),
            "refresh_of_one_business": _refresh(world),
        },
    )


def _timing(world: Frames, size: int, rounds: int) -> Timing:
    frames = _copies(world, -(-size // WORLD))
    total = frames["businesses"].height
    some = [_gstin(business) for business in frames["businesses"]["business"].head(SAMPLE)]
    evidence = _evidence(frames)
    keyed = {name: frames[name].with_columns(gstin=_gstins()) for name in STREAMS}
    return held(
        Contest(
            total,
            ours=lambda: measure_all(evidence, AS_OF),
            peer=lambda: [_one_by_one(keyed, gstin) for gstin in some],
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


def _one_by_one(frames: Frames, gstin: str) -> list[float]:
    """What the source system does for one business, at its least: filter each table, add up each window."""
    sums = []
    for name in STREAMS:
        mine = frames[name].filter(pl.col("gstin") == gstin)
        for days in WINDOWS:
            recent = mine.filter(pl.col("occurred_at").is_between(AS_OF - days * DAY, AS_OF))
            sums.append(float(recent.height))
    return sums


def _thinned(world: Frames) -> Frames:
    """Every so-manieth record of each stream, so that a business has `EVENTS` of them."""
    every = max(1, round(sum(world[name].height for name in STREAMS) / (EVENTS * WORLD)))
    return {name: frame.gather_every(every) if name in STREAMS else frame for name, frame in world.items()}


def _gstin(business: int) -> str:
    return f"27AAACC{business:07d}Z"


def _gstins() -> pl.Expr:
    """The text key of the source system's tables, as `_gstin` writes it."""
    return pl.format("27AAACC{}Z", pl.col("business").cast(pl.String).str.zfill(7))


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
