"""The fraud topology of ever larger networks: seconds and bytes of the picture, against sending every node and link."""

import json
from datetime import UTC, datetime, timedelta
from functools import partial

import numpy as np
import polars as pl
from django.db import connection, transaction

from accounts.models import Business, Consent, ConsentStatus, EvidenceKind, Role, User
from accounts.selectors import platform
from creditiq.kernel.clock import micros
from creditiq.kernel.hashing import canonical_json
from creditiq.management.benchmarks.comparison import Contest, Timing, held, report
from creditiq.management.benchmarks.reads import scratch_business
from fraud.charts import community_figure, topology_figure
from fraud.models import PopulationScreening, Screening
from fraud.selectors import Shown, topology
from wallets.models import BankEntry
from wallets.selectors import transfers
from wallets.services.records import insert_records

PAYMENTS = 4
"""Payments of each business in the window, nine of ten inside its community of about 35."""
GROUP = 35
SEED = 7
UNTIL = datetime(2026, 6, 1, tzinfo=UTC)
DAYS = 90


def run(*, sizes: list[int], rounds: int) -> dict[str, object]:
    """Each network is written inside a transaction that is rolled back: nothing stays."""
    measured = [_measured(size, rounds) for size in sizes or [5_000, 50_000]]
    more = {
        "peer_is": "every node and link of the window as JSON",
        "payload_bytes": [figure for _, figure, _ in measured],
        "peer_payload_bytes": [everything for _, _, everything in measured],
        "payments_per_business": PAYMENTS,
    }
    return report("topology", [timing for timing, _, _ in measured], rounds, more)


def _measured(size: int, rounds: int) -> tuple[Timing, int, int]:
    with transaction.atomic():
        fill(size)
        sizes: dict[str, int] = {}
        contest = Contest(size, partial(_ours, sizes), partial(_peer, sizes))
        timing = held(contest, rounds)
        transaction.set_rollback(True)
    return timing, sizes["ours"], sizes["peer"]


def fill(size: int) -> None:
    """Businesses that consent, their payments and one population screening."""
    shops = Business.objects.bulk_create([scratch_business(number) for number in range(size)], batch_size=2_000)
    house = platform()
    consents = (
        Consent(
            business=shop, organisation=house, kinds=EvidenceKind.values, status=ConsentStatus.GRANTED,
            requested_at=UNTIL - timedelta(days=400), granted_at=UNTIL - timedelta(days=400),
            expires_at=UNTIL + timedelta(days=400),
        )
        for shop in shops
    )  # fmt: skip
    Consent.objects.bulk_create(consents, batch_size=2_000)
    insert_records(BankEntry, _payments(np.array([shop.pk for shop in shops])))
    scan = PopulationScreening.objects.create(
        as_of=UNTIL, businesses=size, transfers=size * PAYMENTS, cycles=0, rings=0, suspects=size // 100,
        complete=True, window_hours=72,
    )  # fmt: skip
    screenings = (
        Screening(
            business=shop, population=scan, as_of=UNTIL, complete=True, window_hours=72, pagerank_score=1.0,
            fraud_ring_flag=float(number % 100 == 0), fraud_confidence=0.9 if number % 100 == 0 else 0.0,
        )
        for number, shop in enumerate(shops)
    )  # fmt: skip
    Screening.objects.bulk_create(screenings, batch_size=2_000)
    with connection.cursor() as cursor:
        for table in ("accounts_consent", "wallets_bankentry", "fraud_screening"):
            cursor.execute(f"ANALYZE {table}")


def _payments(keys: np.ndarray) -> pl.DataFrame:
    """Debit legs at random moments of the window."""
    random = np.random.default_rng(SEED)
    payer = np.repeat(np.arange(len(keys)), PAYMENTS)
    near = payer // GROUP * GROUP + random.integers(0, GROUP, len(payer))
    far = random.integers(0, len(keys), len(payer))
    payee = np.minimum(np.where(random.random(len(payer)) < 0.9, near, far), len(keys) - 1)
    at = micros(UNTIL) - random.integers(1, DAYS * 86_400, len(payer)) * 1_000_000
    return pl.DataFrame(
        {
            "business": keys[payer], "counterparty": keys[payee], "occurred_at": at, "received_at": at,
            "amount_paise": random.integers(10_000, 10_000_000, len(payer)),
        }
    ).with_columns(
        reference=pl.int_range(pl.len()).cast(pl.String).str.zfill(16), account=pl.lit("501000012345"),
        direction=pl.lit("debit"), mode=pl.lit("FT"), purpose=pl.lit("supplier"), narration=pl.lit("NEFT"),
        balance_paise=pl.lit(0, dtype=pl.Int64),
    )  # fmt: skip


def _ours(sizes: dict[str, int]) -> None:
    watcher = User(role=Role.RISK_MANAGER, organisation=platform(), is_active=True)
    picture = topology(user=watcher, shown=Shown(days=DAYS), at=UNTIL)
    figure = community_figure(picture, "?community=") if picture.overview else topology_figure(picture)
    sizes["ours"] = len(json.dumps(figure))


def _peer(sizes: dict[str, int]) -> None:
    rows = pl.DataFrame(pl.from_arrow(transfers(since=UNTIL - timedelta(days=DAYS), until=UNTIL, as_of=UNTIL)))
    pairs = rows.group_by("payer", "payee").agg(pl.col("amount_paise").sum(), pl.len().alias("payments"))
    names = dict(Business.objects.values_list("pk", "trade_name"))
    columns = ("business_id", "fraud_confidence", "fraud_ring_flag", "pagerank_score")
    nodes = [
        {"id": key, "name": names[key], "confidence": sure, "flagged": bool(flag), "pagerank": rank}
        for key, sure, flag, rank in Screening.objects.latest_of_each().values_list(*columns)
    ]
    sizes["peer"] = len(canonical_json({"nodes": nodes, "links": pairs.to_dicts()}))
