"""Proof of ownership: one use of a nonce, who may use it, keys and contract wallets, and moves of a claim."""

import dataclasses
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from eth_account import Account
from eth_account.messages import encode_defunct

from accounts.models import Notification, User
from creditiq.kernel.errors import Forbidden, InvalidInput, NotVisible
from tests.factories.accounts import OfficerFactory, OwnerFactory, UserFactory
from wallets import services
from wallets.chain import signatures
from wallets.chain.port import Block, Call, CallReverted
from wallets.engine import siwe
from wallets.engine.addresses import keccak
from wallets.models import Wallet, WalletChallenge, WalletProof

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
AT = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)
KEY = Account.from_key("0x" + "42" * 32)
OTHER_KEY = Account.from_key("0x" + "43" * 32)


def sign(message: str, key: object = KEY) -> str:
    return "0x" + bytes(key.sign_message(encode_defunct(text=message)).signature).hex()


def added(user: User, address: str = KEY.address, chain: str = "ethereum") -> Wallet:
    return services.add_wallet(chain=chain, address=address, label="Savings", by=user, at=AT)


def ask(user: User, wallet: Wallet, at: datetime = AT) -> str:
    return services.issue_challenge(wallet_id=wallet.uuid, host="localhost:8000", by=user, at=at).message


def prove(user: User, wallet: Wallet, message: str, signature: str = "", at: datetime = AT) -> WalletProof:
    return services.prove_ownership(
        wallet_id=wallet.uuid, message=message, signature=signature or sign(message), by=user, at=at
    )


@pytest.fixture
def asha() -> User:
    services.register_networks()
    return UserFactory()


def test_a_signed_challenge_proves_the_wallet(asha: User) -> None:
    wallet = added(asha)
    proof = prove(asha, wallet, ask(asha, wallet))
    assert (proof.method, proof.account) == ("eoa", f"eip155:1:{KEY.address.lower()}")
    assert KEY.address.lower() in siwe.parse(proof.message).statement


def test_a_nonce_works_once(asha: User) -> None:
    wallet = added(asha)
    message = ask(asha, wallet)
    prove(asha, wallet, message)
    with pytest.raises(services.UnableToProve, match="was used"):
        prove(asha, wallet, message)


def test_a_wrong_signature_uses_the_nonce_up(asha: User) -> None:
    wallet = added(asha)
    message = ask(asha, wallet)
    with pytest.raises(services.UnableToProve, match="not made by this wallet"):
        prove(asha, wallet, message, sign(message, OTHER_KEY))
    with pytest.raises(services.UnableToProve) as refused:
        prove(asha, wallet, message)
    assert refused.value.code == "nonce_refused"


@pytest.mark.parametrize(
    "changed",
    [
        {"domain": "evil.example"},
        {"uri": "http://evil.example/wallets"},
        {"chain_id": 137},
        {"statement": "Sign in."},
        {"address": OTHER_KEY.address},
        {"expiration_time": None},
        {"expiration_time": "2099-01-01T00:00:00Z"},
        {"not_before": "2099-01-01T00:00:00Z"},
        {"issued_at": "2026-11-20T06:29:00Z"},
        {"scheme": "https"},
    ],
)
def test_a_message_that_says_something_else_is_refused(asha: User, changed: dict[str, object]) -> None:
    wallet = added(asha)
    message = siwe.render(dataclasses.replace(siwe.parse(ask(asha, wallet)), **changed))
    with pytest.raises(services.UnableToProve) as refused:
        prove(asha, wallet, message)
    assert refused.value.code == "field_changed"


def test_what_is_expired_or_of_another_person_is_refused(asha: User) -> None:
    wallet = added(asha)
    message = ask(asha, wallet)
    with pytest.raises(services.UnableToProve):
        prove(asha, wallet, message, at=AT + timedelta(minutes=11))
    binod = UserFactory()
    with pytest.raises(services.UnableToProve):
        prove(binod, added(binod), ask(asha, wallet))
    with pytest.raises(NotVisible):
        prove(binod, wallet, message)
    with pytest.raises(services.UnableToProve, match="Line"):
        prove(asha, wallet, "hello")
    assert not WalletProof.objects.exists()


