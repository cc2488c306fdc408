"""A wallet for the demo, linked the way everybody links one: challenge, signature, proof, score."""

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


def link_demo_wallet(*, user: User, at: datetime) -> Wallet:
    """Give a demo account a proved wallet with a made-up history and a score. Raises Forbidden outside the demo."""
    if not settings.DEMO:
        raise Forbidden
    key = import_module("eth_account").Account.from_key(keccak(PHRASE + user.email.encode()))
    wallet = add_wallet(chain="ethereum", address=str(key.address), label="Savings (demo)", by=user, at=at)
    if stored_evidence(wallet) is None:
        challenge = issue_challenge(wallet_id=wallet.uuid, host="", by=user, at=at)
        text = import_module("eth_account.messages").encode_defunct(text=challenge.message)
        signature = f"0x{bytes(key.sign_message(text).signature).hex()}"
        prove_ownership(wallet_id=wallet.uuid, message=challenge.message, signature=signature, by=user, at=at)
        with transaction.atomic(durable=True):
            Wallet.objects.select_for_update().get(pk=wallet.pk)
            keep_evidence(wallet, demo_evidence(wallet.address, seconds(at)), at=at)
    if not own_scores(user=user).exists():
        score_wallets(wallet_ids=[wallet.uuid], by=user, at=at)
    return wallet
