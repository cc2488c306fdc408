"""The readings of a model over the API, newest first and filtered."""

import pytest
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from scoring.models import DriftReading, ModelVersion
from tests.factories.accounts import AT, AnalystFactory, OfficerFactory

pytestmark = pytest.mark.django_db
PLACE = "/api/v1/monitoring"


def client_of(person: object) -> APIClient:
    client = APIClient()
    client.force_authenticate(person)
    return client


def read(version: ModelVersion, subject: str, verdict: str = "stable") -> DriftReading:
    return DriftReading.objects.create(
        version=version, as_of=AT, metric="csi", subject=subject, value=0.1, size=100, verdict=verdict
    )


def test_an_analyst_reads_and_filters_them_with_as_many_queries_for_many(
    champion: ModelVersion, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    analyst = client_of(AnalystFactory())
    for place in range(5):
        read(champion, f"feature_{place}", "act" if place == 4 else "stable")
    with django_assert_max_num_queries(4):
        rows = analyst.get(PLACE).json()["results"]
    assert [row["subject"] for row in rows] == [f"feature_{place}" for place in (4, 3, 2, 1, 0)]
    assert [row["subject"] for row in analyst.get(f"{PLACE}?verdict=act").json()["results"]] == ["feature_4"]
    assert analyst.get(f"{PLACE}?version=none").json()["results"] == []
    assert analyst.get(f"{PLACE}?verdict=perhaps").status_code == 422
    assert client_of(OfficerFactory()).get(PLACE).status_code == 403
