"""The three streams on Redis or Valkey: what is taken stays pending until it is settled or buried, never dropped."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache

import redis
from django.conf import settings
from redis.typing import EncodableT, FieldT

from wallets.engine.importers.streams import KIND_OF

GROUP = "cg_feature_engine"
DEAD = "stream:dead_letters"
MARK = b"dead:"
"""Begins the names of what a dead letter says beside the fields of its entry."""
ANSWER_SECONDS = 15
"""Longer than any blocking read."""

Fields = dict[bytes, bytes]


@dataclass(frozen=True)
class Taken:
    """An entry handed to a consumer; `deliveries` counts how often it was handed out, this time included."""

    stream: str
    id: str
    fields: Fields
    deliveries: int = 1


@dataclass(frozen=True)
class Standing:
    """How far a stream is: entries never handed out, and handed out but not settled."""

    lag: int
    pending: int


@cache
def valkey() -> redis.Redis:
    """The connection of this process."""
    return redis.from_url(settings.STREAMS_URL, socket_connect_timeout=2, socket_timeout=ANSWER_SECONDS)


def open_group() -> None:
    """Make streams and group where they are missing; a new group reads from the first entry there is."""
    for stream in KIND_OF:
        with suppress(redis.ResponseError):  # BUSYGROUP: it is there
            valkey().xgroup_create(stream, GROUP, id="0", mkstream=True)


def take_new(consumer: str, *, most: int, wait_ms: int) -> list[Taken]:
    """Entries nobody has had, at most `most` per stream; waits for the first."""
    answer: object = valkey().xreadgroup(GROUP, consumer, dict.fromkeys(KIND_OF, ">"), count=most, block=wait_ms)
    found: list[Taken] = []
    for part in answer if isinstance(answer, list) else []:
        match part:
            case [bytes() as stream, entries]:
                found += [Taken(stream.decode(), key, fields) for key, fields in entries_of(entries)]
    return found


def entries_of(answer: object) -> list[tuple[str, Fields]]:
    """Id and fields of entries. Answers are not decoded, so a stranger's bytes stay as they are."""
    found: list[tuple[str, Fields]] = []
    for pair in answer if isinstance(answer, list) else []:
        match pair:
            case [bytes() as key, dict() as fields]:
                found.append((key.decode(), fields))
    return found


def take_over(consumer: str, *, idle_ms: int) -> Taken | None:
    """One entry that a consumer took and did not settle within `idle_ms`, the oldest of the first stream that has any.

    One at a time: each delivery counts against this entry alone, so a row that kills its reader is found out
    without its neighbours.
    """
    for stream in KIND_OF:
        cursor: bytes | str = "0-0"
        while True:
            cursor, claimed, _ = valkey().xautoclaim(stream, GROUP, consumer, idle_ms, cursor, count=1)
            for key, fields in entries_of(claimed):
                return _counted(stream, key, fields)
            if cursor == b"0-0":
                break
    return None


def _counted(stream: str, key: str, fields: Fields) -> Taken:
    (pending,) = valkey().xpending_range(stream, GROUP, key, key, 1)
    return Taken(stream, key, fields, int(pending["times_delivered"]))


def settle(entries: Sequence[Taken]) -> None:
    """These are stored (their transaction is committed) and done with."""
    pipe = valkey().pipeline(transaction=False)
    for entry in entries:
        pipe.xack(entry.stream, GROUP, entry.id)
    pipe.execute()


def bury(entry: Taken, *, rule: str, reason: str) -> None:
    """Move an entry to the dead letters, as it came and with the reason, and settle it; both or neither."""
    marks = {
        "stream": entry.stream,
        "id": entry.id,
        "rule": rule,
        "reason": reason,
        "deliveries": f"{entry.deliveries}",
    }
    letter: dict[FieldT, EncodableT] = {MARK + name.encode(): value for name, value in marks.items()}
    for name, value in entry.fields.items():
        letter.setdefault(name, value)
    pipe = valkey().pipeline()
    pipe.xadd(DEAD, letter)
    pipe.xack(entry.stream, GROUP, entry.id)
    pipe.execute()


def trim() -> None:
    """Let go of entries that every group has settled; one that is pending anywhere, and all after it, stay."""
    for stream in KIND_OF:
        settled = [
            _settled_until(stream, group["name"], group["last-delivered-id"]) for group in valkey().xinfo_groups(stream)
        ]
        if settled:
            least = min(settled, key=_order)
            valkey().xtrim(stream, minid=least.decode(), approximate=False)


def _settled_until(stream: str, group: bytes, last: bytes) -> bytes:
    oldest: bytes | None = valkey().xpending(stream, group)["min"]
    return oldest or last


def _order(key: bytes) -> tuple[int, ...]:
    return tuple(int(part) for part in key.split(b"-"))


def standing() -> dict[str, Standing]:
    """Lag and pending of each stream; a stream without our group has all its entries before it."""
    return {stream: _standing(stream) for stream in KIND_OF}


def _standing(stream: str) -> Standing:
    if not valkey().exists(stream):
        return Standing(0, 0)
    ours = [group for group in valkey().xinfo_groups(stream) if group["name"] == GROUP.encode()]
    if not ours:
        return Standing(int(valkey().xlen(stream)), 0)
    lag = ours[0]["lag"]
    return Standing(int(valkey().xlen(stream) if lag is None else lag), int(ours[0]["pending"]))


def dead_count() -> int:
    """Entries in the dead letters."""
    return int(valkey().xlen(DEAD))
