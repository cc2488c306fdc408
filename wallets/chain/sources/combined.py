"""Several sources of one chain as one: a page from the first that saw all of it, else from the one that saw most."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from wallets.chain.port import Block, ChainUnreachable
from wallets.chain.sources.protocol import ChainDataSource, Page, Standing
from wallets.engine.evidence import LogRow, PriceRow, TransactionRow

T = TypeVar("T")


class CombinedSource:
    """`ChainDataSource` over others in the order of trust. A row that two of them tell is stored once, by its key."""

    def __init__(self, sources: Sequence[ChainDataSource]) -> None:
        self.sources = tuple(sources)
        self.name = ", ".join(source.name for source in self.sources)
        self.readings: dict[str, tuple[str, ...]] = {}
        for source in self.sources:
            for reading, streams in source.readings.items():
                self.readings.setdefault(reading, streams)

    def _first(self, question: Callable[[ChainDataSource], T]) -> T:
        trouble = ChainUnreachable("no source is configured")
        for source in self.sources:
            try:
                return question(source)
            except ChainUnreachable as error:
                trouble = error
        raise trouble

    def chain_id(self) -> int:
        return self._first(lambda source: source.chain_id())

    def head(self) -> Block:
        return self._first(lambda source: source.head())

    def blocks(self, numbers: list[int]) -> tuple[Block, ...]:
        return self._first(lambda source: source.blocks(numbers))

    def page(self, reading: str, account: str, first: int, last: int) -> Page:
        best: Page | None = None
        trouble = ChainUnreachable("no source offers this reading")
        for source in self.sources:
            if reading not in source.readings:
                continue
            try:
                page = source.page(reading, account, first, last)
            except ChainUnreachable as error:
                trouble = error
                continue
            if page.complete >= 1:
                return page
            best = page if best is None or page.complete > best.complete else best
        if best is None:
            raise trouble
        return best

    def confirms(self, rows: tuple[TransactionRow, ...]) -> bool:
        return self._first(lambda source: source.confirms(rows))

    def standing(self, account: str, logs: tuple[LogRow, ...], block: Block) -> Standing:
        return self._first(lambda source: source.standing(account, logs, block))

    def prices(self, assets: frozenset[str], moments: Mapping[int, int]) -> tuple[PriceRow, ...]:
        """From the first that can tell."""
        return next(filter(None, (source.prices(assets, moments) for source in self.sources)), ())
