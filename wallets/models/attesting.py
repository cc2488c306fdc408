"""What we attested about wallets. The signed message is its holder's; what we keep is enough to revoke it."""

import uuid

from django.db import models
from django.db.models import Q

from wallets.models.chain import OnchainScore, Wallet


class Attestation(models.Model):
    """One signed statement about one verified wallet. `at_least` is set when only a mark is attested."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    uid = models.CharField(max_length=66, unique=True)
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="attestations")
    score = models.ForeignKey(OnchainScore, on_delete=models.PROTECT, related_name="attestations")
    wallet = models.ForeignKey(Wallet, on_delete=models.PROTECT, related_name="+")
    at_least = models.PositiveSmallIntegerField(null=True)
    salt = models.CharField(max_length=66)
    signer = models.CharField(max_length=42)
    signature = models.CharField(max_length=132)
    status_index = models.PositiveIntegerField(unique=True, help_text="Place in the status list; drawn, not counted.")
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(at_least__isnull=True) | Q(at_least__gte=1, at_least__lte=900),
                name="attestation_mark_within_range",
            ),
        )
        indexes = (
            models.Index(fields=["user", "-issued_at"], name="attestation_user_time"),
            models.Index(fields=["issued_at"], name="attestation_time"),
        )

    def __str__(self) -> str:
        return self.uid
