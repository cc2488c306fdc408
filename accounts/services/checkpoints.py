"""The audit trail's checkpoints: every hour a Merkle root over what came since, and every night the whole trail."""

from datetime import UTC, datetime

import structlog
from django.db import transaction

from accounts import audit
from accounts.models import AuditCheckpoint, AuditEntry, Organisation
from creditiq.kernel import locks
from creditiq.kernel.hashing import chain_hash, merkle_root

log = structlog.get_logger()
MOST_LEAVES = 100_000
"""Entries under one root; a longer stretch gets several."""


def checkpoint_audit(*, at: datetime) -> int:
    """Stamp what came since the last checkpoint of every chain; how many were written. Nothing new, none."""
    written = 0
    for owner in audit.chain_owners():
        while _stamp(owner, at):
            written += 1
    return written


def verify_audit(*, at: datetime) -> audit.ChainVerdict:
    """Recompute the whole trail and say on it what was found."""
    verdict = audit.verify_chain()
    broken = [reading.chain for reading in verdict.chains if reading.broken_at is not None]
    with transaction.atomic(durable=True):
        facts = {"entries": verdict.entries, "chains": len(verdict.chains), "broken": broken}
        audit.record("audit.verified", target="audit", at=at, outcome="ok" if verdict.ok else "broken", payload=facts)
    if broken:
        log.error("audit.broken", chains=broken)
    return verdict


def _stamp(owner: Organisation | None, at: datetime) -> bool:
    with transaction.atomic(durable=True):
        locks.hold("accounts.checkpoint", owner.pk if owner else audit.PLATFORM_KEY)
        last = AuditCheckpoint.objects.filter(organisation=owner).order_by("-number").first()
        covered = last.last_seq if last else 0
        leaves: list[bytes] = []
        head = ""
        for entry in AuditEntry.objects.links(owner, after=covered):
            head = entry.hash
            leaves.append(bytes.fromhex(head))
            if len(leaves) == MOST_LEAVES:
                break
        if not leaves:
            return False
        checkpoint = AuditCheckpoint(
            organisation=owner,
            number=last.number + 1 if last else 1,
            first_seq=covered + 1,
            last_seq=covered + len(leaves),
            merkle_root=merkle_root(leaves),
            head=head,
            at=at.astimezone(UTC),
            previous_hash=last.hash if last else "",
        )
        checkpoint.hash = chain_hash(checkpoint.previous_hash, checkpoint.stamped)
        checkpoint.save(force_insert=True)
    return True
