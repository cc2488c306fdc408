"""Parameters 18 to 20: what is held, how sound it is, and how much its value moves."""

from itertools import pairwise
from math import log, sqrt
from statistics import stdev

from wallets.engine.ledger import Ledger
from wallets.engine.parameters.reading import Reading, Rule, judged
from wallets.engine.pricing import DAY

DUST = 1.0
WINDOW_DAYS = 180
FEWEST_DAYS = 30


def diversity(ledger: Ledger, rule: Rule) -> Reading:
    """Effective number of listed tokens, 1 / Σ share²; holdings under a dollar are dust."""
    known = [(asset, usd) for asset, _, usd in ledger.holdings() if usd is not None and usd >= DUST]
    held = [usd for asset, usd in known if ledger.book.is_listed(asset)]
    total = sum(held)
    tokens = 1 / sum((usd / total) ** 2 for usd in held) if total else 0.0
    return judged(rule, {"tokens": tokens}, _seen(ledger))


def blue_chips(ledger: Ledger, rule: Rule) -> Reading:
    """Share of the held value in blue chips."""
    held = [(asset, usd) for asset, _, usd in ledger.holdings() if usd is not None]
    total = sum(usd for _, usd in held)
    solid = sum(usd for asset, usd in held if ledger.book.tokens[asset].blue_chip)
    return judged(rule, {"share": solid / total if total else None}, _seen(ledger))


def volatility(ledger: Ledger, rule: Rule) -> Reading:
    """Annualised deviation of daily log returns, and the deepest fall, of today's holdings over 180 days."""
    values = daily_values(ledger)
    if len(values) < FEWEST_DAYS:
        return Reading({"volatility": None, "drawdown": None}, None, 0.0)
    returns = [log(after / before) for before, after in pairwise(values)]
    peak, deepest = values[0], 0.0
    for value in values:
        peak = max(peak, value)
        deepest = max(deepest, 1 - value / peak)
    quantities: dict[str, float | None] = {"volatility": stdev(returns) * sqrt(365), "drawdown": deepest}
    return judged(rule, quantities, _seen(ledger) * min(1.0, len(values) / WINDOW_DAYS))


def daily_values(ledger: Ledger) -> list[float]:
    """Value of today's holdings on each of the last 180 days on which every one of them had a price."""
    held = [(asset, amount) for asset, amount, usd in ledger.holdings() if usd is not None and usd >= DUST]
    days = []
    for back in range(WINDOW_DAYS, -1, -1):
        worth = [ledger.book.usd(asset, amount, ledger.as_of - back * DAY) for asset, amount in held]
        known = [usd for usd in worth if usd is not None]
        if known and len(known) == len(worth):
            days.append(sum(known))
    return days


def _seen(ledger: Ledger) -> float:
    """Balances are seen, and worth something where their price is known; unlisted tokens may stay unknown."""
    counted = [(asset, usd) for asset, _, usd in ledger.holdings() if usd is not None or ledger.book.is_listed(asset)]
    priced = sum(usd is not None for _, usd in counted) / len(counted) if counted else 1.0
    return ledger.synced("balances") * priced
