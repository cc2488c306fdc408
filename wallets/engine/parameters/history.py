"""Parameters 4 to 9: how much, how often and in what the wallets move value."""

from collections import defaultdict
from collections.abc import Iterable
from math import exp, log
from statistics import median

from wallets.engine.ledger import WEEK, Ledger
from wallets.engine.movements import Flow
from wallets.engine.parameters.reading import Reading, Rule, judged
from wallets.engine.parameters.transforms import plateau
from wallets.engine.pricing import DAY

MONTH = 365.25 / 12 * DAY
TRIMMED = 0.01
BEST, WORST = (log(0.9), log(1.5)), log(4)
PARTIES_IN_FULL = 3.0
"""With so many effective counterparties all volume counts; with a single one, none."""


def transactions(ledger: Ledger, rule: Rule) -> Reading:
    """Outgoing, successful, not to oneself or one's own wallets."""
    return judged(rule, {"count": float(len(ledger.outgoing))}, ledger.synced("native"))


def volume(ledger: Ledger, rule: Rule) -> Reading:
    """Dollars moved, net of round trips within 24 hours, discounted when few counterparties share it.

    A wallet that never sends has no volume: receiving proves nothing. The discount is (e^H − 1) / 2 up to 1, H the
    entropy of the dollars over counterparties.
    """
    moved = _dollars(ledger.flows)
    sends = any(not flow.incoming for flow, _ in moved)
    parties: dict[str, float] = defaultdict(float)
    for flow, usd in moved:
        parties[flow.other] += usd
    total = sum(parties.values()) if sends else 0.0
    counted = total * min(1.0, (effective(parties.values()) - 1) / (PARTIES_IN_FULL - 1)) if total else 0.0
    return judged(rule, {"usd": counted, "gross_usd": total}, _valued(ledger))


def effective(parts: Iterable[float]) -> float:
    """Effective number of equal parts, e^H; 0 of nothing.

    >>> round(effective([1, 1, 1]), 6), effective([])
    (3.0, 0.0)
    """
    kept = [part for part in parts if part > 0]
    total = sum(kept)
    return exp(-sum(part / total * log(part / total) for part in kept)) if kept else 0.0


def average_value(ledger: Ledger, rule: Rule) -> Reading:
    """Median and mean dollars of a movement, the mean without the lowest and highest hundredth."""
    amounts = sorted(usd for _, usd in _dollars(ledger.flows))
    cut = int(len(amounts) * TRIMMED)
    kept = amounts[cut : len(amounts) - cut]
    values: dict[str, float | None] = {
        "median": median(amounts) if amounts else None,
        "trimmed_mean": sum(kept) / len(kept) if kept else None,
    }
    return judged(rule, values, _valued(ledger))


def frequency(ledger: Ledger, rule: Rule) -> Reading:
    """Share of the last 12 months in which at least two weeks saw an outgoing transaction."""
    months: dict[int, set[int]] = defaultdict(set)
    for row in ledger.outgoing:
        months[int((ledger.as_of - row.at) // MONTH)].add(row.at // WEEK)
    share = sum(len(months[month]) >= 2 for month in range(12)) / 12
    return judged(rule, {"share": share}, ledger.synced("native"))


def in_out(ledger: Ledger, rule: Rule) -> Reading:
    """Dollars in over dollars out: best between 0.9 and 1.5, nothing at a quarter or four times."""
    moved = _dollars(ledger.flows)
    coming = sum(usd for flow, usd in moved if flow.incoming)
    going = sum(usd for flow, usd in moved if not flow.incoming)
    if not coming and not going:
        return Reading({"ratio": None}, None, 0.0)
    ratio = coming / going if going else None
    score = plateau(log(ratio), BEST, WORST) if ratio else 0.0
    return Reading({"ratio": ratio}, score, _valued(ledger))


def stablecoins(ledger: Ledger, rule: Rule) -> Reading:
    """Share of the dollars moved in listed stable-coins, each weighted by its price up to one dollar (de-peg)."""
    moved = _dollars(ledger.flows)
    total = sum(usd for _, usd in moved)
    stable = sum(usd * _peg(ledger, flow) for flow, usd in moved)
    return judged(rule, {"share": stable / total if total else None}, _valued(ledger))


def _peg(ledger: Ledger, flow: Flow) -> float:
    token = ledger.book.tokens.get(flow.asset)
    if token is None or not (token.stable and token.listed):
        return 0.0
    return min(1.0, ledger.book.price(flow.asset, flow.at) or 0.0)


def _dollars(flows: Iterable[Flow]) -> list[tuple[Flow, float]]:
    return [(flow, flow.usd) for flow in flows if flow.usd is not None]


def _valued(ledger: Ledger) -> float:
    """Value needs native and token movements, and their prices."""
    return ledger.synced("native", "erc20") * ledger.priced()
