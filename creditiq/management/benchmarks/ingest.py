"""A file of payments: read, judged line by line and stored idempotently, against bulk_create of rows ready made."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import polars as pl
from django.db import transaction

from accounts.models import Business
from creditiq.kernel.clock import micros, moment
from creditiq.management.benchmarks.comparison import Contest, Timing, held, report
from creditiq.management.benchmarks.reads import scratch_business
from wallets.engine.importers import ndjson, tabular
from wallets.engine.importers.rejections import Parsed
from wallets.models import UpiPayment
from wallets.services.records import insert_records

FIRST_REFERENCE = 900_000_000_000
START = micros(datetime(2026, 1, 1, tzinfo=UTC))
AS_OF = micros(datetime(2030, 1, 1, tzinfo=UTC))
SECOND = 1_000_000
MOST_NDJSON = ndjson.MOST_ROWS


def run(*, sizes: list[int], rounds: int) -> dict[str, object]:
    """CSV of each size, and NDJSON of the largest that one request takes. All is rolled back: nothing stays."""
    with transaction.atomic():
        business = scratch_business(0)
        business.save()
        files = [_lines(size) for size in sizes or [20_000, 80_000, 320_000]]
        csv = [_timing(business, lines, lines.write_csv().encode(), _csv, rounds) for lines in files]
        lines = files[-1].head(MOST_NDJSON)
        json = _timing(business, lines, lines.write_ndjson().encode(), _ndjson, rounds)
        transaction.set_rollback(True)
    more = {
        "peer_is": "bulk_create(batch_size=1000, ignore_conflicts=True) of rows that need no reading",
        "rows_per_second": round(csv[-1].size / csv[-1].ours),
        "ndjson_rows_per_second": round(json.size / json.ours),
    }
    return report("ingest", csv, rounds, more)


def _timing(
    business: Business, lines: pl.DataFrame, content: bytes, read: Callable[[bytes], Parsed], rounds: int
) -> Timing:
    known = {"business": business.pk, "counterparty": None, "received_at": AS_OF}
    stamps = [pl.lit(value, dtype=pl.Int64).alias(name) for name, value in known.items()]
    peers = [UpiPayment(business=business, **row) for row in _rows(lines)]

    def ours() -> None:
        with _rolled_back():
            stored = insert_records(UpiPayment, read(content).rows.with_columns(stamps))
        if stored.inserted != lines.height:
            raise RuntimeError(f"{lines.height - stored.inserted} good payments were not stored")

    def peer() -> None:
        with _rolled_back():
            UpiPayment.objects.bulk_create(peers, batch_size=1_000, ignore_conflicts=True)

    return held(Contest(lines.height, ours, peer), rounds)


@contextmanager
def _rolled_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _csv(content: bytes) -> Parsed:
    return tabular.parse(content, kind="upi_payments", as_of=AS_OF, own_gstin="")


def _ndjson(content: bytes) -> Parsed:
    return ndjson.parse(content, kind="upi_payments", as_of=AS_OF, own_gstin="")


def _lines(size: int) -> pl.DataFrame:
    """Payments as their file says them, one a second, from 500 payers."""
    count = pl.int_range(size, eager=True).cast(pl.Int64)
    times = pl.from_epoch(count * SECOND + START, time_unit="us").dt.to_string("%Y-%m-%dT%H:%M:%S+00:00")
    return pl.DataFrame(
        {
            "reference": (count + FIRST_REFERENCE).cast(pl.String),
            "occurred_at": times,
            "direction": pl.repeat("in", size, eager=True),
            "amount": (count % 5_000 + 100).cast(pl.String) + ".50",
            "kind": pl.repeat("P2M", size, eager=True),
            "status": pl.repeat("success", size, eager=True),
            "vpa": pl.repeat("benchmark@okaxis", size, eager=True),
            "counterparty_vpa": "payer" + (count % 500).cast(pl.String) + "@ybl",
        }
    )


def _rows(lines: pl.DataFrame) -> Iterator[dict[str, object]]:
    for row in lines.iter_rows(named=True):
        paise = int(row.pop("amount").replace(".", ""))
        at = datetime.fromisoformat(row.pop("occurred_at"))
        yield {**row, "amount_paise": paise, "occurred_at": at, "received_at": moment(AS_OF)}
