"""A signed message is handed in by an owner, at the page and at the interface: the claim is theirs, or moves."""

import json
from uuid import UUID

import pytest
from django.test import Client

from accounts.models import User
from tests.factories.accounts import OwnerFactory
from tests.wallets.test_ownership import KEY, sign
from wallets import services
from wallets.models import Wallet, WalletProof

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
ADDRESS = KEY.address


@pytest.fixture(autouse=True)
def networks() -> None:
    services.register_networks()


def entered(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def watched(client: Client, user: User) -> UUID:
    assert client.post("/wallets", {"chain": "ethereum", "address": ADDRESS}).status_code == 302
    return Wallet.objects.of(user).get().uuid


def asked(client: Client, wallet: UUID) -> str:
    body = json.dumps({"wallet": str(wallet)})
    return client.post("/api/v1/wallets/challenge", body, "application/json").json()["message"]


def test_an_owner_proves_a_wallet_at_the_page() -> None:
    asha = OwnerFactory()
    client = entered(asha)
    wallet = watched(client, asha)
    message = asked(client, wallet)
    answer = client.post(f"/wallets/{wallet}/proof", {"message": message, "signature": sign(message)}, follow=True)
    assert (answer.status_code, "proved to be yours" in answer.text) == (200, True)
    assert WalletProof.objects.get().wallet.user == asha


@pytest.mark.parametrize("door", ["/api/v1/wallets/{}/proof", "/api/v1/wallets/verify"])
def test_the_claim_moves_to_the_owner_who_proves_it_at_the_interface(door: str) -> None:
    asha, binod = OwnerFactory(), OwnerFactory()
    for person in (asha, binod):
        client = entered(person)
        wallet = watched(client, person)
        message = asked(client, wallet)
        body = json.dumps({"wallet": str(wallet), "message": message, "signature": sign(message)})
        answer = client.post(door.format(wallet), body, "application/json")
        assert (answer.status_code, answer.json().get("method")) == (201, "eoa")
    assert WalletProof.objects.get(revoked_at__isnull=True).wallet.user == binod
    assert Wallet.objects.of(asha).get().lost_at is not None
