"""manage.py consume_evidence: rows of the three streams become records, until it is told to stop."""

import os
import signal
import socket
import time
from argparse import ArgumentParser
from threading import Event

import structlog
from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, close_old_connections
from redis.exceptions import ConnectionError as ValkeyAway
from redis.exceptions import TimeoutError as ValkeySlow

from creditiq.kernel.clock import now
from wallets import services

log = structlog.get_logger()

PAUSE = 1.0
"""Seconds to wait for a database or broker that is away."""


class Command(BaseCommand):
    """A consumer of the group cg_feature_engine; start as many as the load asks for."""

    help = (
        "Store what arrives on stream:gst_invoices, stream:upi_transactions and stream:eway_bills. Entries of readers "
        "that died are taken over; entries that can never be stored go to the dead letters (manage.py dead_letters). "
        "Ends after the batch in hand when told to stop, or with --drain when nothing is left."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        usual = services.Pace()
        parser.add_argument("--batch", type=int, default=usual.batch, help="entries per stream and pass")
        parser.add_argument("--idle-ms", type=int, default=usual.idle_ms, help="unsettled so long: its reader is dead")
        parser.add_argument("--drain", action="store_true", help="stop when the streams are empty")

    def handle(self, *, batch: int, idle_ms: int, drain: bool, **_: object) -> None:
        """Pass after pass."""
        stop, total = Event(), services.Consumed()
        if not drain:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: stop.set())
        consumer = f"{socket.gethostname()}-{os.getpid()}"
        pace = services.Pace(batch=batch, wait_ms=10 if drain else services.Pace().wait_ms, idle_ms=idle_ms)
        while not stop.is_set():
            done = self._pass(consumer, pace)
            if done is None:
                stop.wait(PAUSE)
            else:
                total.add(done)
                if drain and not done.entries:
                    break
        self.stdout.write(f"{total.stored:,} stored, {total.duplicates:,} known already, {total.dead:,} dead letters")

    def _pass(self, consumer: str, pace: services.Pace) -> services.Consumed | None:
        """None when the database or the broker is away."""
        started = time.monotonic()
        try:
            services.open_group()
            done = services.consume_streams(consumer=consumer, pace=pace, at=now())
        except (OperationalError, InterfaceError, ValkeyAway, ValkeySlow) as error:
            close_old_connections()
            log.warning("streams.waiting", error=type(error).__name__)
            return None
        if done.entries:
            seconds = round(time.monotonic() - started, 3)
            log.info("streams.consumed", stored=done.stored, duplicates=done.duplicates, dead=done.dead, s=seconds)
        return done
