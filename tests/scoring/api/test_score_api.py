"""Asking for scores and reading features over the API."""

import pytest
from django.core.cache import cache
from rest_framework.test import APIClient

from accounts.permissions import Capability
from accounts.services import KeyTerms, create_key
from creditiq.kernel.clock import now
from creditiq.kernel.identifiers import gstin
from scoring.engine.features import catalogue
from scoring.models import ModelVersion
from tests.factories.accounts import BusinessFactory, OwnerFactory
from tests.scoring.conftest import Town
from wallets.services import link_demo_wallet


def client_of(user: object) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


def test_a_score_is_queued_under_a_task(champion: ModelVersion, town: Town) -> None:
    answer = client_of(town.owner).post("/api/v1/score", {"gstin": town.priya.gstin})
    assert answer.status_code == 202
    assert answer.json()["status"] == "pending"
    assert answer["Location"].endswith(answer.json()["task_id"])


def test_a_wrong_check_digit_is_422_and_names_the_rule(town: Town) -> None:
    wrong = town.priya.gstin[:-1] + ("A" if town.priya.gstin[-1] != "A" else "B")
    answer = client_of(town.owner).post("/api/v1/score", {"gstin": wrong})
    assert answer.status_code == 422
    assert "gstin.check_digit" in answer.content.decode()


def test_a_gstin_without_evidence_is_insufficient_evidence(db: None) -> None:
    answer = client_of(OwnerFactory()).post("/api/v1/score", {"gstin": gstin.compose(29, "AAACZ9999K")})
    assert (answer.status_code, answer.json()["status"]) == (202, "insufficient_evidence")


def test_another_tenants_gstin_is_404(db: None) -> None:
    answer = client_of(OwnerFactory()).post("/api/v1/score", {"gstin": BusinessFactory().gstin})
    assert answer.status_code == 404


def test_many_are_asked_for_at_once_and_each_is_answered_by_itself(champion: ModelVersion, town: Town) -> None:
    wrong = town.priya.gstin[:-1] + ("A" if town.priya.gstin[-1] != "A" else "B")
    sent = [town.priya.gstin, wrong, BusinessFactory().gstin, gstin.compose(29, "AAACZ9999K")]
    answer = client_of(town.owner).post("/api/v1/score/batch", {"gstins": sent}, format="json")
    assert answer.status_code == 202
    rows = answer.json()
    assert [row["gstin"] for row in rows] == sent
    assert [row["code"] for row in rows] == ["", "gstin.check_digit", "not_found", ""]
    assert [row["task"] and row["task"]["status"] for row in rows] == ["pending", None, None, "insufficient_evidence"]
    many = client_of(town.owner).post("/api/v1/score/batch", {"gstins": sent[:1] * 101}, format="json")
    assert many.status_code == 422


def test_nobody_is_401(db: None) -> None:
    answer = APIClient().post("/api/v1/score", {"gstin": "x"})
    assert answer.status_code == 401
    assert answer["Content-Type"].startswith("application/problem+json")


def test_the_registry_lists_every_feature_with_the_digest_of_the_lock(db: None) -> None:
    answer = client_of(OwnerFactory()).get("/api/v1/features").json()
    assert [feature["name"] for feature in answer["features"]] == list(catalogue.names())
    assert answer["lock"] == catalogue.lock_digest()


def test_the_vector_of_a_business_as_of_a_moment(champion: ModelVersion, town: Town) -> None:
    path = f"/api/v1/features/{town.priya.uuid}"
    answer = client_of(town.owner).get(path, {"as_of": "2026-10-15T00:00:00+05:30"}).json()
    assert answer["gstin"] == town.priya.gstin
    assert set(answer["features"]) == set(catalogue.names())
    assert client_of(OwnerFactory()).get(path).status_code == 404


@pytest.mark.parametrize("as_of", ["yesterday", "2026-13-01T00:00:00Z"])
def test_a_moment_that_is_none_is_422(champion: ModelVersion, town: Town, as_of: str) -> None:
    answer = client_of(town.owner).get(f"/api/v1/features/{town.priya.uuid}", {"as_of": as_of})
    assert answer.status_code == 422


def test_a_bundle_of_wallets_is_scored_under_the_same_operation(
    town: Town, settings: object, request: pytest.FixtureRequest
) -> None:
    wallet = link_demo_wallet(user=town.owner, at=now())
    api = client_of(town.owner)
    answer = api.post("/api/v1/score", {"wallets": [str(wallet.uuid)]})
    assert (answer.status_code, answer.json()["status"], answer.json()["gstin"]) == (202, "complete", "")
    score = api.get(answer["Location"]).json()
    assert score["id"] == answer.json()["task_id"]
    assert 0 < score["score"] <= 900
    assert client_of(OwnerFactory()).post("/api/v1/score", {"wallets": [str(wallet.uuid)]}).status_code == 404
    for body in ({}, {"wallets": []}, {"wallets": [str(wallet.uuid)], "gstin": town.priya.gstin}):
        assert api.post("/api/v1/score", body).status_code == 422
    key = create_key(terms=KeyTerms("mine", (Capability.LINK_WALLETS,), 30), by=town.owner, at=now())
    program = APIClient(HTTP_AUTHORIZATION=f"Api-Key {key.secret}")
    assert program.post("/api/v1/score/by_key", {"wallets": [str(wallet.uuid)]}, "json").status_code == 202
    assert program.post("/api/v1/score/by_key", {"gstin": town.priya.gstin}, "json").status_code == 403
    cache.clear()  # where a switch stands is kept for a while
    request.addfinalizer(cache.clear)
    settings.FLAGS_FORCED_OFF = ["ENABLE_BLOCKCHAIN"]
    assert api.post("/api/v1/score", {"wallets": [str(wallet.uuid)]}).status_code == 404
