"""What the prices of the past would do to the loans that are open now.

The Aave paper's gap: a health factor says how things stand, not how soon they fall. Every 30 days of the price history
are played once more, starting from today's factor: HF(t) = HF now · (C(t)/D(t)) / (C(0)/D(0)), C and D the dollars of
what was supplied and of what is owed. Liquidation thresholds cancel as long as the mix stays what it is; interest and
further acts are left out.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wallets.engine.evidence import HealthRow
from wallets.engine.ledger import Ledger
from wallets.engine.pricing import DAY

WINDOW = 30
"""Days of one path."""
OLDEST = 5 * 365
SIGNS = {"supply": ("supplied", 1), "withdraw": ("supplied", -1), "borrow": ("owed", 1), "repay": ("owed", -1),
         "liquidated": ("owed", -1)}  # fmt: skip
Amounts = Mapping[str, int]


@dataclass(frozen=True)
class Stress:
    """One open loan: its factor now, the fall of the collateral against the debt that takes it to 1, and past paths.

    `lowest` is the factor at the worst point of the worst path, `liquidated` the share of paths that reach 1.
    """

    chain: str
    wallet: str
    protocol: str
    factor: float
    fall: float
    paths: int
    lowest: float
    liquidated: float


def stress(ledger: Ledger) -> tuple[Stress, ...]:
    """Every open loan with a known factor and a priced past of at least 30 days; others say nothing."""
    latest = {(row.chain, row.address, row.protocol): row for row in sorted(ledger.evidence.health, key=_moment)}
    found = (_stressed(ledger, row) for row in latest.values())
    return tuple(sorted((one for one in found if one is not None), key=lambda one: (one.factor, one.wallet)))


def _moment(row: HealthRow) -> int:
    return row.at


def _stressed(ledger: Ledger, row: HealthRow) -> Stress | None:
    held = _amounts(ledger, row)
    if not held["owed"] or not held["supplied"]:
        return None
    days = [_ratio(ledger, held, ledger.as_of - back * DAY) for back in range(OLDEST, -1, -1)]
    then, now = _ratio(ledger, held, row.at), days[-1]
    paths = _lows(days)
    if then is None or now is None or not paths:
        return None
    factor = row.factor * now / then
    return Stress(
        chain=row.chain,
        wallet=row.address,
        protocol=row.protocol,
        factor=factor,
        fall=max(0.0, 1 - 1 / factor) if factor else 0.0,
        paths=len(paths),
        lowest=factor * min(paths),
        liquidated=sum(factor * low < 1 for low in paths) / len(paths),
    )


def _amounts(ledger: Ledger, row: HealthRow) -> Mapping[str, Amounts]:
    """What the wallet has supplied and owes at the protocol, by asset."""
    sums: dict[str, dict[str, int]] = {"supplied": defaultdict(int), "owed": defaultdict(int)}
    for act in ledger.actions:
        if (act.chain, act.user, act.protocol) == (row.chain, row.address, row.protocol) and act.kind in SIGNS:
            side, sign = SIGNS[act.kind]
            sums[side][act.asset] += sign * act.amount
    return {side: {asset: amount for asset, amount in held.items() if amount > 0} for side, held in sums.items()}


def _ratio(ledger: Ledger, held: Mapping[str, Amounts], at: int) -> float | None:
    """Dollars supplied over dollars owed; None when a price is unknown."""
    sides = [_worth(ledger, held[side], at) for side in ("supplied", "owed")]
    return sides[0] / sides[1] if sides[0] and sides[1] else None


def _worth(ledger: Ledger, amounts: Amounts, at: int) -> float | None:
    total = 0.0
    for asset, amount in amounts.items():
        usd = ledger.book.usd(asset, amount, at)
        if usd is None:
            return None
        total += usd
    return total


def _lows(days: Sequence[float | None]) -> list[float]:
    """The lowest point of each path of 30 known days, as a share of its start."""
    lows = []
    for start in range(len(days) - WINDOW):
        path = days[start : start + WINDOW + 1]
        known = [ratio for ratio in path if ratio is not None]
        if len(known) == len(path):
            lows.append(min(known) / known[0])
    return lows
