"""The owner's page and the operations of official sources, in every state, and what strangers get."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from creditiq.kernel.clock import now
from tests.wallets.conftest import Shop
from tests.wallets.engine.connectors.far_ends import OTP, GstNetwork
from tests.wallets.source_houses import with_network
from wallets.models import ConnectionState, SourceConnection
from wallets.services import fetch_source

PINNED = {"/owner/sources": 7}
WANTED = {"source": "gst_network", "handle": "asha.rao", "months": "3"}
ASKED = {"provider": "gst_network", "handle": "asha.rao", "months": 3}


@pytest.fixture
def owner(shop: Shop, client: Client) -> Client:
    shop.consent.expires_at = now() + timedelta(days=300)
    shop.consent.save()
    client.force_login(shop.owner)
    return client


@pytest.fixture
def api(owner: Client, shop: Shop) -> APIClient:
    caller = APIClient()
    caller.force_authenticate(shop.owner)
    return caller


@pytest.fixture
def network(settings: object, tmp_path: Path) -> Iterator[GstNetwork]:
    with with_network(settings, tmp_path, GstNetwork()) as far_end:
        yield far_end


def page_of(owner: Client) -> str:
    return owner.get("/owner/sources").content.decode()


def test_a_house_without_providers_says_so_and_names_the_settings(owner: Client) -> None:
    page = page_of(owner)
    assert "this house has set up no GST provider" in page
    assert "this house has set up no Account Aggregator" in page
    assert "<code>GSP_URL</code>" in page
    assert "<code>AA_SIGNING_KEY</code>" in page
    assert 'name="handle"' not in page
    refused = owner.post("/owner/sources", WANTED)
    assert (refused.status_code, SourceConnection.objects.count()) == (422, 0)


def test_the_owner_connects_proves_watches_and_sees_the_documents(owner: Client, network: GstNetwork) -> None:
    assert 'name="handle"' in page_of(owner)
    assert owner.post("/owner/sources", WANTED).status_code == 302
    waiting = SourceConnection.objects.get()
    assert 'autocomplete="one-time-code"' in page_of(owner)
    wrong = owner.post(f"/owner/sources/{waiting.uuid}/code", {"code": "000000"})
    assert (wrong.status_code, "does not know this code" in wrong.content.decode()) == (409, True)
    assert owner.post(f"/owner/sources/{waiting.uuid}/code", {"code": "x"}).status_code == 422
    assert owner.post(f"/owner/sources/{waiting.uuid}/code", {"code": OTP}).status_code == 302
    assert "Fetching begins in a moment" in page_of(owner)
    assert owner.post(f"/owner/sources/{waiting.uuid}/stop").status_code == 302
    assert f"/owner/sources/{waiting.uuid}/fetch" in page_of(owner)
    assert owner.post(f"/owner/sources/{waiting.uuid}/fetch").status_code == 302
    fetch_source(connection_id=waiting.pk, clock=now)
    page = page_of(owner)
    assert "nothing filed" in page
    assert "GSTR-3B" in page
    assert owner.post(f"/owner/sources/{waiting.uuid}/fetch").status_code == 409


def test_an_owner_ends_a_connection_and_its_keys_are_gone(owner: Client, network: GstNetwork) -> None:
    owner.post("/owner/sources", WANTED)
    connection = SourceConnection.objects.get()
    assert owner.post(f"/owner/sources/{connection.uuid}/end").status_code == 302
    connection.refresh_from_db()
    assert (connection.state, connection.kept) == (ConnectionState.ENDED, "")
    assert "You ended the connection" in page_of(owner)


def test_a_form_that_breaks_a_rule_says_which(owner: Client, network: GstNetwork) -> None:
    answer = owner.post("/owner/sources", {**WANTED, "handle": "a b"})
    assert answer.status_code == 422
    assert "Write your user name at the GST portal" in answer.content.decode()
    assert owner.post("/owner/sources", {}).status_code == 422


def test_without_the_kind_in_the_consent_the_page_leads_to_the_consents(
    owner: Client, shop: Shop, network: GstNetwork
) -> None:
    shop.consent.kinds = ["upi_payments"]
    shop.consent.save()
    assert "You do not share this kind of evidence" in page_of(owner)
    assert owner.post("/owner/sources", WANTED).status_code == 422


@pytest.mark.parametrize("language", ["hi", "kn", "mr", "ta", "te"])
def test_the_page_speaks_the_owners_language(owner: Client, shop: Shop, language: str) -> None:
    shop.owner.language = language
    shop.owner.save()
    page = page_of(owner)
    assert "this house has set up no" not in page
    assert "Connect sources" not in page


@pytest.mark.parametrize("address", sorted(PINNED))
def test_the_page_takes_its_pinned_number_of_queries(address: str, owner: Client) -> None:
    owner.get(address)
    with CaptureQueriesContext(database) as queries:
        assert owner.get(address).status_code == 200
    assert len(queries) == PINNED[address]


def test_the_same_over_the_api(api: APIClient, shop: Shop, network: GstNetwork) -> None:
    listed = api.get(f"/api/v1/evidence/sources?gstin={shop.business.gstin}").json()
    assert [(it["provider"], it["set_up"], it["connection"]) for it in listed["sources"]] == [
        ("gst_network", True, None), ("account_aggregator", False, None),
    ]  # fmt: skip
    assert "AA_URL" in listed["sources"][1]["missing_settings"]
    wanted = {**ASKED, "gstin": shop.business.gstin}
    began = api.post("/api/v1/evidence/sources", wanted, format="json")
    assert (began.status_code, began.json()["state"]) == (202, "waiting")
    address = f"/api/v1/evidence/sources/{began.json()['id']}"
    wrong = api.post(f"{address}/code", {"code": "000000"}, format="json")
    assert (wrong.status_code, wrong.json()["type"].rpartition(":")[2]) == (409, "wrong_code")
    proved = api.post(f"{address}/code", {"code": OTP}, format="json")
    assert (proved.status_code, proved.json()["state"]) == (202, "fetching")
    assert api.post(f"{address}/stop").json()["state"] == "stopped"
    assert api.post(f"{address}/fetch").json()["state"] == "fetching"
    fetch_source(connection_id=SourceConnection.objects.get().pk, clock=now)
    done = api.get(address).json()
    assert (done["state"], done["trouble"], done["progress"]) == ("done", "", None)
    assert {part["format"] for part in done["parts"]} == {"gstr1", "gstr2b", "gstr3b"}
    assert api.delete(address).json()["state"] == "done"
    bank = {**wanted, "provider": "account_aggregator", "handle": "asha@aa"}
    missing = api.post("/api/v1/evidence/sources", bank, format="json")
    assert (missing.status_code, missing.json()["type"].rpartition(":")[2]) == (409, "not_set_up")
    assert api.post(f"{address}/approved").status_code == 409


def test_another_owner_sees_and_moves_nothing(api: APIClient, shop: Shop, neighbour: Shop, network: GstNetwork) -> None:
    began = api.post("/api/v1/evidence/sources", {**ASKED, "gstin": shop.business.gstin}, format="json").json()
    stranger = APIClient()
    stranger.force_authenticate(neighbour.owner)
    assert stranger.get(f"/api/v1/evidence/sources?gstin={shop.business.gstin}").status_code == 404
    address = f"/api/v1/evidence/sources/{began['id']}"
    assert stranger.get(address).status_code == 404
    assert stranger.delete(address).status_code == 404
    assert stranger.post(f"{address}/code", {"code": OTP}, format="json").status_code == 404
