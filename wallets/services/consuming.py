"""Rows of the streams become records, by the same rules and the same way as those of the bulk interface."""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import polars as pl
from django.db import DataError, IntegrityError, transaction
from django.db.models import F

from accounts import audit
from accounts.models import Business, Consent
from creditiq.kernel.clock import IST, micros
from creditiq.kernel.events import publish
from wallets.engine.importers.streams import KIND_OF, Entry, judge
from wallets.events import EvidenceRecorded
from wallets.models import RECORD_MODELS, Upload, UploadState
from wallets.models.uploads import UploadMode
from wallets.services import streams
from wallets.services.reading import stamped
from wallets.services.records import Stored, database_time, insert_records, lock_evidence
from wallets.services.streams import Taken
from wallets.services.uploads import UnableToReceive, covering_consent

MOST_DELIVERIES = 5
WORN_OUT = f"It was handed out {MOST_DELIVERIES} times and no reader lived to store it."


@dataclass(frozen=True)
class Pace:
    """Entries per stream and pass, how long a pass waits for the first, and when a reader counts as dead."""

    batch: int = 1_000
    wait_ms: int = 2_000
    idle_ms: int = 60_000


@dataclass
class Consumed:
    """What one pass did with the entries it took."""

    stored: int = 0
    duplicates: int = 0
    dead: int = 0
    taken_over: int = 0

    @property
    def entries(self) -> int:
        """All of them."""
        return self.stored + self.duplicates + self.dead

    def add(self, other: "Consumed") -> None:
        """What another pass did, too."""
        self.stored, self.duplicates = self.stored + other.stored, self.duplicates + other.duplicates
        self.dead, self.taken_over = self.dead + other.dead, self.taken_over + other.taken_over


@dataclass
class _Batch:
    """Entries of one stream that may become rows, by place."""

    kind: str
    taken: list[Taken] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)


def consume_streams(*, consumer: str, pace: Pace, at: datetime) -> Consumed:
    """One pass: first what dead readers left, then new entries. An entry is settled after its row is committed.

    What can never be stored goes to the dead letters with the reason. Raises OperationalError while PostgreSQL is
    away, before anything is taken; what was in hand then stays pending and comes back.
    """
    done = Consumed()
    database_time()
    while (old := streams.take_over(consumer, idle_ms=pace.idle_ms)) is not None:
        done.taken_over += 1
        if old.deliveries > MOST_DELIVERIES:
            _bury(old, "stream.worn_out", WORN_OUT, done)
        else:
            _store([old], at, done)
    new: defaultdict[str, list[Taken]] = defaultdict(list)
    for entry in streams.take_new(consumer, most=pace.batch, wait_ms=pace.wait_ms):
        new[entry.stream].append(entry)
    for batch in new.values():
        _store(batch, at, done)
    if done.entries:
        streams.trim()
    return done


def _bury(entry: Taken, rule: str, reason: str, done: Consumed) -> None:
    streams.bury(entry, rule=rule, reason=reason)
    done.dead += 1


def _store(taken: Sequence[Taken], at: datetime, done: Consumed) -> None:
    """Entries of one stream: judged together, stored business by business."""
    batch, owners = _readable(taken, done)
    if not batch.entries:
        return
    judged = judge(batch.entries, kind=batch.kind, as_of=micros(at))
    for place, refusal in judged.refused.items():
        _bury(batch.taken[place], refusal.rule, f"{refusal.field}: {refusal.message}".removeprefix(": "), done)
    places: defaultdict[str, list[int]] = defaultdict(list)
    for place, entry in enumerate(batch.entries):
        if place not in judged.refused:
            places[entry.gstin].append(place)
    for gstin, mine in places.items():
        rows = judged.rows.filter(pl.col("gstin") == gstin).drop("gstin")
        _store_of(owners[gstin], batch.kind, rows, [batch.taken[place] for place in mine], (at, done))


def _readable(taken: Sequence[Taken], done: Consumed) -> tuple[_Batch, dict[str, Business]]:
    """The entries that have the two fields and name a business we know; the others are buried."""
    named = [(entry, _gstin(entry)) for entry in taken]
    owners = {it.gstin: it for it in Business.register.filter(gstin__in={gstin for _, gstin in named})}
    batch = _Batch(KIND_OF[taken[0].stream])
    for entry, gstin in named:
        if b"row" not in entry.fields or not gstin:
            _bury(entry, "stream.fields", "An entry has the fields gstin and row.", done)
        elif gstin not in owners:
            _bury(entry, "stream.business", "There is no business with this GSTIN here.", done)
        else:
            batch.taken.append(entry)
            batch.entries.append(Entry(gstin, entry.fields[b"row"]))
    return batch, owners


def _gstin(entry: Taken) -> str:
    return entry.fields.get(b"gstin", b"").decode("ascii", "ignore").replace("\0", "").strip().upper()


def _store_of(
    business: Business, kind: str, rows: pl.DataFrame, taken: Sequence[Taken], context: tuple[datetime, Consumed]
) -> None:
    """Rows of one business in one transaction. A batch the database refuses is tried again row by row."""
    at, done = context
    try:
        stored = _commit(business, kind, rows, at)
    except UnableToReceive as refusal:
        for entry in taken:
            _bury(entry, "upload.consent", refusal.message, done)
    except (DataError, IntegrityError) as error:
        if len(taken) == 1:
            _bury(taken[0], "stream.database", f"PostgreSQL refuses this row ({type(error).__name__}).", done)
        else:
            for entry in taken:
                _store([entry], at, done)
    else:
        streams.settle(taken)
        done.stored += stored.inserted
        done.duplicates += len(taken) - stored.inserted


def _commit(business: Business, kind: str, rows: pl.DataFrame, at: datetime) -> Stored:
    with transaction.atomic(durable=True):
        lock_evidence(business.pk)
        upload = _upload_of_the_day(business, kind, covering_consent(business, kind, at), at)
        stored = insert_records(RECORD_MODELS[kind], stamped(upload, rows), upload_id=upload.pk)
        upload.rows, upload.accepted = F("rows") + stored.offered, F("accepted") + stored.inserted
        upload.duplicates = F("duplicates") + stored.duplicates
        upload.save(update_fields=["rows", "accepted", "duplicates"])
        counts = {"kind": kind, "rows": stored.offered, "accepted": stored.inserted}
        audit.record("evidence.streamed", target=upload, at=at, payload=counts)
        if stored.inserted:
            publish(EvidenceRecorded(upload_id=upload.pk, business_id=business.pk))
    return stored


def _upload_of_the_day(business: Business, kind: str, consent: Consent, at: datetime) -> Upload:
    """What streams brought on one day under one consent stands as one upload, so that every row has its provenance."""
    day = at.astimezone(IST).date()
    name = f"stream of {kind}, {day}, consent {consent.uuid}"
    upload, _ = Upload.objects.get_or_create(
        business=business,
        sha256=hashlib.sha256(name.encode()).hexdigest(),
        defaults={
            "consent": consent, "kind": kind, "format": "ndjson", "mode": UploadMode.VALID_LINES,
            "filename": f"stream of {day:%-d %b %Y}", "size": 0, "received_at": at, "state": UploadState.PARSED,
        },
    )  # fmt: skip
    return upload
