"""Payments stored per second, idempotently, against Django's bulk_create of the same rows."""

from datetime import UTC, date, datetime

import polars as pl
from django.db import transaction

from accounts.models import Business
from creditiq.kernel.clock import micros, moment
from creditiq.management.benchmarks.comparison import Contest, Timing, held, report
from wallets.models import UpiPayment
from wallets.services.records import insert_records

FIRST_REFERENCE = 900_000_000_000
START = micros(datetime.combine(date(2026, 1, 1), datetime.min.time(), tzinfo=UTC))


def run(*, sizes: list[int], rounds: int) -> dict[str, object]:
    """Each attempt is rolled back: nothing stays."""
    business = Business.objects.order_by("pk").first()
    if business is None:
        raise RuntimeError("There is no business to store payments for: run `manage.py seed_demo` first")
    timings = [_timing(business.pk, size, rounds) for size in sizes or [5_000, 20_000, 80_000]]
    last = timings[-1]
    more = {
        "peer_is": "bulk_create(batch_size=1000, ignore_conflicts=True)",
        "rows_per_second": round(last.size / last.ours),
    }
    return report("ingest", timings, rounds, more)


def _timing(business_id: int, size: int, rounds: int) -> Timing:
    frame = _payments(business_id, size)
    rows = [_row(values) for values in frame.iter_rows(named=True)]

    def ours() -> None:
        with transaction.atomic():
            insert_records(UpiPayment, frame)
            transaction.set_rollback(True)

    def peer() -> None:
        with transaction.atomic():
            UpiPayment.objects.bulk_create([UpiPayment(**row) for row in rows], batch_size=1_000, ignore_conflicts=True)
            transaction.set_rollback(True)

    return held(Contest(size, ours, peer), rounds)


def _payments(business_id: int, size: int) -> pl.DataFrame:
    count = pl.int_range(size, eager=True).cast(pl.Int64)
    return pl.DataFrame(
        {
            "business": pl.repeat(business_id, size, dtype=pl.Int64, eager=True),
            "reference": (count + FIRST_REFERENCE).cast(pl.String),
            "direction": pl.repeat("in", size, eager=True),
            "amount_paise": count + 100,
            "kind": pl.repeat("P2M", size, eager=True),
            "status": pl.repeat("success", size, eager=True),
            "vpa": pl.repeat("benchmark@okaxis", size, eager=True),
            "counterparty_vpa": pl.repeat("somebody@ybl", size, eager=True),
            "counterparty": pl.repeat(None, size, dtype=pl.Int64, eager=True),
            "occurred_at": count * 1_000_000 + START,
            "received_at": count * 1_000_000 + START,
        }
    )


def _row(values: dict[str, object]) -> dict[str, object]:
    times = {name: moment(int(str(values[name]))) for name in ("occurred_at", "received_at")}
    row = {name: value for name, value in values.items() if name != "business"}
    return {**row, **times, "business_id": values["business"]}
