"""A stored score asked further, as services and over the API."""

import math
from datetime import timedelta

import pytest
from rest_framework.test import APIClient

from accounts.models import Consent
from scoring.models import ModelVersion, ScoreRun
from scoring.selectors import history, score_percentile, told_reasons
from scoring.services import (
    NoNumber,
    UnableToCompare,
    compare_runs,
    dials,
    percentiles,
    plan_of,
    refusal_reasons,
    score_business,
    score_population,
    try_out,
)
from tests.factories.accounts import OwnerFactory
from tests.scoring.conftest import NOW, Town


@pytest.fixture
def runs(champion: ModelVersion, town: Town) -> tuple[ScoreRun, ScoreRun]:
    """The same firm six weeks apart."""
    first = score_business(business_id=town.priya.pk, as_of=NOW - timedelta(days=42))
    return first, score_business(business_id=town.priya.pk, as_of=NOW)


def client_of(user: object) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


def test_a_difference_adds_up_to_the_published_numbers(runs: tuple[ScoreRun, ScoreRun]) -> None:
    first, second = runs
    found = compare_runs(first, second, at=NOW)
    assert (found.first, found.second) == (first.score, second.score)
    assert math.fsum(move.points for move in found.moves) == pytest.approx(found.total, abs=1e-9)
    moved = {move.kind: move for move in found.moves}
    assert moved["time"].features
    assert moved["evidence"].features
    assert moved["model"].points == 0.0
    assert abs(moved["rounding"].points) < 1.0


def test_the_order_of_asking_does_not_matter(runs: tuple[ScoreRun, ScoreRun]) -> None:
    first, second = runs
    assert compare_runs(second, first, at=NOW) == compare_runs(first, second, at=NOW)


def test_without_new_evidence_only_time_moves_a_score(champion: ModelVersion, town: Town) -> None:
    first = score_business(business_id=town.priya.pk, as_of=NOW)
    second = score_business(business_id=town.priya.pk, as_of=NOW + timedelta(days=20))
    moved = {move.kind: move.points for move in compare_runs(first, second, at=NOW).moves}
    assert moved["evidence"] == pytest.approx(0.0, abs=1e-9)
    assert moved["time"] != 0.0


def test_evidence_that_may_no_longer_be_read_is_not_compared(runs: tuple[ScoreRun, ScoreRun], town: Town) -> None:
    Consent.objects.filter(business=town.priya).update(status="withdrawn", withdrawn_at=NOW)
    with pytest.raises(UnableToCompare, match="consent has ended"):
        compare_runs(*runs, at=NOW + timedelta(days=1))


def test_scores_of_two_firms_are_not_compared(runs: tuple[ScoreRun, ScoreRun], town: Town) -> None:
    other = score_business(business_id=town.businesses[1].pk, as_of=NOW)
    with pytest.raises(UnableToCompare, match="different businesses"):
        compare_runs(runs[0], other, at=NOW)


def test_without_a_number_there_is_nothing_to_explain(champion: ModelVersion, town: Town) -> None:
    Consent.objects.filter(business=town.priya).update(status="withdrawn", withdrawn_at=NOW - timedelta(days=1))
    run = score_business(business_id=town.priya.pk, as_of=NOW)
    for ask in (plan_of, dials, percentiles, refusal_reasons):
        with pytest.raises(NoNumber):
            ask(run)


def test_what_if_starts_from_the_published_score(runs: tuple[ScoreRun, ScoreRun]) -> None:
    run = runs[1]
    trial = try_out(run, {dial.feature: dial.high for dial in dials(run)[:2]})
    assert trial.now.score == run.score
    assert math.fsum(trial.parts.values()) == pytest.approx(trial.gain)


def test_reasons_of_a_refusal_over_everybody(champion: ModelVersion, town: Town) -> None:
    score_population(as_of=NOW)
    for run in ScoreRun.objects.complete().select_related("business", "model_version"):
        reasons = refusal_reasons(run)
        assert len(reasons) <= 4
        assert all(reason.points < 0 and reason.repairable for reason in reasons)


def test_reasons_are_told_in_the_language_asked_for(runs: tuple[ScoreRun, ScoreRun]) -> None:
    english, tamil = (told_reasons(runs[1], language) for language in ("en", "ta"))
    assert [reason.code for reason in english] == [reason.code for reason in tamil]
    assert all(one.sentence != other.sentence for one, other in zip(english, tamil, strict=True))
    assert [reason.sentence for reason in english] == [reason["sentence"] for reason in runs[1].reasons]


def test_history_tells_changes_and_a_percentile_needs_company(runs: tuple[ScoreRun, ScoreRun]) -> None:
    first, second = runs
    past = history(second.business_id)
    assert [row.uuid for row in past] == [second.uuid, first.uuid]
    assert past[0].change == (second.score or 0) - (first.score or 0)
    assert past[1].change is None
    assert score_percentile(second) is None


@pytest.mark.parametrize("operation", ["reasons", "waterfall", "recourse"])
def test_each_operation_answers_in_tamil_and_only_to_those_who_may_see(
    operation: str, runs: tuple[ScoreRun, ScoreRun], town: Town
) -> None:
    address = f"/api/v1/scores/{runs[1].uuid}/{operation}?language=ta"
    answer = client_of(town.owner).get(address)
    assert answer.status_code == 200, answer.content
    assert answer.json()["language"] == "ta"
    assert client_of(OwnerFactory()).get(address).status_code == 404


def test_recourse_over_the_api_has_points_rupees_and_months(runs: tuple[ScoreRun, ScoreRun], town: Town) -> None:
    found = client_of(town.owner).get(f"/api/v1/scores/{runs[1].uuid}/recourse").json()
    if found["target"]:
        assert math.fsum(step["gain"] for step in found["steps"]) == pytest.approx(
            found["score_after"] - found["score"], abs=1.5
        )
        assert set(found["worth"]) >= {"working_capital", "working_capital_after", "gain"}
        assert all(1 <= step["months"] <= 6 for step in found["steps"])


def test_what_if_over_the_api_names_what_it_refuses(runs: tuple[ScoreRun, ScoreRun], town: Town) -> None:
    client, address = client_of(town.owner), f"/api/v1/scores/{runs[1].uuid}/what_if"
    feature = dials(runs[1])[0]
    answer = client.post(address, {"values": {feature.feature: feature.high}}, format="json")
    assert answer.status_code == 200, answer.content
    assert answer.json()["score"] == runs[1].score
    refused = client.post(address, {"values": {"fraud_confidence": 0.0}}, format="json")
    assert refused.status_code == 422
    assert "fraud_confidence" in refused.content.decode()


def test_the_difference_over_the_api_adds_up(runs: tuple[ScoreRun, ScoreRun], town: Town) -> None:
    found = client_of(town.owner).get(f"/api/v1/scores/{runs[0].uuid}/diff/{runs[1].uuid}?language=hi").json()
    assert math.fsum(move["points"] for move in found["moves"]) == pytest.approx(found["total"], abs=1e-6)
    listed = client_of(town.owner).get("/api/v1/scores", {"business": str(town.priya.uuid)}).json()["results"]
    assert [row["score_id"] for row in listed] == [str(runs[1].uuid), str(runs[0].uuid)]
