"""Model versions and the points table, as pages and as the API tells them."""

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from scoring.models import ModelVersion, ScoreRun
from scoring.selectors import paper_of
from scoring.services import score_business
from tests.factories.accounts import OwnerFactory
from tests.scoring.conftest import NOW, Town


def signed_in(user: object) -> Client:
    client = Client()
    client.force_login(user, backend="accounts.adapters.VerifiedBackend")
    return client


def calling(user: object) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


@pytest.fixture
def run(champion: ModelVersion, town: Town) -> ScoreRun:
    return score_business(business_id=town.priya.pk, as_of=NOW)


def test_models_are_listed_in_a_fixed_number_of_queries(
    champion: ModelVersion, town: Town, django_assert_max_num_queries
) -> None:
    client = signed_in(town.analyst)
    with django_assert_max_num_queries(8):
        page = client.get(reverse("scoring:models")).content.decode()
    assert champion.version in page
    assert signed_in(town.owner).get(reverse("scoring:models")).status_code == 403


def test_before_the_first_training_the_list_says_so(town: Town) -> None:
    assert "No model yet" in signed_in(town.analyst).get(reverse("scoring:models")).content.decode()


def test_the_page_of_a_version_has_all_that_assures_it(champion: ModelVersion, town: Town) -> None:
    page = signed_in(town.analyst).get(reverse("scoring:model", args=[champion.version])).content.decode()
    for told in (
        "How sure the figures are",
        "Segments",
        "Fairness",
        "Rules of the source system",
        "Oracle of the simulation",
        "The points table",
        "Warnings",
    ):
        assert told in page
    for figure in ("reliability", "drift", "importance"):
        assert f'data-figure="{figure}"' in page
    assert signed_in(town.analyst).get(reverse("scoring:model", args=["none"])).status_code == 404


def test_a_version_of_earlier_days_shows_what_it_has(champion: ModelVersion, town: Town) -> None:
    champion.metrics = {"out_of_time": champion.metrics["out_of_time"]}
    champion.save(update_fields=["metrics"])
    page = signed_in(town.analyst).get(reverse("scoring:model", args=[champion.version])).content.decode()
    assert "before intervals, segments and fairness were measured" in page


def test_the_points_table_stands_beside_the_score(run: ScoreRun, town: Town) -> None:
    paper = paper_of(run)
    assert paper is not None
    total = paper.base_points + sum(row.points for row in paper.rows)
    assert total == pytest.approx(paper.points)
    owner = signed_in(town.owner)
    assert "Points table says <b" in owner.get(reverse("scoring:report")).content.decode()
    page = owner.get(reverse("scoring:points_table", args=[town.priya.uuid])).content.decode()
    assert f"scores {paper.score}" in page
    assert page.count("(here)") == len(paper.rows)
    stranger = signed_in(OwnerFactory())
    assert stranger.get(reverse("scoring:points_table", args=[town.priya.uuid])).status_code == 404


def test_programs_read_versions_and_the_points_table(run: ScoreRun, town: Town) -> None:
    analyst = calling(town.analyst)
    version = run.model_version.version
    assert [row["version"] for row in analyst.get(reverse("api-models")).json()] == [version]
    told = analyst.get(reverse("api-model", args=[version])).json()
    assert told["assurance"].keys() >= {"pr_auc", "intervals", "segments", "fairness", "stability", "thin_file"}
    assert told["card"].startswith("# Model card")
    paper = analyst.get(reverse("api-scorecard", args=[town.priya.uuid])).json()
    assert sum(box["mine"] for row in paper["rows"] for box in row["bins"]) == len(paper["rows"])
    assert len(paper["reasons"]) <= 4


def test_without_a_number_or_files_there_is_no_table(run: ScoreRun, town: Town, champion: ModelVersion) -> None:
    other = town.businesses[5]
    analyst = calling(town.analyst)
    assert analyst.get(reverse("api-scorecard", args=[other.uuid])).status_code == 404
    page = signed_in(town.analyst).get(reverse("scoring:points_table", args=[other.uuid])).content.decode()
    assert "Nothing to add up" in page
    ModelVersion.objects.filter(pk=champion.pk).update(digest="0" * 64)
    assert paper_of(ScoreRun.objects.select_related("model_version").get(pk=run.pk)) is None
