"""Prices as Chainlink's feeds told them at the blocks in which a wallet did something (wallets.md §9)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal

from wallets.chain.port import Call
from wallets.engine.evidence import Contract, PriceRow

FEED = "chainlink_feed"
LATEST_ROUND, DECIMALS = "0xfeaf968c", "0x313ce567"
HEARTBEAT = 26 * 3_600
"""Feeds in dollars are written at least once a day; an answer older than this is none."""
MOST_MOMENTS = 1_000
DEAREST = 10**15
SOURCE = "chainlink"
Calls = Callable[[Sequence[Call], int], tuple[str | None, ...]]


def feed_prices(
    calls: Calls, known: Iterable[Contract], assets: frozenset[str], moments: Mapping[int, int]
) -> tuple[PriceRow, ...]:
    """Prices of the assets that have a feed, at each of `moments` (block: time); the latest ones when there are many.

    `calls` asks contracts at a block, None for those that refused: a node without that state knows no price. An answer
    counts when it is above 0 and was written at most a heartbeat before. Raises ChainUnreachable.
    """
    feeds = [row for row in known if row.kind == FEED and {row.asset, row.token0} & assets]
    if not feeds or not moments:
        return ()
    found = set()
    for block, at in sorted(moments.items())[-MOST_MOMENTS:]:
        asked = [Call(selector, feed.address) for feed in feeds for selector in (LATEST_ROUND, DECIMALS)]
        answers = calls(asked, block)
        for place, feed in enumerate(feeds):
            price = _price(answers[2 * place], answers[2 * place + 1], at)
            if price is not None:
                found |= {PriceRow(asset, price[0], price[1], SOURCE) for asset in {feed.asset, feed.token0} & assets}
    return tuple(sorted(found))


def _price(told: str | None, decimals: str | None, at: int) -> tuple[int, str] | None:
    """When it was written, and dollars in decimal text."""
    words = _words(told, 5)
    places = _words(decimals, 1)
    if not words or not places or places[0] > 36:
        return None
    answer, written = words[1], words[3]
    if not 0 < answer < DEAREST * 10 ** places[0] or not at - HEARTBEAT <= written <= at:
        return None
    return written, format((Decimal(answer) / 10 ** places[0]).normalize(), "f")


def _words(answer: str | None, count: int) -> tuple[int, ...]:
    """Exactly so many words; none for a refusal or anything else."""
    if answer is None or len(answer) != 2 + 64 * count:
        return ()
    try:
        return tuple(int(answer[2 + 64 * place : 66 + 64 * place], 16) for place in range(count))
    except ValueError:
        return ()
