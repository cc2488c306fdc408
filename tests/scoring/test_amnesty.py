"""An amnesty in force: both scores are stored, it never hurts, one by one equals everybody at once, and it replays."""

import pytest
from django.db.models import F

from accounts.services import publish_policy
from scoring.engine.amnesty import Amnesty
from scoring.engine.policy import ScoringPolicy
from scoring.models import ModelVersion, ScoreRun
from scoring.services import replay_score, rescore, score_business, score_population
from tests.factories.accounts import UserFactory
from tests.scoring.conftest import NOW, Town


@pytest.fixture
def waived(champion: ModelVersion, town: Town) -> Town:
    amnesty = Amnesty(active=True, quarter="Q2", fiscal_year="2026-27", multiplier=0.0, description="All late fees.")
    document = ScoringPolicy(amnesty=amnesty).document()
    publish_policy(section="scoring", document=document, author=UserFactory(), approver=UserFactory(), at=NOW)
    return town


def test_both_scores_are_stored_and_it_only_helps(waived: Town) -> None:
    score_population(as_of=NOW)
    runs = ScoreRun.objects.filter(as_of=NOW).complete()
    assert runs.filter(score_without_amnesty__isnull=True).count() == 0
    assert runs.filter(score__lt=F("score_without_amnesty")).count() == 0
    assert runs.filter(score__gt=F("score_without_amnesty")).count() > 0
    helped = runs.filter(score__gt=F("score_without_amnesty")).order_by("pk")[0]
    alone = score_business(business_id=helped.business_id, as_of=NOW, consent_id=helped.consent_id)
    assert bytes(alone.snapshot) == bytes(helped.snapshot)
    assert replay_score(helped) == bytes(helped.snapshot)


def test_without_an_amnesty_nothing_is_said_of_one(champion: ModelVersion, town: Town) -> None:
    run = score_business(business_id=town.priya.pk, as_of=NOW)
    assert run.score_without_amnesty is None
    assert b"without_amnesty" not in bytes(run.snapshot)


def test_a_policy_is_rescored_before_it_holds_and_nothing_is_stored(champion: ModelVersion, town: Town) -> None:
    amnesty = Amnesty(active=True, quarter="Q2", fiscal_year="2026-27", multiplier=0.0)
    found = rescore(document=ScoringPolicy(amnesty=amnesty).document(), as_of=NOW)
    numbered = [each for each in found if each.before.score is not None and each.after.score is not None]
    assert all(each.after.score >= each.before.score for each in numbered)
    assert any(each.after.score > each.before.score for each in numbered)
    strict = rescore(document={"least_months": 24}, as_of=NOW)
    assert {each.after.status for each in strict} == {"insufficient_evidence"}
    assert not ScoreRun.objects.exists()
