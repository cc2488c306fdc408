"""A wallet score stands beside the score of the business when its holder shows it: recorded, and without effect."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client, override_settings

from creditiq.kernel.errors import InvalidInput, NotVisible
from lending.engine.policy import DEFAULT_DOCUMENT, LendingPolicy, MalformedPolicy
from lending.models import WalletRule, WalletUse
from lending.selectors.assessments import assess
from lending.selectors.wallet_scores import wallet_beside
from lending.services import decide
from tests.factories.accounts import AT, BankFactory, OwnerFactory
from tests.factories.lending import ApplicationFactory
from wallets.models import OnchainScore, ScoreModelVersion, ScoreShare
from wallets.services import UnableToShare, share_score, take_share_back

DAY = timedelta(days=1)


def made(user, value=640) -> OnchainScore:
    """A wallet score of a person."""
    model, _ = ScoreModelVersion.objects.get_or_create(
        hash="ab" * 32, defaults={"version": "onchain-1", "document": {}, "active_from": AT}
    )
    return OnchainScore.objects.create(
        user=user, model=model, status="complete" if value else "withheld", value=value, low=value and value - 40,
        high=value and value + 60, estimate=640.0, coverage=0.8, confirmed=True, as_of=AT - DAY,
        evidence_root="cd" * 32, evidence=b"",
    )  # fmt: skip


def shared(desk, **changes) -> ScoreShare:
    wanted = {"score_id": made(desk.owner).uuid, "organisation_id": desk.bank.uuid, "by": desk.owner, "at": AT - DAY}
    return share_score(**wanted | changes)


def recommend(desk):
    return decide(
        application_id=desk.application.uuid, outcome="recommend", reason_codes=["score.meets"], note="",
        by=desk.officer, at=AT,
    )  # fmt: skip


def test_a_decision_records_the_rule_and_the_score_that_was_shown(desk):
    share = shared(desk)
    used = recommend(desk).wallet_use
    assert (used.rule, used.score) == (WalletRule.BESIDE, share.score)


def test_without_one_the_decision_records_that_none_was_shown(desk):
    used = recommend(desk).wallet_use
    assert (used.rule, used.score) == (WalletRule.BESIDE, None)


def test_it_changes_neither_verdict_nor_limit(desk):
    without = assess(business=desk.business, run=desk.run, at=AT, application=desk.application)
    shared(desk)
    beside = assess(business=desk.business, run=desk.run, at=AT, application=desk.application)
    assert (beside.verdict, beside.sha256) == (without.verdict, without.sha256)


def test_only_the_lender_it_was_shown_to_sees_it_and_only_while_it_is_shared(desk):
    share = shared(desk)
    assert wallet_beside(application=desk.application, at=AT).score == share.score
    assert wallet_beside(application=desk.application, at=AT + 100 * DAY).score is None
    other = ApplicationFactory(business=desk.business, organisation=BankFactory(), opened_by=desk.owner)
    assert wallet_beside(application=other, at=AT).score is None
    take_share_back(share_id=share.uuid, by=desk.owner, at=AT)
    assert wallet_beside(application=desk.application, at=AT).score is None


def test_scores_of_strangers_do_not_count(desk):
    stranger = OwnerFactory()
    shared(desk, score_id=made(stranger).uuid, by=stranger)
    assert wallet_beside(application=desk.application, at=AT).score is None


def test_sharing_twice_is_one_share_and_what_cannot_be_shown_is_refused(desk):
    score = made(desk.owner)
    first = shared(desk, score_id=score.uuid)
    assert shared(desk, score_id=score.uuid) == first
    with pytest.raises(InvalidInput, match="lender"):
        shared(desk, organisation_id=BankFactory(status="suspended").uuid)
    with pytest.raises(UnableToShare):
        shared(desk, score_id=made(desk.owner, None).uuid)
    with pytest.raises(NotVisible):
        shared(desk, by=OwnerFactory())
    with pytest.raises(NotVisible):
        take_share_back(share_id=first.uuid, by=OwnerFactory(), at=AT)


def test_the_case_shows_it_beside(desk):
    shared(desk)
    client = Client()
    client.force_login(desk.officer)
    page = client.get(f"/officer/applications/{desk.application.uuid}")
    assert page.status_code == 200
    assert "Wallet score: 640 of 900" in page.content.decode()


def test_with_chains_switched_off_nothing_is_shown(desk, request):
    shared(desk)
    cache.clear()
    request.addfinalizer(cache.clear)
    with override_settings(FLAGS_FORCED_OFF=["ENABLE_BLOCKCHAIN"]):
        assert wallet_beside(application=desk.application, at=AT).score is None


def test_a_policy_may_ignore_it_and_may_not_join_it():
    assert LendingPolicy.from_document(DEFAULT_DOCUMENT).wallet_rule == "side_by_side"
    assert LendingPolicy.from_document({**DEFAULT_DOCUMENT, "wallet": {"rule": "none"}}).wallet_rule == "none"
    for rule in ({"rule": "fusion"}, {}, "none"):
        with pytest.raises(MalformedPolicy, match=r"wallet\.rule"):
            LendingPolicy.from_document({**DEFAULT_DOCUMENT, "wallet": rule})


def test_the_record_fits_its_rule(desk):
    decision = recommend(desk)
    with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
        WalletUse.objects.filter(decision=decision).update(rule="none", score=made(desk.owner))
