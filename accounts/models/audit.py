"""The audit trail: rows that can be added and never changed."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from accounts.models.organisations import Organisation

PLATFORM_CHAIN = "platform"
BATCH = 2_000
"""Entries read at a time when a chain is walked."""


class AuditEntryQuerySet(models.QuerySet["AuditEntry"]):
    def links(self, organisation: "Organisation | None", *, after: int = 0) -> Iterator["AuditEntry"]:
        """The entries of a chain behind number `after`, in order, a batch at a time; None is the platform's chain."""
        rows = self.filter(organisation=organisation).select_related("organisation", "actor").order_by("seq")
        while batch := list(rows.filter(seq__gt=after)[:BATCH]):
            yield from batch
            after = batch[-1].seq


class AuditEntry(models.Model):
    """One act. Each entry's hash covers its content and the hash before it in its chain.

    One chain per organisation; organisation NULL is the platform's chain. UPDATE and DELETE are refused by
    triggers, TRUNCATE too (migrations 0002, 0008). `payload` is canonical JSON text, so its digest survives storage.
    """

    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, null=True, related_name="audit_entries"
    )
    seq = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    actor = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="audit_entries")
    actor_role = models.CharField(max_length=16)
    action = models.CharField(max_length=60)
    target = models.CharField(max_length=120)
    outcome = models.CharField(max_length=20)
    request_id = models.CharField(max_length=64)
    address = models.CharField(max_length=64, help_text="keyed commitment to the caller's network address")
    payload = models.TextField()
    payload_digest = models.CharField(max_length=64)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "audit entries"
        indexes = (
            models.Index(fields=["target"], name="audit_target"),
            models.Index(fields=["-at"], name="audit_newest"),
            models.Index(fields=["hash"], name="audit_hash"),
            models.Index(fields=["action", "-at"], name="audit_action"),
            models.Index(fields=["actor", "-at"], name="audit_actor"),
        )
        constraints = (
            models.UniqueConstraint(fields=["organisation", "seq"], name="audit_seq_in_chain", nulls_distinct=False),
            models.CheckConstraint(condition=models.Q(seq__gte=1), name="audit_seq_from_one"),
            models.CheckConstraint(
                condition=models.Q(hash__regex=r"^[0-9a-f]{64}$", payload_digest__regex=r"^[0-9a-f]{64}$"),
                name="audit_hash_shape",
            ),
        )

    def __str__(self) -> str:
        return f"{self.chain} #{self.seq} {self.action}"

    @property
    def chain(self) -> str:
        """Name of the chain: the organisation's public id, or `platform`."""
        return PLATFORM_CHAIN if self.organisation is None else str(self.organisation.uuid)

    @property
    def sealed(self) -> dict[str, object]:
        """What the hash covers: everything but the hashes themselves; the payload by its digest."""
        return {
            "chain": self.chain,
            "seq": self.seq,
            "at": self.at,
            "actor": self.actor.uuid if self.actor else None,
            "actor_role": self.actor_role,
            "action": self.action,
            "target": self.target,
            "outcome": self.outcome,
            "request_id": self.request_id,
            "address": self.address,
            "payload": self.payload_digest,
        }

    @property
    def content(self) -> dict[str, object]:
        """What the act was about, as stored."""
        loaded: dict[str, object] = json.loads(self.payload)
        return loaded


class AuditCheckpoint(models.Model):
    """The Merkle root (RFC 6962) over a stretch of one chain, each chained to the checkpoint before it.

    With it an entry is proved by a short path, and a chain cannot lose its end or be rewritten unnoticed by
    whoever kept a checkpoint's hash. Append-only as the entries are.
    """

    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, null=True, related_name="audit_checkpoints"
    )
    number = models.PositiveBigIntegerField()
    first_seq = models.PositiveBigIntegerField()
    last_seq = models.PositiveBigIntegerField()
    merkle_root = models.CharField(max_length=64)
    head = models.CharField(max_length=64, help_text="hash of the last entry")
    at = models.DateTimeField()
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["organisation", "number"], name="audit_checkpoint_number", nulls_distinct=False
            ),
            models.UniqueConstraint(
                fields=["organisation", "first_seq"], name="audit_checkpoint_stretch", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=models.Q(last_seq__gte=models.F("first_seq"), first_seq__gte=1),
                name="audit_checkpoint_covers_something",
            ),
        )

    def __str__(self) -> str:
        return f"checkpoint {self.number} of {self.chain}"

    @property
    def chain(self) -> str:
        """Name of the chain, as of its entries."""
        return PLATFORM_CHAIN if self.organisation is None else str(self.organisation.uuid)

    @property
    def stamped(self) -> dict[str, object]:
        """What the hash covers."""
        return {
            "chain": self.chain,
            "number": self.number,
            "first_seq": self.first_seq,
            "last_seq": self.last_seq,
            "merkle_root": self.merkle_root,
            "head": self.head,
            "at": self.at,
        }
