"""A link by which an owner shows one score to somebody without an account, until a day or until it is revoked."""

import uuid
from datetime import datetime

from django.db import models


class ShareLinkQuerySet(models.QuerySet["ShareLink"]):
    def live_at(self, at: datetime) -> "ShareLinkQuerySet":
        """Neither expired nor revoked."""
        return self.filter(expires_at__gt=at, revoked_at__isnull=True)

    def newest_first(self) -> "ShareLinkQuerySet":
        """Latest first."""
        return self.order_by("-created_at", "-pk")


class ShareLink(models.Model):
    """The address carries the signed `uuid`; without a row that is live the signature opens nothing."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    run = models.ForeignKey("scoring.ScoreRun", on_delete=models.PROTECT, related_name="share_links")
    created_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="share_links")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    objects = ShareLinkQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("created_at")), name="share_link_expires_later"
            ),
        )

    def __str__(self) -> str:
        return f"share link {self.uuid}"
