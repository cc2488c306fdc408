"""Hold a fraud rule against what was decided: the decisions are ours, the screenings are fraud's."""

from datetime import date, datetime
from uuid import UUID

from accounts.models import User
from creditiq.kernel.clock import IST
from creditiq.kernel.money import to_paise
from fraud.models import Backtest
from fraud.services import BacktestPeriod, Decided
from fraud.services import backtest_rule as hold_against
from lending.models import Decision, DecisionOutcome, LoanApplication


def backtest_rule(*, rule_id: UUID, version: int, days: tuple[date, date], by: User, at: datetime) -> Backtest:
    """What a version would have done to the decisions of `days` (both inclusive, Indian time) the person may see.

    Raises NotVisible, Forbidden, InvalidInput.
    """
    decided = decided_in(days, by, at)
    return hold_against(rule_id=rule_id, version=version, period=BacktestPeriod(*days), decided=decided, by=by, at=at)


def decided_in(days: tuple[date, date], user: User, at: datetime) -> list[Decided]:
    """The sanctions and declines of the days, each with the paise it granted."""
    since, until = (
        datetime.combine(days[0], datetime.min.time(), IST),
        datetime.combine(days[1], datetime.max.time(), IST),
    )
    last = Decision.objects.filter(
        application__in=LoanApplication.objects.visible_to(user, at),
        outcome__in=(DecisionOutcome.SANCTION, DecisionOutcome.DECLINE),
        at__range=(since, until),
    )
    rows = last.in_order().values_list("application__business_id", "outcome", "application__amount")
    return [
        Decided(business, outcome == DecisionOutcome.SANCTION, to_paise(amount) if outcome == "sanction" else 0)
        for business, outcome, amount in rows
    ]