def test_a_new_proof_moves_the_claim_and_the_earlier_holder_is_told(asha: User) -> None:
    mine = added(asha)
    prove(asha, mine, ask(asha, mine))
    binod = OwnerFactory()
    theirs = added(binod)
    prove(binod, theirs, ask(binod, theirs))
    mine.refresh_from_db()
    assert mine.lost_at == AT
    assert [proof.wallet for proof in WalletProof.objects.filter(revoked_at__isnull=True)] == [theirs]
    told = {(news.user_id, news.topic): news.text for news in Notification.objects.all()}
    assert set(told) == {(asha.pk, "wallet.claim_lost"), (binod.pk, "wallet.claim_won")}
    assert str(mine) in told[asha.pk, "wallet.claim_lost"]
    prove(asha, mine, ask(asha, mine))
    mine.refresh_from_db()
    assert mine.lost_at is None


@pytest.mark.parametrize(
    ("chain", "address", "said"),
    [
        ("bitcoin", "bc1QxY", "bc1QxY"),
        ("solana", "7EcDhSYGxXyscszYEp35KHN8vvw3svAuLKTzXwCFLtV", "7EcDhSYGxXyscszYEp35KHN8vvw3svAuLKTzXwCFLtV"),
        ("covalent", KEY.address, "no network for users"),
        ("nowhere", KEY.address, "nowhere"),
        ("ethereum", "0x12", "40 hexadecimal"),
        ("ethereum", KEY.address[:-1] + KEY.address[-1].swapcase(), "EIP-55"),
    ],
)
def test_an_account_that_cannot_be_linked_is_refused_in_clear_words(
    asha: User, chain: str, address: str, said: str
) -> None:
    address = KEY.address.replace("a", "A", 1).replace("b", "B", 1) if said == "EIP-55" else address
    with pytest.raises(InvalidInput) as refused:
        added(asha, address, chain)
    assert said in refused.value.message


def test_the_same_account_is_one_wallet_until_it_is_removed(asha: User) -> None:
    wallet = added(asha)
    assert added(asha, KEY.address.lower()) == wallet
    prove(asha, wallet, ask(asha, wallet))
    services.remove_wallet(wallet_id=wallet.uuid, by=asha, at=AT)
    assert not WalletProof.objects.filter(revoked_at__isnull=True).exists()
    assert added(asha) != wallet


def test_staff_link_no_wallets() -> None:
    with pytest.raises(Forbidden):
        added(OfficerFactory())


@pytest.mark.django_db(transaction=True)
def test_of_two_parallel_proofs_exactly_one_wins() -> None:
    services.register_networks()
    asha = UserFactory()
    wallet = added(asha)
    message = ask(asha, wallet)

    def attempt(_: int) -> str:
        try:
            return prove(asha, wallet, message).method
        except services.UnableToProve as error:
            return error.code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(attempt, range(2))) == ["eoa", "nonce_refused"]
    assert WalletChallenge.objects.get().consumed_at == AT


class Node:
    """A chain with one contract that answers (or reverts) as told."""

    def __init__(self, answer: str | None, deployed: str = "0xfe") -> None:
        self.answer, self.deployed = answer, deployed

    def code(self, address: str, block: int | None = None) -> str:
        return self.deployed

    def head(self) -> Block:
        return Block(7, "0x", "0x", 0)

    def call(self, call: Call, block: int | None = None) -> str:
        if self.answer is None:
            raise CallReverted
        return self.answer


YES = "0x1626ba7e" + "0" * 56


def test_a_contract_wallet_that_agrees_signs() -> None:
    assert signatures.verify("hello", "0x1234", "0x" + "11" * 20, Node(YES)) == signatures.Signed("eip1271", 7)


@pytest.mark.parametrize(
    "answer", [None, "0x", "0x1626ba7e", "0x" + "0" * 64, "0x" + "f" * 64, "0x1626ba7e" + "f" * 56]
)
def test_a_contract_wallet_that_does_anything_else_does_not(answer: str | None) -> None:
    with pytest.raises(signatures.NotSigned):
        signatures.verify("hello", "0x1234", "0x" + "11" * 20, Node(answer))


def test_a_key_with_code_still_signs_as_a_key() -> None:
    assert signatures.verify("hello", sign("hello"), KEY.address.lower(), Node(None)).method == "eoa"


@pytest.mark.parametrize(
    "signature", ["", "0x", "0xzz", "0x123", "0x" + "00" * 65, "0x" + "ff" * 65, "0x" + "6492" * 16]
)
def test_what_is_no_signature_is_refused(signature: str) -> None:
    with pytest.raises(signatures.NotSigned):
        signatures.verify("hello", signature, KEY.address.lower(), None)


def test_the_hash_of_a_message_is_that_of_eip_191() -> None:
    assert signatures.message_hash("hello") == keccak(b"\x19Ethereum Signed Message:\n5hello")
