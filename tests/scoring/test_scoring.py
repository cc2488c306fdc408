"""Issuing scores: what is stored, what is published, what is never changed."""

import hashlib
import json
import math
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import AuditEntry, Consent, Purpose
from creditiq.kernel.events import capture_events
from scoring.events import ScoreIssued
from scoring.models import ModelVersion, RunStatus, ScoreRun, VersionStatus
from scoring.services import BrokenModel, UnableToScore, replay_score, score_business, score_population, warm
from scoring.services.cards import _loaded
from tests.factories.accounts import ConsentFactory
from tests.scoring.conftest import NOW, Town, consent_of


@pytest.fixture
def run(champion: ModelVersion, town: Town) -> ScoreRun:
    return score_business(business_id=town.priya.pk, as_of=NOW)


def test_a_score_is_stored_with_everything_that_made_it(run: ScoreRun, champion: ModelVersion, town: Town) -> None:
    assert run.status == RunStatus.COMPLETE
    assert run.score is not None
    assert 300 <= run.score <= 900
    assert run.model_version == champion
    assert run.lock == champion.lock
    assert run.consent == consent_of(town.priya)
    assert run.screening_id is not None
    assert len(run.waterfall) == len(run.vector) == len(run.contributions)
    assert run.sha256 == hashlib.sha256(bytes(run.snapshot)).hexdigest()


def test_the_parts_add_up_to_the_published_number(run: ScoreRun) -> None:
    total = math.fsum([run.base_points or 0.0, *(part["points"] for part in run.waterfall)])
    assert abs(total - (run.points or 0.0)) < 1e-6
    assert abs(total - (run.score or 0)) <= 0.5 or run.score in (300, 900)


def test_news_and_audit_go_with_it(champion: ModelVersion, town: Town) -> None:
    with capture_events() as events:
        run = score_business(business_id=town.priya.pk, as_of=NOW)
    assert events == [ScoreIssued(score_id=run.pk, business_id=town.priya.pk)]
    assert AuditEntry.objects.filter(action="score.issued", target=f"scoring.scorerun:{run.uuid}").count() == 1


def test_the_same_cause_makes_one_run(champion: ModelVersion, town: Town) -> None:
    first = score_business(business_id=town.priya.pk, as_of=NOW, screening_id=9)
    with capture_events() as events:
        again = score_business(business_id=town.priya.pk, as_of=NOW + timedelta(seconds=5), screening_id=9)
    assert again == first
    assert events == []


def test_a_replay_meets_every_byte_even_after_consent_was_withdrawn(run: ScoreRun, town: Town) -> None:
    withdrawn_at = NOW + timedelta(days=1)
    Consent.objects.filter(pk=consent_of(town.priya).pk).update(status="withdrawn", withdrawn_at=withdrawn_at)
    assert replay_score(ScoreRun.objects.get(pk=run.pk)) == bytes(run.snapshot)


@pytest.mark.parametrize("statement", ["UPDATE scoring_scorerun SET score = 900", "DELETE FROM scoring_scorerun"])
def test_the_database_refuses_to_change_a_run(run: ScoreRun, statement: str) -> None:
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_without_consent_nothing_is_read_and_consent_is_missing(champion: ModelVersion, town: Town) -> None:
    Consent.objects.filter(business=town.priya).update(status="withdrawn", withdrawn_at=NOW - timedelta(days=1))
    run = score_business(business_id=town.priya.pk, as_of=NOW)
    assert (run.status, run.score, run.vector) == (RunStatus.INSUFFICIENT, None, {})
    assert [gap["kind"] for gap in run.gaps] == ["consent"]
    assert replay_score(run) == bytes(run.snapshot)


def test_a_month_after_the_first_invoice_is_too_early(champion: ModelVersion, town: Town) -> None:
    run = score_business(business_id=town.businesses[5].pk, as_of=NOW - timedelta(days=13 * 30))
    assert run.status == RunStatus.INSUFFICIENT
    assert run.gaps[0]["kind"] == "months"


