"""Pages of scores, as the people who may see them see them."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from scoring.models import ModelVersion, ScoreRequest, ScoreRun
from scoring.services import score_business, score_population
from tests.factories.accounts import OfficerFactory, OwnerFactory
from tests.scoring.conftest import NOW, Town


def signed_in(user: object) -> Client:
    client = Client()
    client.force_login(user, backend="accounts.adapters.VerifiedBackend")
    return client


@pytest.fixture
def run(champion: ModelVersion, town: Town) -> ScoreRun:
    return score_business(business_id=town.priya.pk, as_of=NOW)


def test_the_report_states_the_score_and_its_sum(run: ScoreRun, town: Town) -> None:
    page = signed_in(town.owner).get(reverse("scoring:report")).content.decode()
    assert f"Your score is {run.score}" in page
    assert f"= {run.score}. Solid raises" in page
    assert "Most likely between" in page
    assert run.model_version.version in page


def test_before_the_first_score_the_page_says_what_will_come(champion: ModelVersion, town: Town) -> None:
    page = signed_in(town.owner).get(reverse("scoring:report")).content.decode()
    assert "No score has been made yet" in page


def test_too_little_evidence_is_told_with_what_is_missing(champion: ModelVersion, town: Town) -> None:
    town.priya.consents.update(status="withdrawn", withdrawn_at=NOW)
    score_business(business_id=town.priya.pk, as_of=NOW)
    page = signed_in(town.owner).get(reverse("scoring:report")).content.decode()
    assert "There is not enough evidence for a score yet" in page
    assert "Your consent" in page


def test_the_owner_may_ask_again(run: ScoreRun, town: Town) -> None:
    answer = signed_in(town.owner).post(reverse("scoring:request"))
    assert answer.status_code == 302
    assert ScoreRequest.objects.filter(business=town.priya, by=town.owner).exists()


def test_the_panels_are_fragments_that_watch_their_business(run: ScoreRun, town: Town) -> None:
    for url in (reverse("scoring:panel", args=[town.priya.uuid]), reverse("scoring:report_panel")):
        page = signed_in(town.owner).get(url).content.decode()
        assert "<html" not in page
        assert f'data-watch="{town.priya.uuid}"' in page
        assert str(run.score) in page


def test_a_stranger_gets_404_for_a_panel_that_exists_and_for_one_that_does_not(run: ScoreRun, town: Town) -> None:
    for stranger in (OwnerFactory(), OfficerFactory()):
        for business in (town.priya.uuid, uuid4()):
            assert signed_in(stranger).get(reverse("scoring:panel", args=[business])).status_code == 404


def test_the_explorer_is_for_analysts(run: ScoreRun, town: Town) -> None:
    assert signed_in(town.owner).get(reverse("scoring:explorer")).status_code == 403
    assert signed_in(town.analyst).get(reverse("scoring:explorer")).status_code == 200


def test_the_explorer_shows_a_firm_beside_its_cohort(champion: ModelVersion, town: Town) -> None:
    score_population(as_of=NOW)
    asked = {"business": str(town.priya.uuid), "feature": "cash_buffer_days"}
    page = signed_in(town.analyst).get(reverse("scoring:explorer"), asked)
    text = page.content.decode()
    assert f"{town.priya.trade_name} scores" in text
    assert 'data-figure="parts"' in text
    assert "Days the cash would last" in text
    assert "The model behind it" in text


def test_the_explorer_finds_firms_by_name_and_forgives_nonsense(champion: ModelVersion, town: Town) -> None:
    score_population(as_of=NOW)
    client = signed_in(town.analyst)
    found = client.get(reverse("scoring:explorer"), {"q": town.priya.trade_name[:6]}).content.decode()
    assert town.priya.trade_name in found
    nobody = client.get(
        reverse("scoring:explorer"), {"q": "zzzz", "band": "unheard of", "feature": "x", "business": "1"}
    )
    assert nobody.status_code == 200
    assert "No firm is called" in nobody.content.decode()


def test_pages_ask_the_database_a_fixed_number_of_times(
    champion: ModelVersion, town: Town, django_assert_max_num_queries
) -> None:
    score_population(as_of=NOW)
    owner, analyst = signed_in(town.owner), signed_in(town.analyst)
    with django_assert_max_num_queries(24):
        owner.get(reverse("scoring:report"))
    with django_assert_max_num_queries(12):
        analyst.get(reverse("scoring:explorer"))
