"""What the holder of a wallet should hear of at once: a listed address, a loan close to liquidation, a permission."""

from collections.abc import Iterator
from dataclasses import dataclass

from wallets.engine.addresses import ADDRESS
from wallets.engine.evidence import Evidence
from wallets.engine.ledger import Ledger, reconstruct
from wallets.engine.onchain_score import flags_of
from wallets.engine.parameters.borrowing import SAFE
from wallets.engine.parameters.risk import AT_RISK

SANCTIONS, HEALTH, APPROVAL = "sanctions_hit", "health_factor_low", "approval_risk"
KINDS = (SANCTIONS, HEALTH, APPROVAL)


@dataclass(frozen=True, order=True)
class Hazard:
    """One thing to hear of. `subject` names it and stays the same while it lasts; `facts` are words for people."""

    kind: str
    subject: str
    facts: str


def hazards(evidence: Evidence) -> tuple[Hazard, ...]:
    """Everything about one evidence set that cannot wait until somebody looks."""
    ledger = reconstruct(evidence)
    return tuple(sorted({*listed(ledger), *_unhealthy(ledger), *_open(ledger)}))


def listed(ledger: Ledger) -> Iterator[Hazard]:
    """Addresses of lists that the wallets are or dealt with."""
    for flag in flags_of(ledger):
        what = "is" if flag.address in ledger.own else "dealt with"
        facts = f"The wallet {what} {flag.address}, {flag.kind} by the list {flag.list} of {flag.date}."
        yield Hazard(SANCTIONS, f"{flag.kind}:{flag.list}:{flag.address}", facts)


def _unhealthy(ledger: Ledger) -> Iterator[Hazard]:
    """Loans whose latest health factor is below 1.1, the bound that parameter 17 counts time below."""
    latest = {(row.chain, row.address, row.protocol): row for row in sorted(ledger.evidence.health, key=_by_time)}
    for (chain, address, protocol), row in latest.items():
        if row.factor < SAFE:
            facts = f"Health factor {row.factor:.2f} at {protocol}: below 1 the loan is liquidated."
            yield Hazard(HEALTH, f"{chain}:{address}:{protocol}", facts)


def _by_time(row: object) -> int:
    return int(getattr(row, "at", 0))


def _open(ledger: Ledger) -> Iterator[Hazard]:
    """Unlimited permissions of a listed spender, or of one that nobody knows while something worth taking lies open."""
    held = {asset: usd for asset, _, usd in ledger.holdings()}
    flagged = {row.address for row in ledger.evidence.risks}
    for row in ledger.approvals:
        worth = held.get(row.asset) or 0.0
        stranger = row.spender not in ledger.contracts and worth >= AT_RISK
        if row.unlimited and (row.spender in flagged or stranger):
            who = "a listed address" if row.spender in flagged else "no contract that we know"
            facts = f"{row.spender}, {who}, may take all of {row.token} (worth {worth:,.0f} dollars now)."
            yield Hazard(APPROVAL, f"{row.chain}:{row.token}:{row.spender}:{row.through}", facts)


def met(evidence: Evidence) -> frozenset[str]:
    """Every address that the evidence names: wallets, both ends of everything that moved, spenders, emitters."""
    found = {row.address for row in evidence.wallets}
    found |= {end for row in evidence.transactions for end in (row.sender, row.recipient)}
    found |= {end for row in evidence.transfers for end in (row.sender, row.recipient, row.asset.rpartition("/")[2])}
    for log in evidence.logs:
        words = (*log.topics[1:], *(f"0x{log.data[at : at + 64]}" for at in range(2, len(log.data), 64)))
        found |= {log.address, *(f"0x{word[26:]}" for word in words if word.startswith(EMPTY))}
    return frozenset(address for address in found if ADDRESS.fullmatch(address))


EMPTY = f"0x{'0' * 24}"
"""How a word of 32 bytes begins that holds an address."""
