"""Signed statements about a person's own score: made on request, kept by them, revocable."""

import secrets
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from accounts import audit
from accounts.models import User
from accounts.permissions import Capability, require
from creditiq.kernel import locks
from creditiq.kernel.clock import IST, seconds
from creditiq.kernel.errors import ApplicationError, InvalidInput, NotVisible
from creditiq.kernel.wall import named
from wallets.chain.artefacts import ATTESTATIONS
from wallets.chain.signer import signer_of
from wallets.engine import attestations
from wallets.models import (
    Attestation,
    AttestationPublication,
    AttestationRoot,
    ChainTransaction,
    DeployedContract,
    OnchainScore,
    Wallet,
    WalletProof,
)
from wallets.selectors.attesting import epoch, message_of, statement_of
from wallets.selectors.wallets import own_score
from wallets.services.transactions import Order, chains_are_on, contract_in_use, prepare

VALID = timedelta(days=90)
CONSENT = (
    "I want this statement on a public chain. Its name, its form, its digest and its end are written there for ever; "
    "no score, no wallet and nobody's name."
)
"""What the holder agrees to, word for word."""
DAYS_BACK = 31
PUBLICATIONS_A_DAY = 3
"""Of one person, by the Indian day: the house pays the gas."""


class UnableToAttest(ApplicationError):
    """There is nothing that may be signed."""

    code = "unable_to_attest"


def attest(*, score_id: UUID, at_least: int | None, by: User, at: datetime) -> Attestation:
    """Sign a statement about one's score, or only that it reaches a mark. Off-chain: nothing is published.

    Raises UnableToAttest, InvalidInput.
    """
    require(by, Capability.LINK_WALLETS)
    score = own_score(user=by, score_id=score_id)
    if score.value is None:
        raise UnableToAttest("This score has no number, so there is nothing to attest.")
    if at_least is not None and not 1 <= at_least <= score.value:
        wrong = f"The score is {score.value}; name a mark from 1 to {score.value}."
        raise InvalidInput(wrong, field="at_least", rule="attestation.mark")
    signer = signer_of(settings.ATTESTER_KEY)
    if signer is None:
        raise UnableToAttest("No signing key is configured here; ask the operator to set ATTESTER_KEY.")
    made = Attestation(
        user=by, score=score, wallet=_proved_wallet(score), at_least=at_least, salt=f"0x{secrets.token_hex(32)}",
        signer=signer.address, issued_at=at, expires_at=at + VALID,
    )  # fmt: skip
    message = message_of(made)
    made.uid, made.signature = message.uid, signer.sign(message.digest)
    with transaction.atomic(durable=True):
        made.status_index = _free_index()
        made.save()
        audit.record("attestation.issued", target=made, at=at, by=by, payload={"uid": made.uid, "score": score.pk})
    return made


def _proved_wallet(score: OnchainScore) -> Wallet:
    """The first wallet of the score whose proof still stands: the attestation is made out to it."""
    proved = WalletProof.objects.filter(wallet__in=score.wallets.all(), revoked_at__isnull=True).order_by("wallet_id")
    proof = proved.select_related("wallet__chain").first()
    if proof is None:
        raise UnableToAttest("None of the wallets of this score is proved to be yours any more.")
    return proof.wallet


def _free_index() -> int:
    """A drawn place in the status list: counting would tell the order and number of attestations."""
    for _ in range(64):
        index = secrets.randbelow(attestations.STATUS_BITS)
        if not Attestation.objects.filter(status_index=index).exists():
            return index
    raise UnableToAttest("The status list is full; a new one has to be opened.")


def revoke_attestation(*, uid: str, by: User, at: datetime) -> Attestation:
    """Take a statement back; asking again changes nothing. Raises NotVisible."""
    require(by, Capability.LINK_WALLETS)
    with transaction.atomic(durable=True):
        held = Attestation.objects.select_for_update().filter(user=by, uid=uid).first()
        if held is None:
            raise NotVisible
        if held.revoked_at is None:
            held.revoked_at = at
            held.save(update_fields=["revoked_at"])
            audit.record("attestation.revoked", target=held, at=at, by=by, payload={"uid": uid})
            published = AttestationPublication.objects.select_related("contract__chain").filter(attestation=held)
            if (made := published.first()) is not None and chains_are_on():
                prepare(_taking_back(made, uid), at=at)
    return held


def _taking_back(made: AttestationPublication, uid: str) -> Order:
    return Order(made.contract, f"attestation.revoke:{uid}", "revoke", (uid,))


def registry_is_there() -> bool:
    """Whether a statement can be made public here."""
    return contract_in_use(ATTESTATIONS) is not None


