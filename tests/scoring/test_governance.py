"""The life of a model version: who may do what, in which order, and what serves meanwhile."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import AuditEntry, Role, User
from creditiq.kernel.errors import Forbidden, InvalidInput, NotVisible
from creditiq.kernel.events import capture_events
from creditiq.kernel.transitions import ForbiddenTransition
from scoring.engine import artefacts
from scoring.engine.trial import businesses_needed, challenged, power_of
from scoring.events import ModelSuspended
from scoring.models import VERSION_STEPS, ModelVersion, ScoreRun, ShadowScore, VersionAct, VersionStatus
from scoring.services import (
    Developed,
    NoChampion,
    UnableToStep,
    register,
    score_business,
    score_population,
    step_version,
)
from scoring.services.cards import champion as serving_champion
from tests.factories.accounts import UserFactory
from tests.scoring.conftest import NOW, Town
from tests.scoring.test_versions import calling, signed_in

LATER = NOW + timedelta(days=1)


def person(role: Role) -> User:
    return UserFactory(role=role)


@pytest.fixture
def rival(champion: ModelVersion, developed: Developed) -> ModelVersion:
    """Another version that answers as the champion does: only its card reads differently."""
    plain = {name: text for name, text in developed.packed.files.items() if name != artefacts.MANIFEST}
    twin = Developed(artefacts.pack({**plain, "card.md": b"The same, another card."}), developed.figures)
    return register(developed=twin, at=LATER, by=person(Role.CREDIT_ANALYST)).version


def walk(version: ModelVersion, *acts: str, validator: User, risk: User) -> ModelVersion:
    for act in acts:
        by = validator if act in ("begin_validation", "validate", "send_back") else risk
        version = step_version(version=version.version, act=act, by=by, at=LATER, split=0.5, note="As the report says.")
    return version


def test_a_version_goes_from_registration_to_champion_by_different_people(rival: ModelVersion) -> None:
    validator, risk = person(Role.CREDIT_ANALYST), person(Role.RISK_MANAGER)
    acts = ("begin_validation", "validate", "approve", "run_in_shadow", "challenge", "promote")
    before = serving_champion()
    promoted = walk(rival, *acts, validator=validator, risk=risk)
    assert promoted.status == VersionStatus.CHAMPION
    assert (promoted.validator, promoted.approver) == (validator, risk)
    before.refresh_from_db()
    assert (before.status, before.served_until) == (VersionStatus.RETIRED, LATER)
    assert [act.act for act in promoted.acts.order_by("pk")] == list(acts)
    assert AuditEntry.objects.filter(action="model.promote", target=f"model:{rival.version}").count() == 1


def test_the_developer_neither_validates_nor_approves(rival: ModelVersion) -> None:
    with pytest.raises(UnableToStep, match="developer"):
        step_version(version=rival.version, act="begin_validation", by=rival.developer, at=LATER)
    risk, validator = person(Role.RISK_MANAGER), person(Role.RISK_MANAGER)
    step_version(version=rival.version, act="begin_validation", by=validator, at=LATER)
    with pytest.raises(UnableToStep, match="began"):
        step_version(version=rival.version, act="validate", by=risk, at=LATER)
    step_version(version=rival.version, act="validate", by=validator, at=LATER)
    with pytest.raises(UnableToStep, match="approves"):
        step_version(version=rival.version, act="approve", by=validator, at=LATER)
    assert step_version(version=rival.version, act="approve", by=risk, at=LATER).status == VersionStatus.APPROVED


@pytest.mark.parametrize("pair", [("developer", "validator"), ("developer", "approver"), ("validator", "approver")])
def test_the_database_too_wants_different_people(rival: ModelVersion, pair: tuple[str, str]) -> None:
    someone = person(Role.RISK_MANAGER)
    for name in pair:
        setattr(rival, name, someone)
    with pytest.raises(IntegrityError), transaction.atomic():
        rival.save()


@pytest.mark.parametrize("state", ["approved", "shadow", "challenger"])
def test_the_database_lets_nothing_serve_that_nobody_approved(rival: ModelVersion, state: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ModelVersion.objects.filter(pk=rival.pk).update(status=state)


def test_only_steps_of_the_table_by_whom_it_names(rival: ModelVersion) -> None:
    risk, analyst = person(Role.RISK_MANAGER), person(Role.CREDIT_ANALYST)
    with pytest.raises(ForbiddenTransition, match="begin_validation"):
        step_version(version=rival.version, act="promote", by=risk, at=LATER)
    with pytest.raises(Forbidden):
        step_version(version=rival.version, act="suspend", by=analyst, at=LATER, note="No.")
    with pytest.raises(NotVisible):
        step_version(version="none", act="suspend", by=risk, at=LATER)
    with pytest.raises(InvalidInput, match="why"):
        step_version(version=rival.version, act="suspend", by=risk, at=LATER)
    assert {step.target for step in VERSION_STEPS} == set(VersionStatus.values)


def test_a_suspended_champion_gives_way_to_the_one_before_at_once(rival: ModelVersion, town: Town) -> None:
    before, risk = serving_champion(), person(Role.RISK_MANAGER)
    acts = ("begin_validation", "validate", "approve", "run_in_shadow", "challenge", "promote")
    walk(rival, *acts, validator=person(Role.CREDIT_ANALYST), risk=risk)
    with capture_events() as events:
        step_version(version=rival.version, act="suspend", by=risk, at=LATER, note="It drifts.")
    assert [type(event) for event in events] == [ModelSuspended]
    assert serving_champion() == before
    assert score_business(business_id=town.priya.pk, as_of=NOW).model_version == before
    step_version(version=before.version, act="suspend", by=risk, at=LATER, note="This one too.")
    with pytest.raises(NoChampion):
        serving_champion()


def test_a_shadow_answers_beside_every_score_and_is_stored_apart(
    rival: ModelVersion, champion: ModelVersion, town: Town
) -> None:
    acts = ("begin_validation", "validate", "approve", "run_in_shadow")
    walk(rival, *acts, validator=person(Role.CREDIT_ANALYST), risk=person(Role.RISK_MANAGER))
    run = score_business(business_id=town.priya.pk, as_of=NOW)
    told = ShadowScore.objects.get(run=run)
    assert (told.version, run.model_version) == (rival, champion)
    assert (told.score, told.pd) == (run.score, run.pd)
    score_population(as_of=LATER)
    runs = ScoreRun.objects.filter(as_of=LATER).complete()
    assert ShadowScore.objects.filter(run__in=runs).count() == runs.count() > 5
    with pytest.raises(IntegrityError), transaction.atomic():
        told.delete()


def test_a_challenger_scores_its_share_and_everybody_at_once_agrees(rival: ModelVersion, town: Town) -> None:
    acts = ("begin_validation", "validate", "approve", "run_in_shadow", "challenge")
    walk(rival, *acts, validator=person(Role.CREDIT_ANALYST), risk=person(Role.RISK_MANAGER))
    score_population(as_of=LATER)
    by_rival = ScoreRun.objects.filter(as_of=LATER, model_version=rival)
    assert 3 < by_rival.count() < 21
    business = by_rival.order_by("pk")[0].business
    assert score_business(business_id=business.pk, as_of=LATER + timedelta(hours=1)).model_version == rival


def test_registering_twice_installs_once_and_a_second_version_waits(
    champion: ModelVersion, developed: Developed
) -> None:
    again = register(developed=developed, at=LATER).version
    assert (again, again.status, again.installed) == (champion, VersionStatus.CHAMPION, True)
    assert VersionAct.objects.filter(act="install").count() == 1


def test_a_champion_of_other_features_is_replaced_by_the_installation(
    champion: ModelVersion, developed: Developed
) -> None:
    ModelVersion.objects.filter(pk=champion.pk).update(lock="0" * 64, digest="f" * 64, version="old")
    fresh = register(developed=developed, at=LATER).version
    assert fresh.status == VersionStatus.CHAMPION
    assert ModelVersion.objects.get(version="old").status == VersionStatus.RETIRED


def test_the_page_offers_each_person_their_own_acts(rival: ModelVersion, town: Town) -> None:
    address, step = reverse("scoring:model", args=[rival.version]), reverse("scoring:model_step", args=[rival.version])
    analyst, developer = signed_in(town.analyst), signed_in(rival.developer)
    assert "Begin validation" in analyst.get(address).content.decode()
    assert "another person" in developer.get(address).content.decode()
    assert developer.post(step, {"act": "begin_validation"}).status_code == 409
    assert analyst.post(step, {"act": "begin_validation"}).status_code == 302
    assert "Validated" in analyst.get(address).content.decode()
    assert analyst.post(step, {}).status_code == 422
    refused = analyst.post(step, {"act": "send_back"})
    assert refused.status_code == 422
    assert "Say why" in refused.content.decode()
    assert signed_in(town.owner).post(step, {"act": "validate"}).status_code == 403
    assert analyst.post(reverse("scoring:model_step", args=["none"]), {"act": "validate"}).status_code == 404


def test_the_interface_takes_the_same_steps(rival: ModelVersion, town: Town) -> None:
    address = reverse("api-model-steps", args=[rival.version])
    assert calling(town.analyst).post(address, {"act": "begin_validation"}).json()["status"] == "in_validation"
    assert calling(rival.developer).post(address, {"act": "validate"}).status_code == 409
    assert calling(town.analyst).post(address, {"act": "suspend", "note": "x"}).status_code == 403
    assert calling(town.analyst).post(address, {}).status_code == 422


def test_a_trial_shows_what_it_takes(rival: ModelVersion, town: Town) -> None:
    acts = ("begin_validation", "validate", "approve", "run_in_shadow")
    risk = person(Role.RISK_MANAGER)
    walk(rival, *acts, validator=person(Role.CREDIT_ANALYST), risk=risk)
    score_population(as_of=LATER)
    page = signed_in(risk).get(reverse("scoring:model", args=[rival.version])).content.decode()
    assert "points apart on average" in page
    walk(rival, "challenge", validator=risk, risk=risk)
    score_population(as_of=LATER + timedelta(days=1))
    assert "power now" in signed_in(risk).get(reverse("scoring:model", args=[rival.version])).content.decode()


def test_a_split_is_a_share_that_a_name_keeps() -> None:
    chosen = [challenged(f"business-{number}", "trial", 0.2) for number in range(5000)]
    assert 0.18 < sum(chosen) / 5000 < 0.22
    assert chosen == [challenged(f"business-{number}", "trial", 0.2) for number in range(5000)]
    needed = businesses_needed(0.08, 0.02, 0.2)
    assert power_of(0.08, 0.02, 0.2, needed) == pytest.approx(0.8, abs=0.001)
    assert businesses_needed(0.08, 0.02, 0.1) > needed
    for rate, difference, split in ((0.0, 0.1, 0.5), (0.1, 0.1, 0.5), (0.1, 0.05, 0.0), (0.1, 0.0, 0.5)):
        with pytest.raises(ValueError, match="between 0 and 1"):
            businesses_needed(rate, difference, split)
