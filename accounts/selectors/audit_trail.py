"""The audit trail as it is read: the explorer, one entry, its proof, and what goes into an evidence pack."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import datetime

from django.db.models import Q, QuerySet

from accounts.models import AuditCheckpoint, AuditEntry, Business, Consent, Organisation, User
from creditiq.kernel.errors import ApplicationError, NotVisible
from creditiq.kernel.hashing import canonical_json, merkle_proof
from creditiq.kernel.wall import named

Exported = dict[str, object]
Witness = Callable[[AuditCheckpoint], Exported | None]
"""Tells where the root over a checkpoint stands outside this database, and the path to it; None for nowhere."""
_witnesses: list[Witness] = []


def connect_witnesses(witnesses: Iterable[Witness]) -> None:
    """Install WITNESSES of creditiq/wiring.py; called once when Django is ready."""
    _witnesses[:] = witnesses


class NotStampedYet(ApplicationError):
    """The entry is younger than the last checkpoint."""

    code = "not_stamped_yet"


@dataclass(frozen=True)
class TrailFilter:
    """What is looked for; an empty field asks for anything. Texts but `action` are whole words of the trail."""

    action: str = ""
    actor: str = ""
    target: str = ""
    outcome: str = ""
    request_id: str = ""
    since: datetime | None = None
    until: datetime | None = None

    def is_empty(self) -> bool:
        return not any(getattr(self, field.name) for field in fields(self))


def trail(*, user: User, oversees: bool, wanted: TrailFilter) -> QuerySet[AuditEntry]:
    """Entries the person may see, newest first. `oversees`: the auditor's view, a bank's of its own chain only;
    without it one's own acts, and what concerns one's own businesses and their consents."""
    rows = _overseen(user) if oversees else _own(user)
    if wanted.action:
        rows = rows.filter(action__startswith=wanted.action)
    if wanted.actor:
        rows = rows.filter(actor__email=wanted.actor.lower())
    if wanted.target:
        rows = rows.filter(Q(target=wanted.target) | Q(target__endswith=f":{wanted.target}"))
    if wanted.outcome:
        rows = rows.filter(outcome=wanted.outcome)
    if wanted.request_id:
        rows = rows.filter(request_id=wanted.request_id)
    if wanted.since:
        rows = rows.filter(at__gte=wanted.since)
    if wanted.until:
        rows = rows.filter(at__lt=wanted.until)
    return rows.select_related("organisation", "actor").order_by("-at", "-pk")


def audit_entry(*, user: User, oversees: bool, entry_hash: str) -> AuditEntry:
    """One entry by its hash. Raises NotVisible."""
    rows = (_overseen(user) if oversees else _own(user)).select_related("organisation", "actor")
    found = rows.filter(hash=entry_hash).first()
    if found is None:
        raise NotVisible
    return found


def inclusion_proof(found: AuditEntry) -> Exported:
    """That the entry is in the tree of a checkpoint: {entry, checkpoint, path, anchor}. Raises NotStampedYet."""
    return next(iter(inclusion_proofs([found])))


def inclusion_proofs(entries: Iterable[AuditEntry]) -> Iterator[Exported]:
    """One proof per entry, in order; the tree of a checkpoint is read once. Raises NotStampedYet."""
    trees: dict[int, list[bytes]] = {}
    known: dict[int, Exported | None] = {}
    for found in entries:
        checkpoint = _checkpoint_over(found)
        if checkpoint.pk not in trees:
            trees[checkpoint.pk] = _leaves(checkpoint)
            known[checkpoint.pk] = witnessed(checkpoint)
        path = merkle_proof(trees[checkpoint.pk], found.seq - checkpoint.first_seq)
        yield {
            "entry": exported(found),
            "checkpoint": exported_checkpoint(checkpoint),
            "path": list(path),
            "anchor": known[checkpoint.pk],
        }


def witnessed(checkpoint: AuditCheckpoint) -> Exported | None:
    """The first outside witness of a checkpoint; None while there is none."""
    return next((told for told in (witness(checkpoint) for witness in _witnesses) if told is not None), None)


def _checkpoint_over(found: AuditEntry) -> AuditCheckpoint:
    stamps = named(AuditCheckpoint.objects.filter(organisation=found.organisation)).select_related("organisation")
    checkpoint = stamps.filter(first_seq__lte=found.seq, last_seq__gte=found.seq).first()
    if checkpoint is None:
        raise NotStampedYet("This entry gets its checkpoint within the hour. Ask again then.")
    return checkpoint


def _leaves(checkpoint: AuditCheckpoint) -> list[bytes]:
    stretch = (checkpoint.first_seq, checkpoint.last_seq)
    rows = named(AuditEntry.objects.filter(organisation=checkpoint.organisation, seq__range=stretch)).order_by("seq")
    return [bytes.fromhex(text) for text in rows.values_list("hash", flat=True)]


def exported(found: AuditEntry) -> Exported:
    """An entry as the stand-alone verifier reads it."""
    content = {**found.sealed, "payload": found.payload, "payload_digest": found.payload_digest}
    return _plain({"kind": "entry", **content, "previous_hash": found.previous_hash, "hash": found.hash})


def exported_checkpoint(checkpoint: AuditCheckpoint) -> Exported:
    """A checkpoint likewise."""
    links = {"previous_hash": checkpoint.previous_hash, "hash": checkpoint.hash}
    return _plain({"kind": "checkpoint", **checkpoint.stamped, **links})


def _plain(content: Exported) -> Exported:
    """Times and ids as the texts that were hashed."""
    plain: Exported = json.loads(canonical_json(content))
    return plain


def exported_chain(organisation: Organisation | None) -> Iterator[bytes]:
    """A whole chain with its checkpoints between the entries, one line of JSON each."""
    stamps = AuditCheckpoint.objects.filter(organisation=organisation).select_related("organisation")
    waiting = {checkpoint.last_seq: checkpoint for checkpoint in stamps}
    for link in AuditEntry.objects.links(organisation):
        yield canonical_json(exported(link)) + b"\n"
        if link.seq in waiting:
            yield canonical_json(exported_checkpoint(waiting[link.seq])) + b"\n"


def audit_checkpoints(*, user: User) -> QuerySet[AuditCheckpoint]:
    """The newest checkpoints of the chains the person oversees."""
    rows = AuditCheckpoint.objects.select_related("organisation").order_by("-at", "-pk")
    if user.organisation is None:
        return rows.none()
    return rows if user.organisation.is_platform else rows.filter(organisation=user.organisation)


def _overseen(user: User) -> QuerySet[AuditEntry]:
    if user.organisation is None:
        return AuditEntry.objects.none()
    rows = AuditEntry.objects.all()
    return rows if user.organisation.is_platform else rows.filter(organisation=user.organisation)


def _own(user: User) -> QuerySet[AuditEntry]:
    mine = Business.objects.of(user)
    names = [f"accounts.user:{user.uuid}"]
    names += [f"accounts.business:{key}" for key in mine.values_list("uuid", flat=True)]
    consents = Consent.objects.filter(business__in=mine.values("pk"))
    names += [f"accounts.consent:{key}" for key in consents.values_list("uuid", flat=True)]
    return named(AuditEntry.objects.filter(Q(actor=user) | Q(target__in=names)))
