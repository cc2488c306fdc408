"""What would change the score: the real scorecard on evidence changed in one respect."""

from dataclasses import dataclass, replace

from wallets.engine.borrowers import owed
from wallets.engine.evidence import Evidence, HealthRow
from wallets.engine.ledger import reconstruct
from wallets.engine.onchain_model import Model
from wallets.engine.onchain_score import components_of
from wallets.engine.pricing import DAY

REVOKE, REPAY, WAIT = "revoke_approvals", "repay", "wait"
CHANGES = (REVOKE, REPAY, WAIT)
APPROVALS = frozenset({"erc20.Approval", "erc721.ApprovalForAll", "permit2.Approval", "permit2.Permit"})


@dataclass(frozen=True)
class Change:
    """`revoke_approvals`; `repay` of `share` of what is owed (0 to 1); `wait` for `days`."""

    kind: str
    share: float = 1.0
    days: int = 90


@dataclass(frozen=True)
class Outcome:
    """Unrounded points gained (or lost) by a change, with the parameters that moved."""

    change: Change
    points: float
    parts: tuple[tuple[str, float], ...]


class Meaningless(ValueError):
    """The change does not apply to this evidence."""


def simulate(evidence: Evidence, model: Model, change: Change) -> Outcome:
    """Score the evidence with the change made. Raises Meaningless."""
    before = {part.key: part.points for part in components_of(reconstruct(evidence), model)}
    after = {part.key: part.points for part in components_of(reconstruct(_changed(evidence, change)), model)}
    parts = tuple((key, after[key] - before[key]) for key in after if abs(after[key] - before[key]) > 1e-12)
    return Outcome(change, sum(after.values()) - sum(before.values()), parts)


def _changed(evidence: Evidence, change: Change) -> Evidence:
    if change.kind == REVOKE:
        return _revoked(evidence)
    if change.kind == REPAY:
        return _repaid(evidence, change.share)
    if change.kind == WAIT:
        return _later(evidence, change.days)
    raise Meaningless(f"A change is one of: {', '.join(CHANGES)}.")


def _revoked(evidence: Evidence) -> Evidence:
    ledger = reconstruct(evidence)
    ended = {item.log for item in ledger.decoded if item.key in APPROVALS}
    if not ledger.approvals:
        raise Meaningless("No permission is open.")
    return replace(evidence, logs=tuple(log for log in evidence.logs if log not in ended))


def _repaid(evidence: Evidence, share: float) -> Evidence:
    """A Repay log of the pool for a share of every open debt; less debt raises the health factor in proportion."""
    if not 0 < share <= 1:
        raise Meaningless("Repay more than nothing and at most all of what is owed.")
    debts = owed(reconstruct(evidence))
    if not debts:
        raise Meaningless("Nothing is owed, or the pool is not one whose repayments can be simulated.")
    logs = tuple(debt.repayment(evidence.as_of, place, share) for place, debt in enumerate(debts))
    return replace(evidence, logs=(*evidence.logs, *logs), health=(*evidence.health, *_relieved(evidence, share)))


def _relieved(evidence: Evidence, share: float) -> tuple[HealthRow, ...]:
    last = {(row.chain, row.address, row.protocol): row for row in sorted(evidence.health)}
    return tuple(replace(row, at=evidence.as_of, factor=row.factor / (1 - share) if share < 1 else row.factor * 10)
                 for row in last.values())  # fmt: skip


def _later(evidence: Evidence, days: int) -> Evidence:
    """Nothing happens for some days: holdings, prices and permissions stay as they are."""
    if not 0 < days <= 3650:
        raise Meaningless("Wait between 1 and 3,650 days.")
    later = evidence.as_of + days * DAY
    last = {row.asset: row for row in sorted(evidence.prices)}
    standing = tuple(replace(row, at=later) for row in last.values() if row.at >= evidence.as_of - 3 * DAY)
    streams = tuple(replace(row, until=later) if row.until >= evidence.as_of else row for row in evidence.streams)
    return replace(evidence, as_of=later, prices=(*evidence.prices, *standing), streams=streams)
