"""Speed of the features: batch against the source system's way, growth over sizes, and one firm online.

The source system filters every table once per business; its time is measured on some firms of the same evidence and
extrapolated linearly, and the answer says so.
"""

import resource
import time
from collections.abc import Callable, Sequence
from statistics import median, quantiles

import polars as pl

from scoring.engine.features import catalogue
from scoring.engine.measure import Evidence, Execution, measure, measure_all
from tests.benchmarks.feature_rows import AS_OF, events, evidence, of_one


def batch(businesses: int = 20_000, *, sample: int = 400, rounds: int = 5) -> dict[str, object]:
    """All features of a population, interleaved with the source system's method on `sample` firms."""
    whole = evidence(businesses)
    frames = {name: _by_gstin(pl.DataFrame(pl.from_arrow(rows))) for name, rows in whole.frames().items()}
    before = _resident_mb()
    ours, theirs = [], []
    for turn in range(rounds):
        ours.append(_seconds(lambda: measure_all(whole, AS_OF)))
        firms = range(turn * sample // rounds, (turn + 1) * sample // rounds)
        theirs.append(_seconds(lambda chosen=firms: _filter_each(frames, chosen)) / len(firms) * businesses)
    records = events(whole)
    return {
        "businesses": businesses,
        "events": records,
        "features": len(catalogue.measured()),
        "rounds": rounds,
        "seconds": round(median(ours), 3),
        "events_per_second": round(records / median(ours)),
        "businesses_per_second": round(businesses / median(ours)),
        "peak_mb": _resident_mb(),
        "resident_before_mb": before,
        "peer": "one Polars filter per business and table, as the source system does",
        "peer_seconds": round(median(theirs), 1),
        "peer_extrapolated_from": sample,
        "ratio": round(median(their / our for our, their in zip(ours, theirs, strict=True)), 1),
    }


def growth(sizes: Sequence[int] = (2_000, 8_000, 32_000)) -> list[dict[str, float]]:
    """Seconds at several sizes, one shard per 50,000 firms."""
    found = []
    for size in sizes:
        whole = evidence(size)
        execution = Execution(shards=1 + size // 50_000)
        seconds = _seconds(lambda one=whole, how=execution: measure_all(one, AS_OF, how))
        found.append({"businesses": size, "events": events(whole), "seconds": round(seconds, 3)})
    return found


def online(*, firms: int = 20, repeats: int = 10, days: int = 540) -> dict[str, float]:
    """Milliseconds to measure one firm with a few hundred records on the warm connection."""
    whole = evidence(firms * 3, days=days)
    singles = [_thrice(of_one(whole, business)) for business in range(firms)]
    measure(singles[0], AS_OF)
    spent = [_seconds(lambda one=single: measure(one, AS_OF)) * 1000 for single in singles for _ in range(repeats)]
    return {
        "events_per_business": events(singles[0]),
        "p50_ms": round(median(spent), 2),
        "p95_ms": round(quantiles(spent, n=20)[-1], 2),
    }


def features(businesses: int = 20_000) -> dict[str, object]:
    """Batch, growth and online in one answer."""
    return {"batch": batch(businesses), "growth": growth(), "online": online()}


def _thrice(single: Evidence) -> Evidence:
    """The firm with every record three times over: about three hundred of them."""
    once = ("businesses", "network", "gst_returns")
    return Evidence(
        **{
            name: rows if name in once else pl.concat([pl.DataFrame(pl.from_arrow(rows))] * 3).to_arrow()
            for name, rows in single.frames().items()
        }
    )


def _gstin(firm: int) -> str:
    return f"27AAA{firm:07d}1Z5"


def _by_gstin(frame: pl.DataFrame) -> pl.DataFrame:
    """The source system's key is the GSTIN, a text."""
    key = pl.format("27AAA{}1Z5", pl.col("business").cast(pl.String).str.zfill(7))
    return frame.with_columns(gstin=key).drop("business")


def _filter_each(frames: dict[str, pl.DataFrame], firms: range) -> int:
    return sum(frame.filter(pl.col("gstin") == _gstin(firm)).height for firm in firms for frame in frames.values())


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _resident_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
