"""The fraud standing at a moment, and what it stops."""

from datetime import timedelta

import pytest

from lending.selectors.assessments import assess
from lending.selectors.standings import NEVER_SCREENED, standing_at
from lending.services import UnableToDecide, decide
from tests.factories.lending import AT

HOUR = timedelta(hours=1)


def judge(alert, desk, state):
    """A person decides the alert at AT."""
    alert.state, alert.decided_at, alert.decided_by, alert.reason = state, AT, desk.risk, "Seen."
    alert.save()


def test_before_the_first_screening_nothing_is_known(desk, alert):
    assert standing_at(business_id=desk.business.pk, at=AT - 4 * HOUR) == NEVER_SCREENED


def test_a_suspect_is_held_and_every_limit_is_zero(desk, alert):
    verdict = assess(business=desk.business, run=desk.run, at=AT, application=desk.application).verdict

    assert verdict.outcome == "hold"
    assert verdict.limit.working_capital.amount == 0


@pytest.mark.parametrize("outcome", ["recommend", "sanction"])
def test_a_held_business_is_neither_recommended_nor_sanctioned(desk, alert, outcome):
    by = desk.officer
    if outcome == "sanction":
        type(desk.application).objects.filter(pk=desk.application.pk).update(state="recommended")
        by = desk.risk

    with pytest.raises(UnableToDecide) as refused:
        decide(
            application_id=desk.application.uuid, outcome=outcome, reason_codes=["score.meets"], note="", by=by, at=AT
        )

    assert refused.value.code == "held_by_fraud_policy"


def test_a_held_business_can_be_declined(desk, alert):
    decision = decide(
        application_id=desk.application.uuid, outcome="decline", reason_codes=["documents.unverified"], note="",
        by=desk.officer, at=AT,
    )  # fmt: skip

    assert decision.outcome == "decline"


def test_a_dismissal_frees_from_its_moment_on_and_not_before(desk, alert):
    judge(alert, desk, "dismissed")

    assert standing_at(business_id=desk.business.pk, at=AT - timedelta(minutes=1)).held
    assert not standing_at(business_id=desk.business.pk, at=AT).held


def test_a_confirmation_counts_from_its_moment_on(desk, alert):
    judge(alert, desk, "confirmed")

    before = standing_at(business_id=desk.business.pk, at=AT - timedelta(minutes=1))
    after = standing_at(business_id=desk.business.pk, at=AT)
    assert (before.held, before.confirmed, after.confirmed) == (True, False, True)
