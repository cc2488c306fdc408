"""What a better score would be worth in rupees: the limits of today's policy on it, everything else as it is."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from lending.engine.verdict import evaluate
from lending.selectors.dossiers import dossier
from lending.selectors.policies import policy_at
from scoring.models import ScoreRun


@dataclass(frozen=True)
class Worth:
    """Rupees that could be borrowed, now and on the other score."""

    working_capital: Decimal
    working_capital_after: Decimal
    term_loan: Decimal
    term_loan_after: Decimal

    @property
    def gain(self) -> Decimal:
        """Rupees more, both kinds of credit together; below 0 when less."""
        return self.working_capital_after + self.term_loan_after - self.working_capital - self.term_loan


def worth_of(*, run: ScoreRun, score: int, pd: float, band: str, at: datetime) -> Worth:
    """The limits on the run's score and on another one, by the policy in force at `at`; an estimate, not an offer."""
    facts = dossier(business=run.business, run=run, at=at)
    chance = Decimal(repr(pd)).quantize(Decimal("0.00000001"))
    better = replace(facts, score=replace(facts.score, score=score, pd=chance, band=band))
    rules = policy_at(at)
    now, then = evaluate(facts, rules.policy).limit, evaluate(better, rules.policy).limit
    return Worth(now.working_capital.amount, then.working_capital.amount, now.term_loan.amount, then.term_loan.amount)
