"""Scores and consents: what is not shared has no value, what ended is not used, and every score says under what."""

import math
from datetime import timedelta

import pytest

from accounts.models import Consent, ConsentAct, ConsentUse
from scoring.engine.permitted import may_measure
from scoring.models import ModelVersion, RunStatus
from scoring.services import forget, measure_business, read_features, replay_score, score_business, score_population
from scoring.services.everybody import everybody
from tests.factories.accounts import ConsentFactory
from tests.scoring.conftest import NOW, Town, consent_of
from wallets.selectors import NoLiveConsent


def test_a_score_leaves_one_use_of_the_consent_it_was_made_under(champion: ModelVersion, town: Town) -> None:
    run = score_business(business_id=town.priya.pk, as_of=NOW, screening_id=9)
    score_business(business_id=town.priya.pk, as_of=NOW, screening_id=9)
    use = ConsentUse.objects.get(act=ConsentAct.SCORE)
    assert (use.consent, use.by, use.target) == (run.consent, None, f"score:{run.uuid}")


def test_scoring_everybody_names_every_consent_in_one_act(champion: ModelVersion, town: Town) -> None:
    score_population(as_of=NOW)
    assert ConsentUse.objects.filter(act=ConsentAct.SCORE).count() == len(town.businesses)


def test_after_a_withdrawal_the_answer_is_what_is_missing_and_why(champion: ModelVersion, town: Town) -> None:
    before = score_business(business_id=town.priya.pk, as_of=NOW - timedelta(hours=1))
    consent = consent_of(town.priya)
    Consent.objects.filter(pk=consent.pk).update(status="withdrawn", withdrawn_at=NOW)
    run = forget(business_id=town.priya.pk, consent_id=consent.pk, at=NOW)
    assert run is not None
    assert (run.status, run.score) == (RunStatus.INSUFFICIENT, None)
    assert [gap["kind"] for gap in run.gaps] == ["consent"]
    assert forget(business_id=town.priya.pk, consent_id=consent.pk, at=NOW + timedelta(minutes=5)) == run
    assert replay_score(before) == bytes(before.snapshot)


def test_a_banks_consent_that_ended_leaves_the_score_alone(champion: ModelVersion, town: Town) -> None:
    banks = ConsentFactory(business=town.priya)
    assert forget(business_id=town.priya.pk, consent_id=banks.pk, at=NOW) is None


def test_features_over_what_is_not_shared_are_missing_with_the_reason(champion: ModelVersion, town: Town) -> None:
    shared = ["gst_invoices", "gst_returns"]
    Consent.objects.filter(business=town.priya).update(kinds=shared)
    measured = read_features(business=town.priya, as_of=NOW, by=town.analyst, at=NOW)
    withheld = {name for name in measured.features if not may_measure(name, shared)}
    assert {"upi_hhi_30d", "debit_failure_rate_90d", "pagerank_score", "ewb_smurfing_index"} <= withheld
    assert {measured.features[name] for name in withheld} == {None}
    assert measured.features["months_active_gst"] is not None
    assert measured.notes[-3:] == (
        "no_consent:upi_payments",
        "no_consent:eway_bills",
        "no_consent:bank_entries",
    )
    assert ConsentUse.objects.get(act=ConsentAct.FEATURES).by == town.analyst


def test_the_snapshot_of_a_score_records_what_was_not_shared_and_replays(champion: ModelVersion, town: Town) -> None:
    Consent.objects.filter(business=town.priya).update(kinds=["gst_invoices", "gst_returns", "upi_payments"])
    run = score_business(business_id=town.priya.pk, as_of=NOW)
    assert b"no_consent:bank_entries" in bytes(run.snapshot)
    assert run.vector["debit_failure_rate_90d"] is None
    assert replay_score(run) == bytes(run.snapshot)


def test_a_score_over_a_range_says_so_replays_and_is_the_same_for_one_and_for_all(
    champion: ModelVersion, town: Town
) -> None:
    whole = measure_business(business=town.priya, as_of=NOW)
    Consent.objects.filter(business=town.priya).update(data_from=NOW - timedelta(days=150))
    ranged = measure_business(business=town.priya, as_of=NOW)
    assert "consent_range" not in whole.notes
    assert ranged.notes[-1] == "consent_range"
    assert ranged.features["months_active_gst"] < whole.features["months_active_gst"]
    all_of_them = everybody(NOW)
    place = [standing.business for standing in all_of_them.standings].index(town.priya)
    row = dict(zip(all_of_them.names, all_of_them.matrix[place].tolist(), strict=True))
    same = {name: None if math.isnan(value) else value for name, value in row.items()}
    assert {name: ranged.features[name] for name in same if name in ranged.features} == {
        name: value for name, value in same.items() if name in ranged.features
    }
    run = score_business(business_id=town.priya.pk, as_of=NOW)
    assert b"consent_range" in bytes(run.snapshot)
    assert replay_score(run) == bytes(run.snapshot)


def test_looking_back_reads_only_what_is_still_agreed_to(champion: ModelVersion, town: Town) -> None:
    then = NOW - timedelta(days=10)
    run = score_business(business_id=town.priya.pk, as_of=then)
    look = {"business": town.priya, "as_of": then, "by": town.analyst, "at": NOW}
    whole = read_features(**look)
    assert whole.features == measure_business(business=town.priya, as_of=then).features
    old = consent_of(town.priya)
    Consent.objects.filter(pk=old.pk).update(status="withdrawn", withdrawn_at=NOW - timedelta(days=1))
    with pytest.raises(NoLiveConsent):
        read_features(**look)
    ConsentFactory(
        business=town.priya,
        organisation=old.organisation,
        kinds=["gst_invoices", "gst_returns"],
        data_from=NOW - timedelta(days=150),
        granted_at=NOW - timedelta(hours=1),
    )
    narrowed = read_features(**look)
    assert narrowed.features["upi_hhi_30d"] is None
    assert narrowed.features["months_active_gst"] < whole.features["months_active_gst"]
    assert {"no_consent:upi_payments", "consent_range"} <= set(narrowed.notes)
    assert replay_score(run) == bytes(run.snapshot), "a stored score is replayed as it was"
