"""What people did with the scores, counted by day and told to scoring: rejections, and decisions against the policy."""

from collections import Counter
from datetime import date, datetime, timedelta

from django.db.models import Min, Q

from creditiq.kernel.clock import IST
from lending.models import ApplicationState, Decision, DecisionOutcome, LoanApplication
from scoring.services import Tally, record_conduct

TOLD_AGAIN = timedelta(days=400)
"""Days before this are told already: a decision is superseded sooner."""
FINAL = (DecisionOutcome.SANCTION, DecisionOutcome.DECLINE)


def report_conduct(*, at: datetime) -> int:
    """Tell scoring how many applications were decided on each day, declined, and against what the policy said.

    A decision that was superseded counts no more; the policy's own declines count as declined. Returns how many days.
    """
    since = at - TOLD_AGAIN
    decided: Counter[date] = Counter()
    declined: Counter[date] = Counter()
    overridden: Counter[date] = Counter()
    final = Decision.objects.filter(outcome__in=FINAL, superseded_by__isnull=True, at__gte=since, at__lte=at)
    for moment, outcome in final.values_list("at", "outcome"):
        decided[_day(moment)] += 1
        declined[_day(moment)] += outcome == DecisionOutcome.DECLINE
    for moment in final.filter(_AGAINST).values_list("at", flat=True):
        overridden[_day(moment)] += 1
    refused = LoanApplication.objects.filter(state=ApplicationState.AUTO_DECLINED)
    for moment in refused.annotate(refused_at=Min("assessments__as_of")).values_list("refused_at", flat=True):
        if moment is not None and since <= moment <= at:
            decided[_day(moment)] += 1
            declined[_day(moment)] += 1
    tallies = [Tally(day, decided[day], declined[day], overridden[day]) for day in sorted(decided)]
    return record_conduct(tallies=tallies, at=at)


def _said(*outcomes: str) -> Q:
    """The frozen picture of the facts carries the policy's verdict."""
    said = Q()
    for outcome in outcomes:
        said |= Q(snapshot__contains=f'"outcome":"{outcome}"')
    return said


_AGAINST = Q(outcome=DecisionOutcome.SANCTION) & _said("refer", "decline", "hold") | Q(
    outcome=DecisionOutcome.DECLINE
) & _said("recommend")


def _day(moment: datetime) -> date:
    return moment.astimezone(IST).date()
