"""Wallets of a person, and the proof that they are theirs."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from accounts import audit
from accounts.models import User
from accounts.permissions import Capability, require
from accounts.services import tell
from creditiq.kernel.errors import ApplicationError, InvalidInput
from creditiq.kernel.events import publish
from creditiq.kernel.wall import named
from wallets.chain import signatures
from wallets.chain.port import ChainUnreachable
from wallets.engine import addresses, siwe, spellings
from wallets.events import WalletClaimMoved, WalletProved
from wallets.models import Chain, ChainStatus, Wallet, WalletChallenge, WalletProof
from wallets.selectors.nodes import usable_node
from wallets.selectors.wallets import own_wallet

TTL = timedelta(minutes=10)
PURPOSE = "link"
MOST_WALLETS = 50


class UnableToLink(ApplicationError):
    """The account cannot be added."""

    code = "unable_to_link"


class UnableToProve(ApplicationError):
    """The signed message does not prove that the wallet is the person's."""

    code = "unable_to_prove"


@dataclass(frozen=True)
class Challenge:
    """A message to sign, and until when."""

    message: str
    expires_at: datetime


def add_wallet(*, chain: str, address: str, label: str, by: User, at: datetime) -> Wallet:
    """Watch an account. The same account again returns the wallet that is there."""
    require(by, Capability.LINK_WALLETS)
    network = _network(chain, address)
    try:
        checked = spellings.address_on(network.key, address.strip())
    except addresses.InvalidAddress as error:
        raise InvalidInput(str(error), field="address", rule="wallet.address") from error
    with transaction.atomic(durable=True):
        User.objects.select_for_update().get(pk=by.pk)
        if Wallet.objects.of(by).count() >= MOST_WALLETS:
            raise UnableToLink(f"You have {MOST_WALLETS} wallets already; remove one first.")
        wallet, created = Wallet.objects.of(by).get_or_create(
            chain=network, address=checked.lower(), defaults={"user": by, "label": label[:60], "added_at": at}
        )
        if created:
            audit.record("wallet.added", target=wallet, at=at, by=by, payload={"chain": network.caip2})
    return wallet


def _network(key: str, address: str) -> Chain:
    """The chain by key or CAIP-2 id, if an account of it can be linked."""
    chain = Chain.objects.filter(key=key).first() or Chain.objects.filter(caip2=key).first()
    if chain is None:
        raise InvalidInput(f"There is no network “{key[:40]}” in the registry.", field="chain", rule="wallet.chain")
    if chain.status == ChainStatus.NON_EVM:
        message = f"{chain.name} addresses such as “{address[:60]}” cannot be linked yet: only EVM chains can be read."
        raise InvalidInput(message, field="chain", rule="wallet.non_evm")
    if chain.status == ChainStatus.INTERNAL:
        raise InvalidInput(f"{chain.name} is no network for users.", field="chain", rule="wallet.internal")
    return chain


def remove_wallet(*, wallet_id: UUID, by: User, at: datetime) -> None:
    """Stop watching; a proof ends with it. Scores that were made stay on record."""
    require(by, Capability.LINK_WALLETS)
    wallet = own_wallet(user=by, wallet_id=wallet_id)
    with transaction.atomic(durable=True):
        WalletProof.objects.filter(wallet=wallet, revoked_at__isnull=True).update(revoked_at=at)
        Wallet.objects.filter(pk=wallet.pk).update(removed_at=at)
        audit.record("wallet.removed", target=wallet, at=at, by=by)


def issue_challenge(*, wallet_id: UUID, host: str, by: User, at: datetime) -> Challenge:
    """A message for the wallet to sign, bound to person, purpose and account; it works once, for ten minutes.

    `host` is what the browser used; it counts only when it is one of the configured domains.
    """
    require(by, Capability.LINK_WALLETS)
    wallet = own_wallet(user=by, wallet_id=wallet_id)
    nonce = secrets.token_hex(16)
    domain = host if host in settings.SIWE_DOMAINS else settings.SIWE_DOMAINS[0]
    message = siwe.Message(
        domain=domain,
        address=addresses.checksum(wallet.address),
        statement=_statement(wallet),
        uri=f"{settings.SIWE_SCHEME}://{domain}/wallets",
        chain_id=wallet.chain.eip155_id or 0,
        nonce=nonce,
        issued_at=_written(at),
        expiration_time=_written(at + TTL),
    )
    with transaction.atomic(durable=True):
        WalletChallenge.objects.create(
            wallet=wallet, purpose=PURPOSE, nonce_hash=_digest(nonce), issued_at=at, expires_at=at + TTL
        )
        audit.record("wallet.challenged", target=wallet, at=at, by=by)
    return Challenge(siwe.render(message), at + TTL)


def _statement(wallet: Wallet) -> str:
    """Names the account that is linked, so that a signature for signing in somewhere cannot be used for it."""
    return f"I link the wallet {wallet.account} to my CreditIQ account. This costs nothing and moves nothing."


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _digest(nonce: str) -> str:
    return hashlib.sha256(nonce.encode()).hexdigest()


