"""The inner 90 % band of a score: block bootstrap over the weeks of activity, seeded by the evidence."""

from numpy.random import default_rng

from wallets.engine.evidence import Evidence
from wallets.engine.ledger import reconstruct
from wallets.engine.onchain_model import Model
from wallets.engine.onchain_score import components_of, whole

DRAWS = 40
FEWEST_WEEKS = 8
INNER = (0.05, 0.95)


def likely_range(evidence: Evidence, model: Model, draws: int = DRAWS) -> tuple[int, int] | None:
    """Points at 5 % and 95 % over as many draws of whole weeks; None with fewer than eight weeks of activity.

    Weeks, not movements, are drawn: what happens in one week hangs together. The same evidence draws the same weeks.
    """
    ledger = reconstruct(evidence)
    weeks = ledger.weeks()
    if len(weeks) < FEWEST_WEEKS:
        return None
    dice = default_rng(int(evidence.root[:16], 16))
    sums = []
    for _ in range(draws):
        places = dice.integers(0, len(weeks), len(weeks)).tolist()
        drawn = ledger.of_weeks([weeks[place] for place in places])
        sums.append(sum(part.points for part in components_of(drawn, model)))
    sums.sort()
    low, high = (sums[round(share * (draws - 1))] for share in INNER)
    return whole(low), whole(high)
