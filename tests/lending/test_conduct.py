"""What people decided on scores is counted by day and told to scoring."""

from datetime import timedelta

from creditiq.kernel.clock import IST
from lending import tasks
from lending.services.assessing import redecide_everybody
from lending.services.conduct import report_conduct
from scoring.models import DecisionTally
from tests.factories.lending import AT
from tests.lending.test_deciding import decline, recommend, sanction

LATER = AT + timedelta(minutes=5)


def test_a_decline_against_the_policy_is_an_override(desk) -> None:
    assert report_conduct(at=LATER) == 0
    decline(desk)
    assert report_conduct(at=LATER) == 1
    assert report_conduct(at=LATER) == 1
    tally = DecisionTally.objects.get()
    assert (tally.decided, tally.declined, tally.overridden) == (1, 1, 1)  # the policy would have recommended it
    assert tally.day == AT.astimezone(IST).date()


def test_a_recommendation_waits_and_is_not_counted(desk) -> None:
    recommend(desk)
    assert report_conduct(at=LATER) == 0
    assert not DecisionTally.objects.exists()
    sanction(desk)
    assert report_conduct(at=LATER + timedelta(hours=2)) == 1
    tally = DecisionTally.objects.get()
    assert (tally.decided, tally.declined, tally.overridden) == (1, 0, 0)
    tasks.report_all_outcomes()


def test_everybody_open_is_evaluated_on_the_newest_score(desk) -> None:
    assert redecide_everybody(as_of=LATER) == 1
    assert redecide_everybody(as_of=LATER) == 0
    tasks.redecide_everybody()
