"""Parameters 10 to 13: what is staked, for how long, where, and what it earned."""

from wallets.engine.contracts import STAKING
from wallets.engine.ledger import Ledger
from wallets.engine.parameters.reading import Reading, Rule, judged
from wallets.engine.positions import Lot, lots
from wallets.engine.pricing import DAY

WINDOW = 180 * DAY
YEAR = 365 * DAY


def staked(ledger: Ledger, rule: Rule) -> Reading:
    """Dollars staked, averaged over the last 180 days."""
    return judged(rule, {"usd": _average(ledger, WINDOW)}, _seen(ledger))


def duration(ledger: Ledger, rule: Rule) -> Reading:
    """Days a staked dollar lay there, open and closed stakes together."""
    known = [(lot.usd, lot.seconds(0, ledger.as_of) / DAY) for lot in _stakes(ledger) if lot.usd]
    total = sum(usd for usd, _ in known)
    days = sum(usd * days for usd, days in known) / total if total else 0.0
    return judged(rule, {"days": days}, _seen(ledger))


def staking_contracts(ledger: Ledger, rule: Rule) -> Reading:
    """Contracts of the registry that were staked in."""
    return judged(rule, {"contracts": float(len({lot.contract for lot in _stakes(ledger)}))}, ledger.synced("logs"))


def rewards(ledger: Ledger, rule: Rule) -> Reading:
    """Dollars of rewards in a year over the average stake of that year."""
    since = ledger.as_of - YEAR
    paid = sum(act.usd or 0.0 for act in ledger.actions if act.kind == "reward" and act.at > since)
    stake = _average(ledger, YEAR)
    return judged(rule, {"yield": paid / stake if stake else 0.0}, _seen(ledger))


def _stakes(ledger: Ledger) -> list[Lot]:
    contracts = ledger.contracts
    return [lot for lot in lots(ledger.actions, "stake", "unstake") if contracts[lot.contract].kind in STAKING]


def _average(ledger: Ledger, window: int) -> float:
    since = ledger.as_of - window
    return sum((lot.usd or 0.0) * lot.seconds(since, ledger.as_of) for lot in _stakes(ledger)) / window


def _seen(ledger: Ledger) -> float:
    """Stakes are seen in logs, and worth something where their price is known."""
    stakes = _stakes(ledger)
    priced = sum(lot.usd is not None for lot in stakes) / len(stakes) if stakes else 1.0
    return ledger.synced("logs") * priced
