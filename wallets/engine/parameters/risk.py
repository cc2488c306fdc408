"""Parameters 21 to 23: rug pulls, careless fees, open permissions."""

from wallets.engine.ledger import Ledger
from wallets.engine.parameters.drained import drained_pools
from wallets.engine.parameters.reading import Reading, Rule, judged
from wallets.engine.permits import Approval

AT_RISK = 1.0
"""Dollars; below it nothing worth taking lies open."""
KNOWN_SPENDER, STRANGER, FLAGGED = 0.25, 1.0, 3.0
EMPTY = 0.25
"""Weight of a permission on a token of which nothing is held now."""


def rug_exposure(ledger: Ledger, rule: Rule) -> Reading:
    """Share of the dollars sent that did not go into drained pools, flagged tokens or flagged addresses."""
    bad = {row.address for row in ledger.evidence.risks} | drained_pools(ledger)
    sent = [(flow, flow.usd) for flow in ledger.flows if not flow.incoming and flow.usd is not None]
    total = sum(usd for _, usd in sent)
    lost = sum(usd for flow, usd in sent if flow.other in bad or flow.asset.rpartition("/")[2] in bad)
    coverage = ledger.synced("native", "erc20") * ledger.priced()
    return judged(rule, {"clean_share": 1 - lost / total if total else None}, coverage)


def high_gas(ledger: Ledger, rule: Rule) -> Reading:
    """Share of own transactions above the 95th percentile of their block's price, and share that failed."""
    sent = (*ledger.outgoing, *ledger.failed)
    rated = [row for row in sent if row.price_p95 is not None]
    dear = sum(row.gas_price > row.price_p95 for row in rated if row.price_p95 is not None)
    values: dict[str, float | None] = {
        "high_gas_share": dear / len(rated) if rated else None,
        "failed_share": len(ledger.failed) / len(sent) if sent else None,
    }
    known = (len(rated) / len(sent) + 1) / 2 if rated else 1.0
    return judged(rule, values, ledger.synced("native") * known)


def approvals(ledger: Ledger, rule: Rule) -> Reading:
    """Open unlimited permissions, each weighted by what lies open and by who may take it."""
    held = {asset: usd for asset, _, usd in ledger.holdings()}
    flagged = {row.address for row in ledger.evidence.risks}
    known = set(ledger.contracts)
    weight = sum(_weight(approval, held, flagged, known) for approval in ledger.approvals if approval.unlimited)
    return judged(rule, {"weighted": weight}, ledger.synced("approvals"))


def _weight(approval: Approval, held: dict[str, float | None], flagged: set[str], known: set[str]) -> float:
    if approval.spender in flagged:
        return FLAGGED
    open_value = (held.get(approval.asset) or 0.0) >= AT_RISK
    return (KNOWN_SPENDER if approval.spender in known else STRANGER) * (1.0 if open_value else EMPTY)
