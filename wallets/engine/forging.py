"""Cost to forge: dollars and days somebody needs to raise a parameter to its top anchor without being good at all.

Gas is what this wallet paid per transaction. Capital is bound, not spent: it costs 5 % a year (`CAPITAL_COST`). What
cannot be bought quickly is counted in days. A cost that cannot be known from the evidence is None.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median

from wallets.engine.ledger import Ledger
from wallets.engine.onchain_model import Model
from wallets.engine.parameters.reading import Rule

CAPITAL_COST = 0.05
YEAR = 365.0


@dataclass(frozen=True)
class Cost:
    """Dollars (None: unknown) and days to reach the top anchor of a parameter from nothing."""

    key: str
    name: str
    usd: float | None
    days: float


def costs(ledger: Ledger, model: Model) -> tuple[Cost, ...]:
    """One cost for every parameter of the model, in its order."""
    gas = _gas(ledger)
    found = []
    for rule in model.rules:
        sent, capital, days = NEEDS[rule.key](rule)
        bound = capital * CAPITAL_COST * days / YEAR
        usd = bound if not sent else None if gas is None else gas * sent + bound
        found.append(Cost(rule.key, rule.name, usd, days))
    return tuple(found)


def _gas(ledger: Ledger) -> float | None:
    """Median dollars of a fee of this wallet."""
    fees = [ledger.book.usd(f"{row.chain}/native", row.fee, row.at) for row in ledger.outgoing if row.fee]
    known = [fee for fee in fees if fee is not None]
    return median(known) if known else None


def _top(rule: Rule, quantity: str) -> float:
    return rule.anchors[quantity][2]


NEEDS: Mapping[str, Callable[[Rule], tuple[float, float, float]]] = {
    # transactions to send, dollars bound, days
    "age": lambda rule: (1, 0, _top(rule, "days")),
    "active_wallets": lambda rule: (2 * _top(rule, "wallets"), 0, 1),
    "verification": lambda rule: (0, 0, 0),
    "transactions": lambda rule: (_top(rule, "count"), 0, 1),
    "volume": lambda rule: (6, _top(rule, "usd") / 6, 2),
    "average_value": lambda rule: (2, _top(rule, "median"), 2),
    "frequency": lambda rule: (24, 0, _top(rule, "share") * YEAR),
    "in_out": lambda rule: (2, 100, 2),
    "stablecoins": lambda rule: (4, 1_000, 2),
    "staked": lambda rule: (2, _top(rule, "usd"), 180),
    "duration": lambda rule: (2, 1, _top(rule, "days")),
    "staking_contracts": lambda rule: (2 * _top(rule, "contracts"), 10, 1),
    "rewards": lambda rule: (3, 100, YEAR),
    "protocols": lambda rule: (_top(rule, "count"), 10, 1),
    "liquidity": lambda rule: (2, _top(rule, "usd_days") / 90, 90),
    "farming": lambda rule: (_top(rule, "stakes"), 10, _top(rule, "stakes")),
    "borrowing": lambda rule: (40, 2_000, 720),
    "diversity": lambda rule: (_top(rule, "tokens"), 80, 1),
    "blue_chips": lambda rule: (1, 100, 1),
    "volatility": lambda rule: (1, 100, 1),
    "rug_exposure": lambda rule: (1, 10, 1),
    "high_gas": lambda rule: (100, 0, 1),
    "approvals": lambda rule: (0, 0, 0),
    "nfts": lambda rule: (_top(rule, "pieces"), 100, 1),
}
