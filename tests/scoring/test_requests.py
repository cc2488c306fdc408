"""Asking for a score, and the promise that everybody is answered."""

from datetime import timedelta

import pytest

from creditiq.kernel.errors import InvalidInput, NotVisible
from creditiq.kernel.events import capture_events
from creditiq.kernel.identifiers import gstin
from scoring.events import ScoreRequested
from scoring.models import ModelVersion, RequestState, ScoreRequest
from scoring.selectors import report_of_request, visible_request
from scoring.services import (
    UnableToScore,
    answer_request,
    request_score,
    request_score_of_gstin,
    requeue_requests,
    score_business,
)
from tests.factories.accounts import BusinessFactory, OwnerFactory
from tests.scoring.conftest import NOW, Town

STRANGER = gstin.compose(29, "AAACZ9999K")


def test_a_request_is_queued_and_answered(champion: ModelVersion, town: Town) -> None:
    with capture_events() as events:
        request = request_score(business_id=town.priya.pk, by=town.owner, at=NOW)
    assert events == [ScoreRequested(request_id=request.pk, business_id=town.priya.pk)]
    assert report_of_request(request).estimated_wait_seconds is not None
    answer_request(request_id=request.pk, as_of=NOW + timedelta(seconds=1))
    request.refresh_from_db()
    report = report_of_request(request)
    assert (request.state, report.status) == (RequestState.COMPLETE, "complete")
    assert report.credit_score == request.run.score
    assert [reason["code"] for reason in report.top_reasons][-1] == "path_to_prime"
    assert len(report.top_reasons) <= 6
    assert all(reason["sentence"] for reason in report.top_reasons)
    assert report.shap_waterfall


def test_a_score_for_new_evidence_answers_those_who_wait(champion: ModelVersion, town: Town) -> None:
    request = request_score(business_id=town.priya.pk, by=town.owner, at=NOW)
    run = score_business(business_id=town.priya.pk, as_of=NOW + timedelta(seconds=1), screening_id=4)
    request.refresh_from_db()
    assert request.run == run
    assert answer_request(request_id=request.pk, as_of=NOW + timedelta(seconds=2)) == run


def test_a_worker_whose_clock_is_behind_answers_all_the_same(champion: ModelVersion, town: Town) -> None:
    request = request_score(business_id=town.priya.pk, by=town.owner, at=NOW)
    answer_request(request_id=request.pk, as_of=NOW - timedelta(seconds=2))
    request.refresh_from_db()
    assert request.state == RequestState.COMPLETE


def test_a_score_of_older_evidence_answers_nobody(champion: ModelVersion, town: Town) -> None:
    request = request_score(business_id=town.priya.pk, by=town.owner, at=NOW)
    score_business(business_id=town.priya.pk, as_of=NOW - timedelta(seconds=1))
    request.refresh_from_db()
    assert request.state == RequestState.PENDING


@pytest.mark.parametrize(
    ("text", "rule"),
    [("29AAACZ9999K1Z0", "gstin.check_digit"), ("29AAAC", "gstin.length"), ("x" * 15, "gstin.pattern")],
)
def test_a_broken_gstin_is_refused_with_its_rule(db: None, text: str, rule: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        request_score_of_gstin(gstin=text, by=OwnerFactory(), at=NOW)
    assert (refused.value.field, refused.value.rule) == ("gstin", rule)


def test_a_gstin_nobody_registered_is_answered_at_once_and_only_to_who_asked(db: None) -> None:
    owner = OwnerFactory()
    request = request_score_of_gstin(gstin=STRANGER, by=owner, at=NOW)
    report = report_of_request(visible_request(user=owner, task_id=request.uuid))
    assert (report.status, report.credit_score) == ("insufficient_evidence", None)
    assert report.missing
    with pytest.raises(NotVisible):
        visible_request(user=OwnerFactory(), task_id=request.uuid)


def test_another_tenants_business_does_not_exist(db: None) -> None:
    business = BusinessFactory()
    with pytest.raises(NotVisible):
        request_score_of_gstin(gstin=business.gstin, by=OwnerFactory(), at=NOW)
    with pytest.raises(NotVisible):
        request_score(business_id=business.pk + 1, by=OwnerFactory(), at=NOW)


def test_who_waits_longer_than_ten_seconds_is_queued_again(champion: ModelVersion, town: Town) -> None:
    request = request_score(business_id=town.priya.pk, by=town.owner, at=NOW)
    with capture_events() as events:
        assert requeue_requests(at=NOW + timedelta(seconds=9)) == 0
        assert requeue_requests(at=NOW + timedelta(seconds=11)) == 1
        assert requeue_requests(at=NOW + timedelta(seconds=12)) == 0
    assert events == [ScoreRequested(request_id=request.pk, business_id=town.priya.pk)]


def test_after_ten_minutes_the_person_is_told(champion: ModelVersion, town: Town) -> None:
    request = request_score(business_id=town.priya.pk, by=town.owner, at=NOW)
    requeue_requests(at=NOW + timedelta(minutes=11))
    request.refresh_from_db()
    assert request.state == RequestState.FAILED
    assert report_of_request(request).error


def test_a_failure_is_told_to_who_waits(town: Town) -> None:
    request = request_score(business_id=town.priya.pk, by=town.owner, at=NOW)
    with pytest.raises(UnableToScore):
        answer_request(request_id=request.pk, as_of=NOW + timedelta(seconds=1))
    assert ScoreRequest.objects.get(pk=request.pk).state == RequestState.FAILED
