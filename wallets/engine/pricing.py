"""What an amount was worth when it moved. An unknown price is unknown: never 0, and never today's."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from functools import cached_property

from wallets.engine.evidence import PriceRow, Token

DAY = 86_400
OLDEST = 3 * DAY
"""A price older than this says nothing about the moment asked for."""


class PriceBook:
    """Prices of an evidence set. A stable-coin without a price counts as one dollar while its peg is known to hold."""

    def __init__(self, prices: Iterable[PriceRow], tokens: Iterable[Token]) -> None:
        self.tokens: Mapping[str, Token] = {token.asset: token for token in tokens}
        self._rows = sorted(prices)

    @cached_property
    def _series(self) -> Mapping[str, tuple[list[int], list[float]]]:
        series: dict[str, tuple[list[int], list[float]]] = {}
        for row in self._rows:
            times, values = series.setdefault(row.asset, ([], []))
            times.append(row.at)
            values.append(float(row.usd))
        return series

    def price(self, asset: str, at: int) -> float | None:
        """Dollars for one whole unit: the last price known at that moment, at most three days old."""
        times, values = self._series.get(asset, ([], []))
        place = bisect_right(times, at) - 1
        if place >= 0 and at - times[place] <= OLDEST:
            return values[place]
        token = self.tokens.get(asset)
        if token is not None and token.stable and (token.peg_until == 0 or at < token.peg_until):
            return 1.0
        return None

    def usd(self, asset: str, amount: int, at: int) -> float | None:
        """Dollars for an amount in the asset's smallest units; None when price or decimals are unknown."""
        token = self.tokens.get(asset)
        price = None if token is None else self.price(asset, at)
        return None if token is None or price is None else amount / 10**token.decimals * price

    def is_listed(self, asset: str) -> bool:
        """Whether the asset is on a token list."""
        token = self.tokens.get(asset)
        return token is not None and token.listed
