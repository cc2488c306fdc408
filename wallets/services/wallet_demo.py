"""Made-up wallets for demo and sandbox, linked the way everybody links one: challenge, signature, proof, score."""

from dataclasses import dataclass
from datetime import datetime
from importlib import import_module

from django.conf import settings
from django.db import transaction

from accounts.models import User
from creditiq.kernel.clock import seconds
from creditiq.kernel.errors import Forbidden
from wallets.engine.addresses import keccak
from wallets.engine.chains.demo_wallet import demo_evidence
from wallets.models import Wallet
from wallets.selectors.wallets import own_scores, stored_evidence
from wallets.services.onchain import score_wallets
from wallets.services.ownership import add_wallet, issue_challenge, prove_ownership
from wallets.services.wallet_files import keep_evidence

PHRASE = b"CreditIQ demo wallet: this key is public and must never hold anything"
DEMO_SEED = 8
SANDBOX_ADDRESS = "@sandbox.invalid"


SANDBOX = (("Savings (made up)", 8), ("Trading (made up)", 21), ("Lending (made up)", 34))
"""Labels and seeds of the sandbox's wallets: the same keys, addresses and amounts wherever the product runs."""


@dataclass(frozen=True)
class MadeUp:
    """A wallet that is nobody's: what its public key is made from, its name, and the seed of its history."""

    phrase: bytes
    label: str
    seed: int


def link_demo_wallet(*, user: User, at: datetime) -> Wallet:
    """Give a demo account a proved wallet with a made-up history and a score. Raises Forbidden outside the demo."""
    if not settings.DEMO:
        raise Forbidden
    wallet = _linked(MadeUp(PHRASE + user.email.encode(), "Savings (demo)", DEMO_SEED), user, at)
    if not own_scores(user=user).exists():
        score_wallets(wallet_ids=[wallet.uuid], by=user, at=at)
    return wallet


def link_sandbox_wallets(*, user: User, at: datetime) -> list[Wallet]:
    """Give the sandbox's owner made-up wallets with scores of now. Raises Forbidden for anybody else."""
    if not user.email.endswith(SANDBOX_ADDRESS):
        raise Forbidden
    wallets = []
    for number, (label, seed) in enumerate(SANDBOX):
        wallet = _linked(MadeUp(PHRASE + f"sandbox {number}".encode(), label, seed), user, at)
        score_wallets(wallet_ids=[wallet.uuid], by=user, at=at)
        wallets.append(wallet)
    return wallets


def _linked(made_up: MadeUp, user: User, at: datetime) -> Wallet:
    """The wallet, proved by its public key and with its history, the first time it is asked for."""
    key = import_module("eth_account").Account.from_key(keccak(made_up.phrase))
    wallet = add_wallet(chain="ethereum", address=str(key.address), label=made_up.label, by=user, at=at)
    if stored_evidence(wallet) is None:
        challenge = issue_challenge(wallet_id=wallet.uuid, host="", by=user, at=at)
        text = import_module("eth_account.messages").encode_defunct(text=challenge.message)
        signature = f"0x{bytes(key.sign_message(text).signature).hex()}"
        prove_ownership(wallet_id=wallet.uuid, message=challenge.message, signature=signature, by=user, at=at)
        with transaction.atomic(durable=True):
            Wallet.objects.select_for_update().get(pk=wallet.pk)
            keep_evidence(wallet, demo_evidence(wallet.address, seconds(at), made_up.seed), at=at)
    return wallet
