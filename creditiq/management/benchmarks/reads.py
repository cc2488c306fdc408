"""One business's history through the selector, in ever larger tables, against Django's own reading of the same rows."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial

import numpy as np
import polars as pl
from django.db import connection, transaction

from accounts.models import Business, Consent, ConsentStatus, EvidenceKind
from creditiq.kernel.clock import micros
from creditiq.kernel.identifiers import gstin
from creditiq.management.benchmarks.comparison import Contest, Timing, held, report
from wallets.models import RECORD_MODELS, BankEntry, UpiPayment, known_at
from wallets.selectors import evidence
from wallets.services.records import insert_records

HISTORY = 500
"""Records of one business: a year of a small shop as far as scoring looks."""
SPACING = 3_600_000_000
READS = 200
TARGET_MS = 5
SEED = 20_260_101
START = datetime(2026, 1, 1, tzinfo=UTC)
AS_OF = START + timedelta(days=30)


def run(*, sizes: list[int], rounds: int) -> dict[str, object]:
    """Each table is filled with scratch businesses inside a transaction that is rolled back: nothing stays."""
    measured = [_measured(size, rounds) for size in sizes or [100_000, 1_000_000]]
    timings = [it.timing for it in measured]
    latencies = [sorted(it.reads) for it in measured]
    more = {
        "peer_is": "one ORM query per kind, rows as dictionaries",
        "rows_read": HISTORY,
        "p50_ms": [_percentile(reads, 0.50) for reads in latencies],
        "p95_ms": [_percentile(reads, 0.95) for reads in latencies],
        "target_ms": TARGET_MS,
        "plan": measured[-1].plan,
    }
    return report("reads", timings, rounds, more)


@dataclass(frozen=True)
class _Measured:
    """One size: against the peer, read by read in seconds, and how the server finds the rows of one business."""

    timing: Timing
    reads: list[float]
    plan: list[str]


def _measured(size: int, rounds: int) -> _Measured:
    with transaction.atomic():
        businesses = _fill(size)
        chosen = [int(key) for key in np.random.default_rng(SEED).choice(businesses, READS)]
        contest = Contest(size, partial(_each, chosen, _ours), partial(_each, chosen, _peer))
        timing, reads = held(contest, rounds), [_seconds(partial(_ours, business)) for business in chosen]
        rows = UpiPayment.objects.filter(known_at(AS_OF), business_id=chosen[0], occurred_at__lte=AS_OF).order_by()
        plan = rows.explain().splitlines()
        transaction.set_rollback(True)
    per_read = Timing(size, timing.ours / READS, timing.peer / READS, timing.ratios)
    return _Measured(per_read, reads, plan)


def _fill(size: int) -> list[int]:
    """Businesses with HISTORY records each, half payments and half bank entries; answers their keys."""
    shops = Business.objects.bulk_create([scratch_business(number) for number in range(max(1, size // HISTORY))])
    keys = [shop.pk for shop in shops]
    for start in range(0, len(keys), 2_000):
        piece = keys[start : start + 2_000]
        insert_records(UpiPayment, _payments(piece))
        insert_records(BankEntry, _entries(piece))
    with connection.cursor() as cursor:
        for model in RECORD_MODELS.values():
            cursor.execute(f'ANALYZE "{model._meta.db_table}"')
    return keys


def scratch_business(number: int) -> Business:
    """A business that no transaction keeps, another one for each number."""
    letters = "".join(chr(65 + number // 10_000 // 26**place % 26) for place in range(2))
    pan = f"Z{letters}CZ{number % 10_000:04d}Z"
    return Business(
        gstin=gstin.compose(29, pan), legal_name=f"Scratch {number}", trade_name=f"Scratch {number}",
        sector="textiles", hsn="5208", state_code=29, pincode="560001", size="micro", constitution="company",
        registered_on=date(2024, 4, 1), deals_in_goods=True, quarterly_filer=False,
    )  # fmt: skip


def _grid(keys: Sequence[int]) -> pl.DataFrame:
    """Half a history for each business, hour by hour, interleaved as it would have come in."""
    hours = pl.DataFrame({"hour": pl.int_range(HISTORY // 2, eager=True).cast(pl.Int64)})
    shops = pl.DataFrame({"business": list(keys)}, schema={"business": pl.Int64})
    at = pl.lit(micros(START)) + pl.col("hour") * SPACING
    number = pl.col("hour").cast(pl.String).str.zfill(12)
    return hours.join(shops, how="cross").select(
        "business", reference=number, amount_paise=pl.col("hour") + 100, occurred_at=at, received_at=at
    )


def _payments(keys: Sequence[int]) -> pl.DataFrame:
    return _grid(keys).with_columns(
        direction=pl.lit("in"), kind=pl.lit("P2M"), status=pl.lit("success"), vpa=pl.lit("scratch@okaxis"),
        counterparty_vpa=pl.lit("somebody@ybl"), counterparty=pl.lit(None, dtype=pl.Int64),
    )  # fmt: skip


def _entries(keys: Sequence[int]) -> pl.DataFrame:
    return _grid(keys).with_columns(
        account=pl.lit("501000012345"), direction=pl.lit("credit"), mode=pl.lit("UPI"), purpose=pl.lit("receipt"),
        balance_paise=pl.col("amount_paise") * 10, narration=pl.lit("UPI/000000000000/SOMEBODY"),
        counterparty=pl.lit(None, dtype=pl.Int64),
    )  # fmt: skip


def _ours(business_id: int) -> None:
    consent = Consent(
        business_id=business_id, kinds=EvidenceKind.values, status=ConsentStatus.GRANTED,
        granted_at=START - timedelta(days=1), expires_at=AS_OF + timedelta(days=1),
    )  # fmt: skip
    evidence(business_id=business_id, as_of=AS_OF, consent=consent)


def _peer(business_id: int) -> None:
    list(Business.objects.filter(pk=business_id).values())
    for model in RECORD_MODELS.values():
        known = model._default_manager.filter(known_at(AS_OF), business=business_id, occurred_at__lte=AS_OF)
        list(known.values())


def _each(businesses: Sequence[int], reads: Callable[[int], None]) -> None:
    for business in businesses:
        reads(business)


def _seconds(work: Callable[[], None]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _percentile(ordered: Sequence[float], share: float) -> float:
    """Milliseconds."""
    return round(ordered[max(0, int(len(ordered) * share) - 1)] * 1000, 2)
