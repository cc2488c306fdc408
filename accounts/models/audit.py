"""The audit trail: rows that can be added and never changed."""

import json

from django.db import models

PLATFORM_CHAIN = "platform"


class AuditEntry(models.Model):
    """One act. Each entry's hash covers its content and the hash before it in its chain.

    One chain per organisation; organisation NULL is the platform's chain. UPDATE and DELETE are refused by
    a trigger (migration 0002). `payload` is canonical JSON text, so that its digest survives storage.
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

    class Meta:
        verbose_name_plural = "audit entries"
        indexes = (
            models.Index(fields=["target"], name="audit_target"),
            models.Index(fields=["-at"], name="audit_newest"),
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
    def content(self) -> dict[str, object]:
        """What the act was about, as stored."""
        loaded: dict[str, object] = json.loads(self.payload)
        return loaded
