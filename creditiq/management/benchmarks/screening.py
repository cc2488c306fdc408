"""What a request pays for the network's opinion: the stored screening of one business, against screening it anew."""

import statistics
import time
from collections.abc import Callable
from functools import partial

import numpy as np
from django.db import connection, transaction

from accounts.models import Business
from creditiq.management.benchmarks.comparison import Contest, Timing, held, report
from creditiq.management.benchmarks.topology import UNTIL, fill
from fraud.engine.policy import FraudPolicy
from fraud.selectors import network_block, standing
from fraud.services.screening import examine

READS = 200
TARGET_MS = 5.0
SEED = 5


def run(*, sizes: list[int], rounds: int) -> dict[str, object]:
    """Populations of these sizes with their payments, inside a transaction that is rolled back: nothing stays."""
    measured = [_measured(size, rounds) for size in sizes or [2_500, 25_000]]
    more = {
        "peer_is": "screening the business in the request: evidence, cycles and rings anew",
        "p50_ms": [_percentile(reads, 50) for _, reads in measured],
        "p95_ms": [_percentile(reads, 95) for _, reads in measured],
        "target_ms": TARGET_MS,
        "within_target": all(_percentile(reads, 95) < TARGET_MS for _, reads in measured),
    }
    return report("screening", [timing for timing, _ in measured], rounds, more)


def _measured(size: int, rounds: int) -> tuple[Timing, list[float]]:
    with transaction.atomic():
        fill(size)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE fraud_screening")
        shops = list(Business.objects.filter(screenings__as_of=UNTIL).order_by("pk").values_list("pk", flat=True))
        chosen = [int(key) for key in np.random.default_rng(SEED).choice(shops, READS)]
        timing = held(Contest(size, partial(_asked, chosen[0]), partial(_anew, chosen[0])), rounds)
        reads = [_seconds(partial(_asked, business)) for business in chosen]
        transaction.set_rollback(True)
    return timing, reads


def _asked(business_id: int) -> None:
    network_block(business_id=business_id, as_of=UNTIL)
    standing(business_id=business_id)


def _anew(business_id: int) -> None:
    examine(business_id, UNTIL, None, FraudPolicy())


def _percentile(seconds: list[float], percent: int) -> float:
    return round(1e3 * statistics.quantiles(seconds, n=100)[percent - 1], 3)


def _seconds(act: Callable[[], None]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started
