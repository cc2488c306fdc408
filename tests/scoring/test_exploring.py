"""The analyst's comparisons: signals together, two firms, two versions; pages, table alternatives and interface."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import Role
from creditiq.kernel.errors import InvalidInput
from scoring.models import ModelVersion, ScoreRun
from scoring.selectors import cohort
from scoring.services import (
    Developed,
    Development,
    compare_versions,
    develop,
    interplay,
    register,
    score_population,
    step_version,
)
from scoring.services.cards import card_of
from scoring.services.exploring import matrix_of
from tests.factories.accounts import UserFactory
from tests.scoring.conftest import NOW, Town
from tests.scoring.test_versions import calling

LATER = NOW + timedelta(days=1)


@pytest.fixture
def scored(champion: ModelVersion, town: Town) -> Town:
    score_population(as_of=NOW)
    return town


@pytest.fixture(scope="session")
def other_card() -> Developed:
    """A version of its own, from another world."""
    return develop(world=Development(businesses=600, months=36, seed=9), tell=lambda _line: None)


@pytest.fixture
def rival(champion: ModelVersion, other_card: Developed) -> ModelVersion:
    return register(developed=other_card, at=LATER).version


def test_pairs_are_exact_and_strongest_first(scored: Town, champion: ModelVersion) -> None:
    found = interplay(user=scored.analyst, business_id=scored.priya.uuid)
    assert found.firms == ScoreRun.objects.complete().count()
    means = [pair.mean_points for pair in found.pairs]
    assert means == sorted(means, reverse=True)
    assert means[0] > 0
    card, members = card_of(champion), cohort(user=scored.analyst).members
    theirs = card.bag.interactions(matrix_of(members, card.names)[:8])
    one, other = (card.names.index(name) for name in (found.pair.first, found.pair.second))
    ours = [meeting.points for meeting in found.meetings[:8]]
    scale = ours[0] / (2 * theirs[0, one, other]) if theirs[0, one, other] else 0
    assert ours == pytest.approx((2 * scale * theirs[:, one, other]).tolist(), abs=1e-2)
    assert found.business.business_uuid == scored.priya.uuid
    again = interplay(user=scored.analyst, chosen=(found.pairs[1].second, found.pairs[1].first))
    assert {again.pair.first, again.pair.second} == {found.pairs[1].first, found.pairs[1].second}
    with pytest.raises(InvalidInput, match="never meet"):
        interplay(user=scored.analyst, chosen=("gst_7d_value", "gst_7d_value"))


def test_the_page_shows_pairs_a_pair_and_one_firm(
    scored: Town, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(scored.analyst)
    address = reverse("scoring:interactions")
    client.get(address)
    with django_assert_max_num_queries(12):
        page = client.get(address, {"business": str(scored.priya.uuid)})
    assert page.status_code == 200
    assert "As a table" in page.text
    assert scored.priya.trade_name in page.text
    assert 'data-figure="pairs"' in page.text
    assert client.get(address, {"first": "gst_7d_value"}).status_code == 422
    assert client.get(address, {"first": "gst_7d_value", "second": "gst_7d_value"}).status_code == 422
    assert client.get(address, {"band": "none"}).status_code == 422
    assert "Signals together" in client.get("/analyst").text


def test_without_a_model_or_a_firm_the_page_says_so(champion: ModelVersion, town: Town, client: Client) -> None:
    client.force_login(town.analyst)
    address = reverse("scoring:interactions")
    assert "No pairs to show" in client.get(address).text
    risk = UserFactory(role=Role.RISK_MANAGER)
    step_version(version=champion.version, act="suspend", by=risk, at=NOW, note="It drifts.")
    assert "No pairs to show" in client.get(address).text
    assert calling(town.analyst).get(reverse("api-interactions")).status_code == 409


def test_two_versions_are_compared_on_a_cohort_and_on_one_firm(scored: Town, rival: ModelVersion) -> None:
    names = {"one": ModelVersion.objects.serving().get().version, "other": rival.version}
    found = compare_versions(user=scored.analyst, at=LATER, business_id=scored.priya.uuid, **names)
    run = ScoreRun.objects.of(scored.priya.pk).get()
    side = found.side
    assert side.mover.one == run.score
    assert side.one_base + sum(part.one_points for part in side.parts) == pytest.approx(run.points)
    assert found.firms == ScoreRun.objects.complete().count()
    assert found.mean_size == pytest.approx(sum(abs(mover.apart) for mover in found.movers) / len(found.movers))
    assert -1 <= found.agreement <= 1
    assert sum(count for *_, count in found.moves) == sum(m.one_band != m.other_band for m in found.movers)
    same = compare_versions(user=scored.analyst, at=LATER, one=names["one"], other=names["one"])
    assert (same.mean_size, same.agreement, same.moves) == (0, pytest.approx(1), ())
    nobody = compare_versions(user=scored.owner, at=LATER, band="very_low_risk", **names)
    assert nobody.side is None


def test_the_page_of_two_versions(scored: Town, rival: ModelVersion, client: Client) -> None:
    client.force_login(scored.analyst)
    address = reverse("scoring:compare_versions")
    assert "Choose two versions" in client.get(address).text
    names = {"one": ModelVersion.objects.serving().get().version, "other": rival.version}
    page = client.get(address, names)
    assert "Furthest apart" in page.text
    assert 'data-figure="cohort"' in page.text
    chosen = client.get(address, names | {"business_id": str(scored.priya.uuid)})
    assert 'data-figure="side"' in chosen.text
    assert client.get(address, {"one": rival.version, "other": rival.version}).status_code == 422
    assert client.get(address, {"one": "none", "other": rival.version}).status_code == 422
    ModelVersion.objects.filter(pk=rival.pk).update(lock="0" * 64)
    refused = client.get(address, names)
    assert refused.status_code == 409
    assert "other features" in refused.text


def test_one_version_cannot_be_compared(scored: Town, client: Client) -> None:
    client.force_login(scored.analyst)
    assert "Fewer than two versions" in client.get(reverse("scoring:compare_versions")).text


def test_the_interface_says_the_same(scored: Town, rival: ModelVersion) -> None:
    analyst = calling(scored.analyst)
    champion = ModelVersion.objects.serving().get().version
    told = analyst.get(reverse("api-interactions"), {"business": str(scored.priya.uuid)}).json()
    assert told["version"] == champion
    assert told["pairs"][0]["own_points"] is not None
    assert analyst.get(reverse("api-interactions"), {"first": "gst_7d_value"}).status_code == 422
    assert analyst.get(reverse("api-interactions"), {"first": "none", "second": "none"}).status_code == 422
    address = reverse("api-models-compare", args=[champion, rival.version])
    found = analyst.get(address, {"business": str(scored.priya.uuid)}).json()
    assert found["side"]["mover"]["business"] == str(scored.priya.uuid)
    assert analyst.get(reverse("api-models-compare", args=[champion, "none"])).status_code == 404
    firms = [str(business.uuid) for business in scored.businesses]
    numbered = [str(uuid) for uuid in ScoreRun.objects.complete().values_list("business__uuid", flat=True)]
    compared = analyst.get(reverse("api-compare"), {"one": numbered[0], "other": numbered[1]}).json()
    apart = compared["base_apart"] + sum(part["apart"] for part in compared["parts"])
    runs = {str(run.business.uuid): run for run in ScoreRun.objects.complete().select_related("business")}
    assert apart == pytest.approx(runs[numbered[1]].points - runs[numbered[0]].points)
    assert analyst.get(reverse("api-compare"), {"one": firms[0]}).status_code == 422
    assert calling(scored.owner).get(reverse("api-compare")).status_code == 403
