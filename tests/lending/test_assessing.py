"""The verdict follows the score; decisions stay."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from lending.models import Assessment
from lending.services import decide, redecide_open_applications
from lending.tasks import redecide_open_applications as task
from tests.factories.lending import AT, ScoreRunFactory


def test_a_new_score_brings_a_new_verdict_and_twice_brings_no_second(desk):
    redecide_open_applications(business_id=desk.business.pk, as_of=AT)
    worse = ScoreRunFactory(business=desk.business, as_of=AT + timedelta(days=1), score=500, low=480, high=520,
                            band="high_risk", pd=0.33)  # fmt: skip

    redecide_open_applications(business_id=desk.business.pk, as_of=AT + timedelta(days=1))
    redecide_open_applications(business_id=desk.business.pk, as_of=AT + timedelta(days=2))

    verdicts = list(desk.application.assessments.order_by("as_of"))
    assert [(verdict.outcome, verdict.score_run) for verdict in verdicts] == [
        ("recommend", desk.run),
        ("refer", worse),
    ]
    assert verdicts[1].limit < verdicts[0].limit


def test_what_a_person_decided_is_left_alone(desk):
    decide(
        application_id=desk.application.uuid, outcome="decline", reason_codes=["purpose.not_financed"], note="",
        by=desk.officer, at=AT,
    )  # fmt: skip

    assert redecide_open_applications(business_id=desk.business.pk, as_of=AT) == []
    desk.application.refresh_from_db()
    assert desk.application.state == "declined"


def test_without_a_score_there_is_nothing_to_say(desk):
    assert redecide_open_applications(business_id=desk.business.pk + 1, as_of=AT) == []


def test_the_task_does_the_same(desk):
    task(business_id=desk.business.pk, score_id=desk.run.pk, topic="scoring.ScoreIssued")

    assert desk.application.assessments.count() == 1


def test_a_verdict_is_never_changed(desk):
    redecide_open_applications(business_id=desk.business.pk, as_of=AT)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Assessment.objects.update(outcome="decline")
