"""Positions opened and closed, first in first out."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from wallets.engine.actions import Action


@dataclass(frozen=True)
class Lot:
    """One amount put somewhere: from when to when (None: still there), worth so much when it was put there."""

    contract: str
    protocol: str
    asset: str
    amount: int
    start: int
    end: int | None
    usd: float | None

    def seconds(self, since: int, until: int) -> int:
        """How long it lay there inside the window."""
        return max(0, min(self.end if self.end is not None else until, until) - max(self.start, since))


def lots(actions: Iterable[Action], opens: str, closes: str) -> list[Lot]:
    """Lots in order of opening. Closing more than is open closes what is open."""
    waiting: dict[tuple[str, str, str], list[Lot]] = defaultdict(list)
    closed: list[Lot] = []
    for action in actions:
        key = (action.contract, action.user, action.asset)
        if action.kind == opens and action.amount > 0:
            place = (action.contract, action.protocol, action.asset, action.amount, action.at)
            waiting[key].append(Lot(*place, None, action.usd))
        elif action.kind == closes:
            closed += _close(waiting[key], action.amount, action.at)
    still = [lot for queue in waiting.values() for lot in queue]
    return sorted(closed + still, key=lambda lot: (lot.start, lot.contract, lot.asset))


def _close(queue: list[Lot], amount: int, at: int) -> list[Lot]:
    done: list[Lot] = []
    while queue and amount > 0:
        first = queue.pop(0)
        part = min(amount, first.amount)
        amount -= part
        done.append(replace(first, amount=part, end=at, usd=_share(first, part)))
        if part < first.amount:
            queue.insert(0, replace(first, amount=first.amount - part, usd=_share(first, first.amount - part)))
    return done


def _share(lot: Lot, amount: int) -> float | None:
    return None if lot.usd is None else lot.usd * amount / lot.amount