def prove_ownership(*, wallet_id: UUID, message: str, signature: str, by: User, at: datetime) -> WalletProof:
    """Check a signed challenge. Whatever the outcome, its nonce is used up before the signature is looked at.

    A good proof moves the claim: whoever held it before loses it and is told. Raises UnableToProve.
    """
    require(by, Capability.LINK_WALLETS)
    wallet = own_wallet(user=by, wallet_id=wallet_id)
    try:
        read = siwe.parse(message)
    except siwe.InvalidMessage as error:
        raise UnableToProve(str(error), code="message_unreadable") from error
    challenge = _consume(wallet, read.nonce, at)
    _require_ours(wallet, challenge, read, at)
    try:
        signed = signatures.verify(message, signature, wallet.address, usable_node(wallet.chain))
    except signatures.NotSigned as error:
        raise UnableToProve(str(error), code="signature_wrong") from error
    except ChainUnreachable as error:
        raise UnableToProve("The node of this chain does not answer; ask for a new message later.") from error
    return _record(wallet, message, signature, signed, by, at)


def _consume(wallet: Wallet, nonce: str, at: datetime) -> WalletChallenge:
    """One conditional UPDATE: of two parallel proofs with one nonce exactly one goes on."""
    waiting = WalletChallenge.objects.filter(
        nonce_hash=_digest(nonce), wallet=wallet, purpose=PURPOSE, consumed_at__isnull=True, expires_at__gt=at
    )
    with transaction.atomic(durable=True):
        if waiting.update(consumed_at=at) != 1:
            raise UnableToProve(
                "This message was not issued for this wallet, has expired or was used; ask for a new one.",
                code="nonce_refused",
            )
    return WalletChallenge.objects.get(nonce_hash=_digest(nonce))


def _require_ours(wallet: Wallet, challenge: WalletChallenge, read: siwe.Message, at: datetime) -> None:
    """Every field says what the challenge said."""
    uri = f"{settings.SIWE_SCHEME}://{read.domain}/wallets"
    same = (
        ("domain", read.domain in settings.SIWE_DOMAINS),
        ("scheme", read.scheme is None),
        ("URI", read.uri == uri),
        ("address", read.address.lower() == wallet.address),
        ("chain id", read.chain_id == wallet.chain.eip155_id),
        ("statement", read.statement == _statement(wallet)),
        ("issue time", read.issued_at == _written(challenge.issued_at)),
        ("expiry", read.expiration_time == _written(challenge.expires_at)),
        ("start", read.not_before is None or siwe.moment(read.not_before) <= at),
    )
    for name, holds in same:
        if not holds:
            raise UnableToProve(f"The {name} of the message is not the one that was asked for.", code="field_changed")


def _record(
    wallet: Wallet, message: str, signature: str, signed: signatures.Signed, by: User, at: datetime
) -> WalletProof:
    with transaction.atomic(durable=True):
        Chain.objects.select_for_update().get(pk=wallet.chain_id)
        held = WalletProof.objects.select_related("wallet__user").filter(account=wallet.account)
        before = list(named(held.filter(revoked_at__isnull=True)))  # whoever it was: the account moves
        for earlier in before:
            _end(earlier, wallet, at)
        proof = WalletProof.objects.create(
            wallet=wallet, account=wallet.account, message=message, signature=signature[:20_002],
            method=signed.method, block=signed.block, proved_at=at,
        )  # fmt: skip
        Wallet.objects.filter(pk=wallet.pk).update(lost_at=None)
        audit.record("wallet.proved", target=wallet, at=at, by=by, payload={"method": signed.method})
        publish(WalletProved(wallet_id=wallet.pk, user_id=by.pk))
        for earlier in before:
            _tell_both(earlier, proof, by, at)
    return proof


def _tell_both(earlier: WalletProof, proof: WalletProof, by: User, at: datetime) -> None:
    """Whoever lost the claim, and whoever has it now; nobody when it is the same person."""
    if earlier.wallet.user_id == by.pk:
        return
    facts, source = {"wallet": str(earlier.wallet)}, f"wallet.claim:{proof.pk}"
    tell(users=[earlier.wallet.user], topic="wallet.claim_lost", source=source, at=at, facts=facts)
    tell(users=[by], topic="wallet.claim_won", source=source, at=at, facts={"wallet": str(proof.wallet)})


def _end(earlier: WalletProof, wallet: Wallet, at: datetime) -> None:
    """The claim of before ends; the row of somebody else who held it says so."""
    WalletProof.objects.filter(pk=earlier.pk).update(revoked_at=at)
    if earlier.wallet.user_id != wallet.user_id:
        Wallet.objects.filter(pk=earlier.wallet_id).update(lost_at=at)
        audit.record("wallet.claim_moved", target=earlier.wallet, at=at)
        publish(WalletClaimMoved(wallet_id=earlier.wallet_id, user_id=earlier.wallet.user_id))
