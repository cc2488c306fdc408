"""Logs of a range from a node that answers only so many at once: halve, take its hint, grow again."""

import re
from collections.abc import Iterator
from dataclasses import replace

from wallets.chain.port import ChainNode, ChainUnreachable, Log, LogFilter, TooManyLogs

FIRST_WIDTH = 2_000
WIDEST = 100_000
SUGGESTED = re.compile(r"(0x[0-9a-f]+|\d+)\s*(?:-|,|to|and)\s*(0x[0-9a-f]+|\d+)", re.IGNORECASE | re.ASCII)
REFUSALS = re.compile(
    r"10,?000|more than|exceed|range|limit|too (many|large|wide)|response size|query returned|block", re.IGNORECASE
)
"""What the sentences of nodes that refuse a range have in common (wallets.md §7)."""


def suggestion(message: str, data: object) -> tuple[int, int] | None:
    """The range a refusal names: Infura in `data` as from/to, others in the sentence ("retry with the range a-b")."""
    if isinstance(data, dict) and {"from", "to"} <= set(data):
        message = f"{data['from']}-{data['to']}"
    found = SUGGESTED.search(message)
    if found is None:
        return None
    first, last = (int(text, 0) if text.startswith("0x") else int(text) for text in found.groups())
    return (first, last) if first <= last else None


def read(node: ChainNode, sought: LogFilter, *, width: int = FIRST_WIDTH) -> Iterator[Log]:
    """All logs of a range, each once and in order. Raises ChainUnreachable, also for logs nobody asked for."""
    start = sought.from_block
    while start <= sought.to_block:
        end = min(start + width - 1, sought.to_block)
        try:
            found = node.logs(replace(sought, from_block=start, to_block=end))
        except TooManyLogs as refusal:
            if start == end:
                raise ChainUnreachable("the node gives less than one block") from refusal
            width = _narrower(start, end, refusal.suggested)
            continue
        piece = replace(sought, from_block=start, to_block=end)
        if not all(asked_for(log, piece) for log in found):
            raise ChainUnreachable("the node answered with logs nobody asked for")
        yield from found
        start = end + 1
        width = min(2 * width, WIDEST)


def _narrower(start: int, end: int, suggested: tuple[int, int] | None) -> int:
    if suggested and suggested[0] <= start <= suggested[1] < end:
        return suggested[1] - start + 1
    return max(1, (end - start + 1) // 2)


def asked_for(log: Log, sought: LogFilter) -> bool:
    """Whether a log fits the filter it is said to answer."""
    if not sought.from_block <= log.block_number <= sought.to_block:
        return False
    if sought.addresses and log.address not in sought.addresses:
        return False
    if len(log.topics) < len(sought.topics):
        return False
    return all(not place or topic in place for place, topic in zip(sought.topics, log.topics, strict=False))