def test_everybody_at_once_gives_the_same_bytes_as_one_by_one(champion: ModelVersion, town: Town) -> None:
    assert score_population(as_of=NOW) == len(town.businesses)
    together = {run.business_id: bytes(run.snapshot) for run in ScoreRun.objects.all()}
    for business in town.businesses:
        alone = score_business(business_id=business.pk, as_of=NOW, screening_id=business.pk)
        assert bytes(alone.snapshot) == together[business.pk]


def test_scoring_everybody_again_at_one_moment_adds_nothing(champion: ModelVersion, town: Town) -> None:
    score_population(as_of=NOW)
    assert score_population(as_of=NOW) == 0


def test_a_pass_that_was_stopped_goes_on_where_it_stopped(champion: ModelVersion, town: Town) -> None:
    done = score_business(business_id=town.priya.pk, as_of=NOW)
    heard: list[tuple[int, int]] = []
    assert score_population(as_of=NOW, tell=lambda *told: heard.append(told)) == len(town.businesses) - 1
    assert heard == [(len(town.businesses), len(town.businesses))]
    assert ScoreRun.objects.get(business=town.priya) == done


def test_a_consent_for_another_purpose_lets_nobody_be_scored(champion: ModelVersion, town: Town) -> None:
    Consent.objects.filter(business=town.priya).update(purpose=Purpose.MONITORING)
    narrow = consent_of(town.businesses[1])
    Consent.objects.filter(pk=narrow.pk).update(kinds=["gst_invoices"])
    ConsentFactory(business=narrow.business, organisation=narrow.organisation, purpose=Purpose.MONITORING)
    assert score_population(as_of=NOW) == len(town.businesses) - 1
    together = ScoreRun.objects.get(business=narrow.business)
    alone = score_business(business_id=narrow.business_id, as_of=NOW, screening_id=1)
    assert bytes(alone.snapshot) == bytes(together.snapshot)


def test_a_replay_without_the_files_of_its_model_says_so(run: ScoreRun) -> None:
    next(run.model_version.folder.glob("model-*.ubj")).unlink()
    _loaded.cache_clear()
    with pytest.raises(BrokenModel, match="missing"):
        replay_score(run)


def test_a_replay_under_redefined_features_says_so(run: ScoreRun) -> None:
    ModelVersion.objects.update(lock="0" * 64)
    with pytest.raises(BrokenModel, match="other features"):
        replay_score(ScoreRun.objects.get(pk=run.pk))


def test_without_a_model_the_score_fails_loudly(town: Town) -> None:
    with pytest.raises(UnableToScore):
        score_business(business_id=town.priya.pk, as_of=NOW)


def test_a_model_of_other_features_does_not_serve(champion: ModelVersion, town: Town) -> None:
    ModelVersion.objects.filter(pk=champion.pk).update(lock="0" * 64)
    with pytest.raises(UnableToScore, match="other features"):
        score_business(business_id=town.priya.pk, as_of=NOW)


def test_one_champion_at_a_time_is_kept_by_the_database(champion: ModelVersion) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ModelVersion.objects.create(
            version="other", digest="e" * 64, lock=champion.lock, metrics={}, card="", status=VersionStatus.CHAMPION
        )


def test_the_snapshot_names_its_screening_and_consent(run: ScoreRun) -> None:
    subject = json.loads(bytes(run.snapshot))["subject"]
    assert subject["screening"] == run.screening_id
    assert subject["consent"] == str(run.consent.uuid if run.consent else "")


def test_a_worker_warms_up_with_and_without_a_model(champion: ModelVersion) -> None:
    _loaded.cache_clear()
    ModelVersion.objects.update(status=VersionStatus.SUSPENDED)
    warm()
    assert _loaded.cache_info().currsize == 0
    ModelVersion.objects.filter(pk=champion.pk).update(status=VersionStatus.CHAMPION)
    warm()
    assert _loaded.cache_info().currsize == 1
