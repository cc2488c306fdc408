"""The live path: from accepted evidence to the push that says there is a new score."""

import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from asgiref.sync import sync_to_async
from celery import current_app
from channels.layers import BaseChannelLayer, get_channel_layer
from django.core.management.base import OutputWrapper

from accounts import inbox
from accounts.models import Membership, Role
from creditiq.kernel.clock import IST, now
from creditiq.management.supervisor import Program, Supervisor
from scoring.events import ScoreIssued
from wallets.services import IncomingFile, receive_upload

QUEUES = "default,scoring,fraud,lending,chain,notify"
SIZE = 30
LONGEST_WAIT = 30.0
TARGET_MS = 250
HEADER = "reference,occurred_at,direction,amount,kind,status,vpa,counterparty_vpa"


def run(*, sizes: list[int], rounds: int) -> dict[str, object]:
    """Upload small files one after the other; a worker is started unless one is at work."""
    member = Membership.objects.filter(user__role=Role.MSME_OWNER).select_related("user", "business").last()
    if member is None:
        raise RuntimeError("Nobody owns a business here: run `manage.py seed_demo` first")
    with _worker():
        asyncio.run(_latencies(member, 3))
        latencies = sorted(asyncio.run(_latencies(member, (sizes or [SIZE])[0])))
    return {
        "name": "live",
        "sizes": [len(latencies)],
        "rounds": rounds,
        "p50_ms": round(statistics.median(latencies), 1),
        "p95_ms": round(latencies[int(len(latencies) * 0.95) - 1], 1),
        "max_ms": round(latencies[-1], 1),
        "target_ms": TARGET_MS,
    }


async def _latencies(member: Membership, count: int) -> list[float]:
    layer = get_channel_layer()
    channel = await layer.new_channel()
    await layer.group_add(inbox.business_group(member.business_id), channel)
    return [await _latency(member, layer, channel) for _ in range(count)]


async def _latency(member: Membership, layer: BaseChannelLayer, channel: str) -> float:
    file = IncomingFile(name="benchmark.csv", content=_payment(), kind="upi_payments", mode="all_or_nothing")
    await sync_to_async(receive_upload)(business=member.business, file=file, by=member.user, at=now())
    accepted = time.perf_counter()
    async with asyncio.timeout(LONGEST_WAIT):
        while (await layer.receive(channel))["topic"] != ScoreIssued.topic():
            pass
    return (time.perf_counter() - accepted) * 1000


def _payment() -> bytes:
    """One payment of a rupee, a minute ago, with a reference nobody had."""
    moment = now().astimezone(IST) - timedelta(minutes=1)
    reference = f"{time.time_ns() // 1_000:012d}"[-12:]
    line = f"{reference},{moment:%Y-%m-%dT%H:%M:%S}+05:30,in,1.00,P2M,success,benchmark@okaxis,somebody@ybl"
    return f"{HEADER}\n{line}\n".encode()


@contextmanager
def _worker() -> Iterator[None]:
    """A worker, for this block only, if no one answers the roll-call."""
    if current_app.control.broadcast("ping", reply=True, timeout=2, limit=1):
        yield
        return
    command = [sys.executable, "-m", "celery", "--quiet", "-A", "creditiq.celery", "worker", "--queues", QUEUES]
    program = Program("worker", [*command, "--concurrency", "2", "--loglevel", "error"])
    with tempfile.TemporaryDirectory() as folder, Path(folder, "log").open("w") as log:
        supervisor = Supervisor([program], out=OutputWrapper(log), environment=os.environ, ledger=Path(folder, "pids"))
        supervisor.start()
        try:
            while not current_app.control.broadcast("ping", reply=True, timeout=2, limit=1):
                supervisor.revive()
            yield
        finally:
            supervisor.stop()
