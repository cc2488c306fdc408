"""Entries of the streams that could not be stored: to be seen, and after a repair to be tried again."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from redis.typing import EncodableT, FieldT

from accounts import audit
from accounts.selectors import platform
from creditiq.kernel.clock import moment
from wallets.engine.importers.streams import KIND_OF
from wallets.services.streams import DEAD, MARK, Fields, entries_of, valkey


@dataclass(frozen=True)
class DeadLetter:
    """Where it came from, whose it is, and the rule and reason against it."""

    id: str
    stream: str
    entry: str
    gstin: str
    rule: str
    reason: str
    deliveries: int
    at: datetime


def dead_letters(*, most: int) -> list[DeadLetter]:
    """The oldest `most` of them."""
    return [_letter(key, fields) for key, fields in entries_of(valkey().xrange(DEAD, count=most))]


def replay_dead_letters(*, at: datetime, only: Collection[str] = ()) -> int:
    """Put letters (all, or those with these ids) back onto their streams as they came. Returns how many."""
    every = [(key, fields) for key, fields in entries_of(valkey().xrange(DEAD)) if not only or key in only]
    for key, fields in every:
        _replay(key, fields)
    if every:
        with transaction.atomic(durable=True):
            audit.record("evidence.replayed", target=platform(), at=at, payload={"entries": len(every)})
    return len(every)


def _replay(key: str, fields: Fields) -> None:
    original: dict[FieldT, EncodableT] = {name: value for name, value in fields.items() if not name.startswith(MARK)}
    pipe = valkey().pipeline()
    pipe.xadd(fields[MARK + b"stream"], original)
    pipe.xdel(DEAD, key)
    pipe.execute()


def _letter(key: str, fields: Fields) -> DeadLetter:
    said = {name: fields.get(MARK + name.encode(), b"").decode() for name in ("stream", "id", "rule", "reason")}
    return DeadLetter(
        id=key,
        stream=said["stream"] if said["stream"] in KIND_OF else "",
        entry=said["id"],
        gstin=fields.get(b"gstin", b"").decode("ascii", "replace")[:15],
        rule=said["rule"],
        reason=said["reason"],
        deliveries=int(fields.get(MARK + b"deliveries", b"0")),
        at=moment(int(key.partition("-")[0]) * 1000),
    )
