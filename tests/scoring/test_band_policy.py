"""Cut-offs of the bands are policy: scored, replayed, explained and drawn by the version in force."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.services import publish_policy
from scoring.engine.bands import DEFAULT_BANDS, Bands
from scoring.engine.policy import ScoringPolicy
from scoring.models import ModelVersion, ScoreRun
from scoring.selectors import bands_of, paper_of
from scoring.services import plan_of, replay_score, rescore, score_business, score_population
from tests.factories.accounts import UserFactory
from tests.scoring.conftest import NOW, Town

SHIFTED = Bands(very_low_risk=880, low_risk=870, medium_risk=860)
LATER = NOW + timedelta(days=1)


@pytest.fixture
def stricter(champion: ModelVersion, town: Town) -> Town:
    """Everybody was scored under the usual bands; stricter ones hold from the next day."""
    score_population(as_of=NOW)
    document = ScoringPolicy(bands=SHIFTED).written_out()
    publish_policy(section="scoring", document=document, author=UserFactory(), approver=UserFactory(), at=LATER)
    return town


def test_a_band_is_read_by_the_policy_of_its_run_and_replays(stricter: Town) -> None:
    before = ScoreRun.objects.of(stricter.priya.pk).get()
    after = score_business(business_id=stricter.priya.pk, as_of=LATER)
    assert (bands_of(before), bands_of(after)) == (DEFAULT_BANDS, SHIFTED)
    assert before.band == DEFAULT_BANDS.of(before.score).name
    assert after.band == SHIFTED.of(after.score).name
    assert replay_score(after) == bytes(after.snapshot)
    assert replay_score(before) == bytes(before.snapshot)
    assert paper_of(after).band == SHIFTED.of(paper_of(after).score).name
    assert plan_of(after).target_score in (860, 870, 880)
    assert after.path is None or after.path["target_band"] == SHIFTED.above(after.score).name


def test_one_by_one_and_everybody_at_once_agree(stricter: Town) -> None:
    score_population(as_of=LATER)
    run = ScoreRun.objects.of(stricter.priya.pk).get(as_of=LATER)
    alone = score_business(business_id=stricter.priya.pk, as_of=LATER, consent_id=run.consent_id)
    assert bytes(alone.snapshot) == bytes(run.snapshot)


def test_new_cut_offs_are_rescored_before_they_hold(champion: ModelVersion, town: Town) -> None:
    found = rescore(document={"bands": SHIFTED.document()}, as_of=NOW)
    numbered = [each for each in found if each.before.score is not None]
    assert all(each.after.score == each.before.score for each in numbered)
    assert any(each.after.band != each.before.band for each in numbered)


def test_the_scale_is_drawn_with_the_cut_offs_of_the_run(stricter: Town, client: Client) -> None:
    client.force_login(stricter.owner)
    usual = client.get(reverse("scoring:report")).text
    score_business(business_id=stricter.priya.pk, as_of=LATER)
    shifted = client.get(reverse("scoring:report")).text
    assert 'text-anchor="middle">650<' in usual
    assert 'text-anchor="middle">870<' in shifted
