"""The audit trail: `record()` is one line in the service that acts; `verify_chain()` proves nothing was changed."""

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypedDict, Unpack

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Model

from accounts.models import AuditCheckpoint, AuditEntry, Organisation, User
from accounts.models.audit import PLATFORM_CHAIN
from creditiq.kernel import locks
from creditiq.kernel.hashing import canonical_json, chain_hash, merkle_root
from creditiq.kernel.wall import named

PLATFORM_KEY = 0


class Circumstances(TypedDict, total=False):
    """What is known about an act besides what and when; everything may be left out."""

    by: User | None
    organisation: Organisation | None
    outcome: str
    payload: Mapping[str, object] | None


@dataclass(frozen=True)
class ChainReading:
    """One chain as found: `head` is the last good hash; `broken_at` the first entry that does not fit, if any."""

    chain: str
    entries: int
    head: str
    broken_at: int | None


@dataclass(frozen=True)
class ChainVerdict:
    """Whether every chain holds."""

    ok: bool
    entries: int
    chains: tuple[ChainReading, ...]


def record(action: str, *, target: object, at: datetime, **circumstances: Unpack[Circumstances]) -> AuditEntry:
    """Append one entry inside the caller's transaction; the outcome is "ok" unless told.

    `payload` holds ids and figures, never personal data.

    The chain is that of `organisation`, else that of the actor's bank, else the platform's. The lock makes
    writers of one chain queue until the transaction ends; writers of other chains do not wait for them.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("audit.record() belongs inside the transaction of the act")
    by = circumstances.get("by")
    owner = _chain_owner(circumstances.get("organisation"), by)
    locks.hold("accounts.audit", owner.pk if owner else PLATFORM_KEY)
    last = named(AuditEntry.objects.filter(organisation=owner)).order_by("-seq").first()  # the chain, whoever acts
    context = structlog.contextvars.get_contextvars()
    text = canonical_json(dict(circumstances.get("payload") or {}))
    entry = AuditEntry(
        organisation=owner,
        seq=last.seq + 1 if last else 1,
        at=at.astimezone(UTC),
        actor=by,
        actor_role=by.role if by else "",
        action=action,
        target=_name_of(target),
        outcome=circumstances.get("outcome", "ok"),
        request_id=str(context.get("request_id", ""))[:64],
        address=_commitment(str(context.get("ip", ""))),
        payload=text.decode(),
        payload_digest=hashlib.sha256(text).hexdigest(),
        previous_hash=last.hash if last else "",
    )
    entry.hash = chain_hash(entry.previous_hash, entry.sealed)
    entry.save(force_insert=True)
    return entry


def verify_chain() -> ChainVerdict:
    """Recompute every hash of every chain and every checkpoint's tree, reading a batch of entries at a time."""
    return _verdict(chain_owners())


def verify_chains_of(user: User) -> ChainVerdict:
    """The same of the chains that the person oversees: a bank's people their bank's own, the platform's people all."""
    organisation = user.organisation
    if organisation is not None and organisation.is_platform:
        return verify_chain()
    return _verdict([] if organisation is None else [organisation])


def _verdict(owners: Iterable[Organisation | None]) -> ChainVerdict:
    chains = tuple(_walk(organisation) for organisation in owners)
    return ChainVerdict(
        ok=all(reading.broken_at is None for reading in chains),
        entries=sum(reading.entries for reading in chains),
        chains=chains,
    )


def chain_owners() -> list[Organisation | None]:
    """Whose chains there are: every organisation with an entry or a checkpoint, the platform (None) last."""
    entries, stamps = named(AuditEntry.objects.order_by()), named(AuditCheckpoint.objects.order_by())
    keys = {key for rows in (entries, stamps) for key in rows.values_list("organisation", flat=True).distinct()}
    owners: list[Organisation | None] = list(Organisation.objects.filter(pk__in=keys - {None}).order_by("pk"))
    return [*owners, None] if None in keys else owners


def _walk(organisation: Organisation | None) -> ChainReading:
    """One chain from its first entry; an entry that does not fit, or a checkpoint over it, breaks it there."""
    stamps = named(AuditCheckpoint.objects.filter(organisation=organisation)).order_by("number")
    waiting, stamp = list(stamps), ""
    head, count, broken_at = "", 0, None
    leaves: list[bytes] = []
    name = PLATFORM_CHAIN if organisation is None else str(organisation.uuid)
    for count, entry in enumerate(named(AuditEntry.objects.all()).links(organisation), start=1):
        if broken_at is not None:
            continue
        if not _fits(entry, seq=count, previous=head):
            broken_at = entry.seq
            continue
        head = entry.hash
        leaves.append(bytes.fromhex(head))
        if waiting and waiting[0].last_seq == count:
            checkpoint = waiting.pop(0)
            if not stands(checkpoint, leaves, head, stamp):
                broken_at = checkpoint.first_seq
            stamp, leaves = checkpoint.hash, []
    if broken_at is None and waiting:
        broken_at = count + 1
    return ChainReading(chain=name, entries=count, head=head, broken_at=broken_at)


def stands(checkpoint: AuditCheckpoint, leaves: list[bytes], head: str, previous: str) -> bool:
    """Whether a checkpoint fits the entries it covers and the checkpoint before it."""
    return (
        checkpoint.last_seq - checkpoint.first_seq + 1 == len(leaves)
        and checkpoint.head == head
        and checkpoint.merkle_root == merkle_root(leaves)
        and checkpoint.previous_hash == previous
        and checkpoint.hash == chain_hash(previous, checkpoint.stamped)
    )


def _fits(entry: AuditEntry, *, seq: int, previous: str) -> bool:
    return (
        entry.seq == seq
        and entry.previous_hash == previous
        and entry.payload_digest == hashlib.sha256(entry.payload.encode()).hexdigest()
        and entry.hash == chain_hash(previous, entry.sealed)
    )


def _chain_owner(organisation: Organisation | None, by: User | None) -> Organisation | None:
    """The organisation whose chain is meant; None is the platform's."""
    owner = organisation or (by.organisation if by else None)
    return None if owner is None or owner.is_platform else owner


def _name_of(target: object) -> str:
    """`app.model:public id` of a row; a string stands for itself."""
    if isinstance(target, Model):
        return f"{target._meta.label_lower}:{getattr(target, 'uuid', target.pk)}"
    return str(target)


def _commitment(value: str) -> str:
    """Keyed digest of personal data: comparable by us, meaningless to a reader of the trail."""
    if not value:
        return ""
    return hmac.new(settings.SECRET_KEY.encode(), value.encode(), hashlib.sha256).hexdigest()
