"""Files onto the streams: in order, many at a time, and where an interrupted run stopped the next one goes on."""

import time
from collections.abc import Callable
from pathlib import Path

from redis.client import Pipeline

from creditiq.kernel.errors import ApplicationError
from wallets.engine.feeds import Feed, UnreadableFeed, feeds, rows_of
from wallets.engine.importers.streams import STREAM_OF
from wallets.services.streams import standing, valkey

CURSORS = "stream:published"
"""Hash of file → rows on the stream already; moved in the same transaction as the rows are added."""
AT_ONCE = 5_000
LONGEST_BACKLOG = 500_000
"""Entries waiting on a stream before a publisher waits too: they all are in memory."""
PAUSE = 0.5

Tell = Callable[[Feed, int, int], None]
"""Called with the file, its rows on the stream so far, and all of its rows."""


class UnableToPublish(ApplicationError):
    """There is nothing to publish, or somebody else publishes the same file."""

    code = "unable_to_publish"


def publish_evidence(*, folder: Path, tell: Tell, again: bool = False) -> dict[str, int]:
    """Put the rows of a folder's files onto their streams; rows published by this call, by stream.

    A file published before (by its content) is left out, the rest of one that was broken off is added;
    `again` starts over: the consumers call what they know a duplicate. Raises UnableToPublish.
    """
    try:
        found = feeds(folder, tuple(STREAM_OF))
        added = dict.fromkeys(STREAM_OF.values(), 0)
        for feed in found:
            added[STREAM_OF[feed.kind]] += _publish(feed, folder, tell, again=again)
    except UnreadableFeed as error:
        raise UnableToPublish(str(error)) from error
    return added


def _publish(feed: Feed, folder: Path, tell: Tell, *, again: bool) -> int:
    key = f"{feed.kind}:{feed.digest}"
    if again:
        valkey().hdel(CURSORS, key)
    first = _cursor(key)
    rows = rows_of(feed, folder)
    for start in range(first, rows.height, AT_ONCE):
        _wait_for_readers(STREAM_OF[feed.kind])
        chunk = rows.slice(start, AT_ONCE)
        _add(STREAM_OF[feed.kind], key, start, list(chunk.iter_rows()))
        tell(feed, start + chunk.height, rows.height)
    return max(rows.height - first, 0)


def _cursor(key: str) -> int:
    return int(valkey().hget(CURSORS, key) or 0)


def _add(stream: str, key: str, start: int, rows: list[tuple[str, str]]) -> None:
    """Rows and cursor together; neither when the cursor is not where we left it."""

    def add(pipe: Pipeline) -> None:
        if int(pipe.hget(CURSORS, key) or 0) != start:
            raise UnableToPublish("Somebody else publishes this file; let them finish.")
        pipe.multi()
        for gstin, row in rows:
            pipe.xadd(stream, {"gstin": gstin, "row": row})
        pipe.hset(CURSORS, key, start + len(rows))

    valkey().transaction(add, CURSORS)


def _wait_for_readers(stream: str) -> None:
    while standing()[stream].lag > LONGEST_BACKLOG:
        time.sleep(PAUSE)
