"""Signed statements: what they say, who may check them, how they end."""

import json
from base64 import urlsafe_b64decode
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.hashes import SHA256
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from eth_account import Account
from eth_keys import keys
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from accounts.services import KeyTerms, create_key
from creditiq.kernel.clock import now
from creditiq.kernel.errors import InvalidInput, NotVisible
from tests.accounts.test_second_factor import switched
from tests.factories.accounts import AdminFactory, UserFactory
from wallets import selectors, services
from wallets.engine import attestations
from wallets.models import (
    Attestation,
    AttestationPublication,
    ChainTransaction,
    DeployedContract,
    OnchainScore,
    WalletProof,
)

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
AT = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)
SIGNER = Account.from_key("0x" + "17" * 32).address
PINNED = {"/wallets/attestations": 6, "/api/v1/attestations": 3}


@pytest.fixture
def asha() -> User:
    services.register_networks()
    return UserFactory()


@pytest.fixture
def score(asha: User) -> OnchainScore:
    services.link_demo_wallet(user=asha, at=AT)
    return OnchainScore.objects.get(user=asha)


def attest(score: OnchainScore, by: User, at_least: int | None = None) -> Attestation:
    return services.attest(score_id=score.uuid, at_least=at_least, by=by, at=AT)


def test_the_message_is_signed_by_the_house_and_says_the_score(score: OnchainScore, asha: User) -> None:
    held = attest(score, asha)
    file = selectors.holders_file(held)
    signed = file["sig"]
    assert file["signer"] == SIGNER
    domain = {**signed["domain"], "chainId": int(signed["domain"]["chainId"])}
    message = {name: int(value) if name in {"time", "expirationTime"} else value
               for name, value in signed["message"].items()}  # fmt: skip
    for name in ("schema", "refUID", "data", "salt"):
        message[name] = bytes.fromhex(message[name][2:])
    signature = signed["signature"]
    parts = (signature["v"], int(signature["r"], 16), int(signature["s"], 16))
    from_library = Account.sign_typed_data("0x" + "17" * 32, domain, signed["types"], message)
    assert (from_library.v, from_library.r, from_library.s) == parts
    words = [int.from_bytes(message["data"][place : place + 32]) for place in range(0, len(message["data"]), 32)]
    assert words[:3] == [score.value, score.low, score.high]
    assert f"{words[6]:064x}" == score.evidence_root


def test_anybody_may_check_it_and_is_not_told_the_score(score: OnchainScore, asha: User, client: Client) -> None:
    held = attest(score, asha)
    attest(score, asha)
    told = client.get(f"/api/v1/attestations/{held.uid}/verify").json()
    root = client.get(f"/api/v1/attestations/root/{told['epoch']}").json()
    assert told["signed"]
    assert "score" not in json.dumps(told)
    assert (
        attestations.root_of_path(held.uid, [(step["side"], step["hash"]) for step in told["path"]])
        == root["merkle_root"]
    )
    assert client.get(f"/api/v1/attestations/0x{'00' * 32}/verify").status_code == 404
    assert client.get("/api/v1/attestations/root/never").status_code == 404


def test_a_mark_tells_nothing_but_the_mark(score: OnchainScore, asha: User) -> None:
    held = attest(score, asha, at_least=100)
    words = selectors.holders_file(held)["sig"]["message"]["data"]
    assert (len(words) - 2) // 64 == 4
    with pytest.raises(InvalidInput, match="name a mark"):
        attest(score, asha, at_least=score.value + 1)


def test_taking_it_back_ends_it_in_every_form(score: OnchainScore, asha: User) -> None:
    held = attest(score, asha)
    assert selectors.verdict(uid=held.uid, at=AT).valid
    assert not selectors.verdict(uid=held.uid, at=AT + timedelta(days=91)).valid
    services.revoke_attestation(uid=held.uid, by=asha, at=AT + timedelta(days=1))
    assert not selectors.verdict(uid=held.uid, at=AT + timedelta(days=2)).valid
    listed = attestations.payload_of(services.status_list(address="https://x.example/l", at=AT + timedelta(days=2)))
    assert attestations.is_revoked(listed["credentialSubject"]["encodedList"], held.status_index)
    with pytest.raises(NotVisible):
        services.revoke_attestation(uid=held.uid, by=UserFactory(), at=AT)


def test_the_credential_is_signed_and_names_its_status_list(score: OnchainScore, asha: User) -> None:
    held = attest(score, asha)
    token = services.sealed_credential(uid=held.uid, address="https://x.example/l", by=asha)
    said = attestations.payload_of(token)
    assert said["credentialSubject"]["score"] == score.value
    assert said["credentialStatus"]["statusListIndex"] == str(held.status_index)
    head, payload, seal = token.split(".")
    raw = urlsafe_b64decode(seal + "==")
    signature = utils.encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    point = b"\x04" + keys.PrivateKey(bytes.fromhex("17" * 32)).public_key.to_bytes()
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256K1(), point)
    public.verify(signature, f"{head}.{payload}".encode(), ec.ECDSA(SHA256()))


def test_what_cannot_be_attested(score: OnchainScore, asha: User) -> None:
    with override_settings(ATTESTER_KEY=""), pytest.raises(services.UnableToAttest, match="signing key"):
        attest(score, asha)
    with pytest.raises(NotVisible):
        attest(score, UserFactory())
    WalletProof.objects.update(revoked_at=AT)
    with pytest.raises(services.UnableToAttest, match="proved"):
        attest(score, asha)


