"""Parameters 14 to 16: protocols used, liquidity given, farming."""

from collections import Counter
from math import log

from wallets.engine.ledger import Ledger
from wallets.engine.parameters.drained import drained_pools
from wallets.engine.parameters.history import effective
from wallets.engine.parameters.reading import Reading, Rule, judged
from wallets.engine.positions import lots
from wallets.engine.pricing import DAY

RECEIPTS = frozenset({"lp", "receipt"})


def protocols(ledger: Ledger, rule: Rule) -> Reading:
    """Distinct protocols of the registry, and how evenly they are used (entropy as a share of its maximum)."""
    used = Counter(act.protocol for act in ledger.actions)
    evenness = log(effective(map(float, used.values()))) / log(len(used)) if len(used) > 1 else 0.0
    values: dict[str, float | None] = {"count": float(len(used)), "entropy": evenness}
    return judged(rule, values, ledger.synced("logs"))


def liquidity(ledger: Ledger, rule: Rule) -> Reading:
    """Dollar-days of liquidity in pools that were not drained."""
    drained = drained_pools(ledger)
    given = [lot for lot in lots(ledger.actions, "lp_in", "lp_out") if lot.contract not in drained]
    days = sum((lot.usd or 0.0) * lot.seconds(0, ledger.as_of) / DAY for lot in given)
    priced = sum(lot.usd is not None for lot in given) / len(given) if given else 1.0
    return judged(rule, {"usd_days": days}, ledger.synced("logs") * priced)


def farming(ledger: Ledger, rule: Rule) -> Reading:
    """Days on which pool shares or receipts were staked; many stakes in a day are one."""
    kinds = {asset: token.kind for asset, token in ledger.book.tokens.items()}
    days = {act.at // DAY for act in ledger.actions if act.kind == "stake" and kinds.get(act.asset) in RECEIPTS}
    return judged(rule, {"stakes": float(len(days))}, ledger.synced("logs"))
