"""Which wallet scores their holders let a lender see, and until when."""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q


class ScoreShareQuerySet(models.QuerySet["ScoreShare"]):
    def live_at(self, moment: datetime) -> "ScoreShareQuerySet":
        """Shares that hold at a moment: begun, not over, not taken back by then."""
        kept = Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gt=moment)
        return self.filter(kept, shared_at__lte=moment, until__gt=moment)


class ScoreShare(models.Model):
    """A person's consent that one organisation sees one score of theirs beside their business's. Never the wallets."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    score = models.ForeignKey("wallets.OnchainScore", on_delete=models.PROTECT, related_name="shares")
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    shared_at = models.DateTimeField()
    until = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = ScoreShareQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["score", "organisation"], condition=Q(withdrawn_at__isnull=True), name="score_share_stands_once"
            ),
        )

    def __str__(self) -> str:
        return f"share of {self.score_id} with {self.organisation_id}"