def publish_attestation(*, uid: str, consent: bool, by: User, at: datetime) -> Attestation:
    """Make one's own statement public on the registry, by explicit consent; asking again changes nothing.

    Written there are its name, the schema, the digest that was signed (salted) and when it ends. Raises NotVisible,
    InvalidInput without the consent, UnableToAttest without a registry, when it holds no more, and when it would be a
    second one about the score or one more than a day's.
    """
    require(by, Capability.LINK_WALLETS)
    if not consent:
        said = "A chain forgets nothing. Tick that you want this statement there."
        raise InvalidInput(said, field="consent", rule="attestation.consent")
    contract = contract_in_use(ATTESTATIONS)
    if contract is None:
        raise UnableToAttest("No registry is deployed; your statement holds without it.")
    with transaction.atomic(durable=True):
        locks.hold("wallets.publication", by.pk)
        rows = Attestation.objects.select_for_update(of=("self",)).select_related("score__model", "wallet__chain")
        held = rows.filter(user=by, uid=uid).first()
        if held is None:
            raise NotVisible
        if held.revoked_at is not None or held.expires_at <= at:
            raise UnableToAttest("This statement holds no more.")
        message = message_of(held)
        made = AttestationPublication.objects.select_related("contract__chain").filter(attestation=held).first()
        if made is None:
            _refuse_too_many(held, at)
            made = AttestationPublication.objects.create(
                attestation=held, contract=contract, consent=CONSENT, consented_at=at
            )
            audit.record("attestation.consented", target=held, at=at, by=by, payload={"uid": uid, "consent": CONSENT})
        arguments = (uid, message.schema, f"0x{message.digest.hex()}", message.expires)
        prepare(Order(made.contract, f"attestation:{uid}", "attest", arguments), at=at)
    return held


def _refuse_too_many(held: Attestation, at: datetime) -> None:
    """Anybody may publish and the house pays: one standing statement about a score, a few of a person a day."""
    theirs = AttestationPublication.objects.filter(attestation__user=held.user_id)
    standing = theirs.filter(attestation__revoked_at__isnull=True, attestation__expires_at__gt=at)
    if standing.filter(attestation__score=held.score_id).exists():
        raise UnableToAttest("A statement about this score is on the chain already. Take that one back first.")
    midnight = datetime.combine(at.astimezone(IST).date(), time(), IST)
    if theirs.filter(consented_at__gte=midnight).count() >= PUBLICATIONS_A_DAY:
        raise UnableToAttest(f"You put {PUBLICATIONS_A_DAY} statements on the chain today. Come back tomorrow.")


def publish_attestation_roots(*, at: datetime) -> int:
    """One transaction per UTC day on which something was attested and that is over; how many were prepared.

    What was taken back while chains were off, or failed, is taken back there as well.
    """
    contract = contract_in_use(ATTESTATIONS)
    if contract is None:
        return 0
    rows = AttestationPublication.objects.filter(attestation__revoked_at__isnull=False)
    for made in rows.select_related("contract__chain", "attestation").order_by("pk"):
        with transaction.atomic(durable=True):
            prepare(_taking_back(made, made.attestation.uid), at=at)
    return sum(_publish_day(contract, place, at) for place in range(1, DAYS_BACK + 1))


def _publish_day(contract: DeployedContract, back: int, at: datetime) -> bool:
    found = epoch(day=(at - timedelta(days=back)).astimezone(UTC).date(), at=at)
    if not found.count:
        return False
    with transaction.atomic(durable=True):
        made, _ = AttestationRoot.objects.get_or_create(
            contract=contract, day=found.epoch, defaults={"root": found.root, "count": found.count, "made_at": at}
        )
        number = (made.day - date(1970, 1, 1)).days
        before = ChainTransaction.objects.for_purpose(made.purpose).exists()
        prepare(Order(contract, made.purpose, "publish", (number, f"0x{made.root}", made.count)), at=at)
    return not before


def sealed_credential(*, uid: str, address: str, by: User) -> str:
    """The statement as a W3C credential in a JOSE envelope; `address` is that of the status list. Raises NotVisible."""
    require(by, Capability.LINK_WALLETS)
    held = Attestation.objects.select_related("score__model", "wallet__chain").filter(user=by, uid=uid).first()
    if held is None:
        raise NotVisible
    document = attestations.credential(
        message_of(held), statement_of(held), issuer=issuer(), status=(address, held.status_index)
    )
    return _sealed(document)


def status_list(*, address: str, at: datetime) -> str:
    """The signed list of what was revoked."""
    revoked = named(Attestation.objects.filter(revoked_at__lte=at)).values_list("status_index", flat=True)
    issued = seconds(at)
    return _sealed(attestations.status_credential(address, sorted(revoked), issuer=issuer(), at=issued))


def issuer() -> str:
    """Who signs, as did:pkh. Raises UnableToAttest without a key."""
    signer = signer_of(settings.ATTESTER_KEY)
    if signer is None:
        raise UnableToAttest("No signing key is configured here; ask the operator to set ATTESTER_KEY.")
    return f"did:pkh:eip155:1:{signer.address}"


def _sealed(document: dict[str, object]) -> str:
    name = issuer()
    signer = signer_of(settings.ATTESTER_KEY)
    signing = attestations.signing_input(document, name)
    return attestations.sealed(signing, signer.sign_token(signing) if signer else b"")
