"""Attestations: a person's own, and what anybody may ask about one whose name they hold."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.db.models import QuerySet

from accounts.models import User
from creditiq.kernel.clock import seconds
from creditiq.kernel.errors import NotVisible
from creditiq.kernel.wall import named
from wallets.chain.artefacts import ATTESTATIONS, artefact
from wallets.chain.port import Call, CallReverted, ChainUnreachable
from wallets.chain.signer import signed_by
from wallets.engine import attestations
from wallets.engine.calls import UnfitArgument
from wallets.models import (
    Attestation,
    AttestationPublication,
    ChainTransaction,
    DeployedContract,
    TransactionState,
)
from wallets.selectors.nodes import usable_node

MOST_IN_EPOCH = 100_000
IN_A_BLOCK = (TransactionState.MINED, TransactionState.CONFIRMED)


@dataclass(frozen=True)
class PathStep:
    """A sibling on the way to the root, and on which side it stands."""

    side: str
    hash: str


@dataclass(frozen=True)
class OnChain:
    """Where a statement was made public, and what the registry says now; None for what could not be read."""

    contract: str
    transaction: str
    state: str
    attested: bool | None
    revoked: bool | None


@dataclass(frozen=True)
class Verdict:
    """Whether an attestation holds, and the path to its day's root. The score itself is its holder's to show."""

    uid: str
    signer: str
    signed: bool
    issued_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    valid: bool
    epoch: date
    path: tuple[PathStep, ...]
    on_chain: OnChain | None


@dataclass(frozen=True)
class Epoch:
    """Everything attested on one UTC day. Before the day is over the root may still change."""

    epoch: date
    root: str
    count: int
    final: bool
    transaction: str | None = None


def statement_of(held: Attestation) -> attestations.Statement:
    """What is attested."""
    score = held.score
    version = int("".join(letter for letter in score.model.version if letter.isdigit()) or 0)
    return attestations.Statement(
        score.value or 0, score.low or 0, score.high or 0, score.coverage, version, score.model.hash,
        score.evidence_root, seconds(score.as_of), held.at_least,
    )  # fmt: skip


def message_of(held: Attestation) -> attestations.Message:
    """The message that was, or will be, signed."""
    statement = statement_of(held)
    return attestations.Message(
        held.wallet.chain.eip155_id or 0, attestations.schema_uid(statement.schema), held.wallet.address,
        seconds(held.issued_at), seconds(held.expires_at), statement.data, held.salt,
    )  # fmt: skip


def own_attestations(*, user: User) -> QuerySet[Attestation]:
    """A person's own, newest first."""
    found = Attestation.objects.filter(user=user).select_related("score__model", "wallet__chain", "publication")
    return found.defer("score__evidence").order_by("-issued_at", "-pk")


def own_attestation(*, user: User, uid: str) -> Attestation:
    """One of them. Raises NotVisible."""
    found = own_attestations(user=user).filter(uid=uid).first()
    if found is None:
        raise NotVisible
    return found


def holders_file(held: Attestation) -> dict[str, object]:
    """The signed message as its holder keeps it."""
    return message_of(held).document(held.signature, held.signer)


def verdict(*, uid: str, at: datetime) -> Verdict:
    """Whether the attestation of this name holds at a moment. Names are random: who asks was shown it.

    Raises NotVisible.
    """
    held = Attestation.objects.select_related("score__model", "wallet__chain").filter(uid=uid).first()
    if held is None:
        raise NotVisible
    message = message_of(held)
    signed = message.uid == held.uid and signed_by(message.digest, held.signature) == held.signer
    standing = (held.revoked_at is None or held.revoked_at > at) and at < held.expires_at
    day = held.issued_at.astimezone(UTC).date()
    path = tuple(PathStep(*step) for step in attestations.epoch_path(_uids(day), uid))
    return Verdict(
        uid, held.signer, signed, held.issued_at, held.expires_at, held.revoked_at, signed and standing, day, path,
        _on_chain(held, message),
    )  # fmt: skip


def _on_chain(held: Attestation, message: attestations.Message) -> OnChain | None:
    """What the registry says of a published statement."""
    found = AttestationPublication.objects.select_related("contract__chain").filter(attestation=held).first()
    if found is None:
        return None
    sent = ChainTransaction.objects.filter(purpose=f"attestation:{held.uid}").order_by("pk").last()
    contract = found.contract
    attested, revoked = _asked(contract, held.uid, f"0x{message.digest.hex()}")
    return OnChain(
        f"{contract.chain.caip2}:{contract.address}", sent.hash if sent else "", sent.state if sent else "",
        attested, revoked,
    )  # fmt: skip


def _asked(contract: DeployedContract, uid: str, digest: str) -> tuple[bool | None, bool | None]:
    """Whether the registry has the digest, and whether it was taken back there."""
    node = usable_node(contract.chain)
    if node is None:
        return None, None
    known = artefact(ATTESTATIONS).functions
    try:
        told = known["statement"].read(node.call(Call(known["statement"].data([uid]), contract.address)))
        (ended,) = known["revoked_at"].read(node.call(Call(known["revoked_at"].data([uid]), contract.address)))
    except (ChainUnreachable, CallReverted, UnfitArgument):
        return None, None
    return told[1] == digest, bool(ended)


def epoch(*, day: date, at: datetime) -> Epoch:
    """Root over the names of a UTC day. Raises NotVisible for a day to come."""
    if day > at.astimezone(UTC).date():
        raise NotVisible
    uids = _uids(day)
    over = day < at.astimezone(UTC).date()
    return Epoch(day, attestations.epoch_root(uids), len(uids), over, _published(day))


def _published(day: date) -> str | None:
    """The transaction that put a day's root onto the registry."""
    sent = ChainTransaction.objects.filter(purpose=f"attestations:{day}", state__in=IN_A_BLOCK).first()
    return sent.hash if sent else None


def _uids(day: date) -> list[str]:
    began = datetime(day.year, day.month, day.day, tzinfo=UTC)
    rows = named(Attestation.objects.filter(issued_at__gte=began, issued_at__lt=began + timedelta(days=1)))
    return list(rows.order_by("uid").values_list("uid", flat=True)[:MOST_IN_EPOCH])