def test_the_pages(score: OnchainScore, asha: User, client: Client) -> None:
    client.force_login(asha)
    assert "No statement" in client.get("/wallets/attestations").content.decode()
    assert client.post(f"/wallets/scores/{score.uuid}/attest", {"at_least": "100"}).url == "/wallets/attestations"
    held = Attestation.objects.get()
    assert "At least 100 of 900" in client.get("/wallets/attestations").content.decode()
    assert client.post(f"/wallets/attestations/{held.uid}/revoke").status_code == 302
    assert "Taken back" in client.get("/wallets/attestations").content.decode()
    assert client.post(f"/wallets/scores/{score.uuid}/attest", {"at_least": "9999"}).status_code == 302
    assert Attestation.objects.count() == 1
    assert client.get(f"/api/v1/attestations/{held.uid}/credential")["Content-Type"] == "application/vc+jwt"


@pytest.fixture
def registry(score: OnchainScore) -> DeployedContract:
    """A registry that passes for deployed; nothing is sent to it here."""
    made = services.register_contract(
        name="AttestationRegistry", chain="polygon", caps=services.Caps(), by=AdminFactory(), at=AT
    )
    DeployedContract.objects.filter(pk=made.pk).update(address="0x" + "77" * 20, deployed_at=AT)
    return made


def publish(held: Attestation, at: datetime = AT) -> None:
    services.publish_attestation(uid=held.uid, consent=True, by=held.user, at=at)


def test_one_statement_about_a_score_stands_on_the_chain(
    score: OnchainScore, asha: User, registry: DeployedContract
) -> None:
    first, second = attest(score, asha), attest(score, asha)
    publish(first)
    publish(first)
    with pytest.raises(services.UnableToAttest, match="about this score"):
        publish(second)
    services.revoke_attestation(uid=first.uid, by=asha, at=AT)
    publish(second)
    assert [row.function for row in ChainTransaction.objects.order_by("pk")] == ["attest", "revoke", "attest"]


def test_three_are_published_a_day_and_more_tomorrow(
    score: OnchainScore, asha: User, registry: DeployedContract
) -> None:
    for _ in range(3):
        held = attest(score, asha)
        publish(held)
        services.revoke_attestation(uid=held.uid, by=asha, at=AT)
    held = attest(score, asha)
    with pytest.raises(services.UnableToAttest, match="Come back tomorrow"):
        publish(held)
    assert AttestationPublication.objects.count() == 3
    publish(held, AT + timedelta(days=1))


def test_a_program_looks_and_says_nothing(
    score: OnchainScore, asha: User, registry: DeployedContract, client: Client
) -> None:
    held = attest(score, asha)
    key = create_key(terms=KeyTerms(name="nightly", scopes=("link_wallets",)), by=asha, at=now())
    asked = {"headers": {"Authorization": f"Api-Key {key.secret}"}, "content_type": "application/json"}
    assert client.get("/api/v1/attestations", **asked).status_code == 200
    for path, body in (("", {"score": str(score.uuid)}), (f"/{held.uid}/publish", {"consent": True}),
                       (f"/{held.uid}/revoke", {})):  # fmt: skip
        answer = client.post(f"/api/v1/attestations{path}", body, **asked)
        assert (answer.status_code, "not for API keys" in answer.content.decode()) == (403, True)
    held.refresh_from_db()
    assert (Attestation.objects.count(), held.revoked_at) == (1, None)
    assert not AttestationPublication.objects.exists()


def test_who_publishes_confirms_who_they_are(
    score: OnchainScore, asha: User, registry: DeployedContract, client: Client
) -> None:
    held = Attestation.objects.get(pk=services.attest(score_id=score.uuid, at_least=None, by=asha, at=now()).pk)
    client.force_login(asha, backend="accounts.adapters.VerifiedBackend")
    session = client.session
    session.pop("confirmed_at", None)
    session.save()
    address = f"/wallets/attestations/{held.uid}/publish"
    with switched(ENABLE_STEP_UP=True, ENABLE_BLOCKCHAIN=True):
        page = client.post(address, {"consent": "on"})
        api = client.post(f"/api/v1{address[8:]}", {"consent": True}, content_type="application/json")
    assert page.headers["Location"].startswith("/account/confirm")
    assert (api.status_code, api.json()["type"]) == (403, "urn:creditiq:problem:step_up_required")
    assert not AttestationPublication.objects.exists()
    assert client.post(address, {"consent": "on"}).status_code == 302
    assert AttestationPublication.objects.count() == 1


@pytest.mark.parametrize("address", sorted(PINNED))
def test_a_list_takes_its_pinned_number_of_queries(
    address: str, score: OnchainScore, asha: User, client: Client
) -> None:
    client.force_login(asha)
    for _ in range(3):
        attest(score, asha)
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    assert len(queries) == PINNED[address], [query["sql"][:90] for query in queries]


@given(st.sets(st.binary(min_size=32, max_size=32), min_size=1, max_size=20))
def test_every_path_leads_to_the_root(names: set[bytes]) -> None:
    uids = [f"0x{name.hex()}" for name in names]
    assert {attestations.root_of_path(uid, attestations.epoch_path(uids, uid)) for uid in uids} == {
        attestations.epoch_root(uids)
    }
