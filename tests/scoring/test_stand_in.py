"""The points table answers while the model is suspended: labelled everywhere, replayed, and never by itself undone."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role
from scoring.engine.bands import DEFAULT_BANDS
from scoring.models import AnsweredBy, ModelVersion, ScoreRun
from scoring.selectors import paper_of, score_report
from scoring.services import (
    Developed,
    compare_runs,
    plan_of,
    refusal_reasons,
    register,
    replay_score,
    score_business,
    score_population,
    step_version,
    try_out,
)
from scoring.services import dials as dials_of
from scoring.services.cards import table_card_of
from tests.factories.accounts import UserFactory
from tests.scoring.conftest import NOW, Town
from tests.scoring.test_versions import calling

LATER = NOW + timedelta(days=1)


@pytest.fixture
def suspended(champion: ModelVersion, town: Town) -> ModelVersion:
    """Priya was scored by the model; then it was suspended, with nothing before it."""
    score_business(business_id=town.priya.pk, as_of=NOW)
    risk = UserFactory(role=Role.RISK_MANAGER)
    return step_version(version=champion.version, act="suspend", by=risk, at=NOW, note="It drifts.")


def test_scoring_goes_on_from_the_points_table_and_says_so(suspended: ModelVersion, town: Town) -> None:
    run = score_business(business_id=town.priya.pk, as_of=LATER)
    assert (run.answered_by, run.model_version) == (AnsweredBy.SCORECARD, suspended)
    paper = paper_of(run)
    assert (run.score, run.band) == (paper.score, DEFAULT_BANDS.of(paper.score).name)
    assert run.base_points + sum(run.contributions.values()) == pytest.approx(run.points)
    assert run.low < run.score < run.high
    assert replay_score(run) == bytes(run.snapshot)
    assert score_report(run).model == {"kind": "scorecard", "version": suspended.version, "digest": suspended.digest}
    first = ScoreRun.objects.of(town.priya.pk).get(as_of=NOW)
    assert score_report(first).model["kind"] == "model"
    assert replay_score(first) == bytes(first.snapshot)


def test_a_number_from_the_table_is_explained_and_can_be_tried(suspended: ModelVersion, town: Town) -> None:
    run = score_business(business_id=town.priya.pk, as_of=LATER)
    assert plan_of(run) is not None or run.band == "very_low_risk"
    assert len(refusal_reasons(run)) <= 4
    dial = dials_of(run)[0]
    assert try_out(run, {dial.feature: dial.now}).gain == 0
    before = ScoreRun.objects.of(town.priya.pk).get(as_of=NOW)
    found = compare_runs(before, run, at=LATER)
    assert sum(move.points for move in found.moves) == pytest.approx(run.score - before.score)


def test_one_by_one_and_everybody_at_once_agree(suspended: ModelVersion, town: Town) -> None:
    score_population(as_of=LATER)
    runs = ScoreRun.objects.filter(as_of=LATER).complete()
    assert set(runs.values_list("answered_by", flat=True)) == {"scorecard"}
    run = runs.get(business=town.priya)
    alone = score_business(business_id=town.priya.pk, as_of=LATER, consent_id=run.consent_id)
    assert bytes(alone.snapshot) == bytes(run.snapshot)


def test_the_pages_and_the_interface_say_what_answered(suspended: ModelVersion, town: Town, client: Client) -> None:
    run = score_business(business_id=town.priya.pk, as_of=LATER)
    client.force_login(town.owner)
    for page in (reverse("scoring:report"), "/owner", reverse("scoring:panel", args=[town.priya.uuid])):
        shown = client.get(page).text
        assert "The model is suspended" in shown
        assert "points table only" in shown
    client.force_login(town.analyst)
    assert "The model is suspended" in client.get(f"/analyst?business={town.priya.uuid}").text
    history = calling(town.owner).get("/api/v1/scores", {"business": str(town.priya.uuid)}).json()["results"]
    rows = history["results"] if isinstance(history, dict) else history
    assert rows[0]["score_id"] == str(run.uuid)
    assert rows[0]["model_version"].endswith("points table only")
    assert "model" in rows[0]["events"]


def test_a_restart_does_not_put_a_suspended_model_back(suspended: ModelVersion, developed: Developed) -> None:
    assert register(developed=developed, at=LATER).version.status == "suspended"
    assert not ModelVersion.objects.serving().exists()


def test_a_version_that_was_suspended_and_retired_is_nobodys_fallback(suspended: ModelVersion) -> None:
    risk = UserFactory(role=Role.RISK_MANAGER)
    step_version(version=suspended.version, act="retire", by=risk, at=LATER)
    assert not ModelVersion.objects.former_champions().exists()
    assert ModelVersion.objects.last_served().get() == suspended


def test_the_table_is_as_far_from_the_model_as_it_says(suspended: ModelVersion) -> None:
    card = table_card_of(suspended)
    assert 5 < card.half_width < 300
    assert card.under(DEFAULT_BANDS) is card
