"""A foreign money-laundering simulation: other people, other amounts, other pace, and nothing was tuned on it.

After the shape of AMLSim (accounts with heavy-tailed degrees, transfers at regular or random intervals, planted cycles
among normal accounts) but written from scratch: dollars as paise between 3·10³ and 10⁵, months instead of weeks, cycles
of 3 to 6 accounts whose amounts shrink by a commission, hidden among the same accounts' ordinary payments.
"""

import numpy as np
import polars as pl

from fraud.engine.evaluation import ring_auc
from fraud.engine.policy import DAY, HOUR, FraudPolicy
from fraud.engine.population import screen_population
from tests.fraud.engine.payments import AS_OF, frames_of

ACCOUNTS, ORDINARY, SCHEMES = 900, 24_000, 30


def transfers(seed: int) -> tuple[list[tuple[int, int, int, int]], set[int]]:
    """(payer, payee, paise, microseconds) and the accounts of the planted cycles."""
    draw = np.random.default_rng(seed)
    popularity = draw.pareto(1.6, ACCOUNTS) + 0.3
    chance = popularity / popularity.sum()
    payer, payee = draw.integers(0, ACCOUNTS, ORDINARY), draw.choice(ACCOUNTS, ORDINARY, p=chance)
    amount = np.rint(np.exp(draw.normal(10.2, 1.1, ORDINARY))).astype(int) + 3_000
    at = AS_OF - draw.integers(0, 85 * DAY, ORDINARY)
    drawn = zip(payer.tolist(), payee.tolist(), amount.tolist(), at.tolist(), strict=True)
    rows = [row for row in drawn if row[0] != row[1]]
    guilty: set[int] = set()
    for _ in range(SCHEMES):
        members = draw.choice(ACCOUNTS, int(draw.integers(3, 7)), replace=False).tolist()
        guilty |= set(members)
        for _ in range(int(draw.integers(2, 6))):
            when, value = AS_OF - int(draw.integers(4, 80)) * DAY, float(np.exp(draw.normal(12.0, 0.5)))
            for one, other in zip(members, [*members[1:], members[0]], strict=True):
                rows.append((one, other, round(value), when))
                when += int(draw.integers(1, 11)) * HOUR
                value *= float(draw.uniform(0.9, 0.98))
    return rows, guilty


def test_guilty_accounts_of_a_foreign_simulation_are_told_apart_without_retuning() -> None:
    judged: list[tuple[float, bool]] = []
    for seed in (41, 42):
        rows, guilty = transfers(seed)
        edges = pl.DataFrame(
            [(*row, row[3], f"{number:012d}", "upi") for number, row in enumerate(rows)],
            schema=["payer", "payee", "amount_paise", "occurred_at", "received_at", "reference", "rail"],
            orient="row",
        )
        scan = screen_population(frames_of(edges, list(range(ACCOUNTS))), AS_OF, FraudPolicy())
        judged += [(values[1] or 0.0, account in guilty) for account, values in scan.network.items()]
    auc = ring_auc(judged)
    assert auc is not None
    assert auc >= 0.80, auc
