"""API sessions: one row per sign-in, whose tokens follow one another."""

import uuid

from django.db import models


class TokenFamily(models.Model):
    """The tokens that descend from one sign-in. Only the newest refresh token counts; a replay ends the family."""

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="token_families")
    token_version = models.PositiveIntegerField()
    refresh_jti = models.CharField(max_length=32)
    opened_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    ended_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(
        null=True, help_text="when the person last gave the password or a code; grave acts ask for a recent one"
    )
    device = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name_plural = "token families"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("opened_at")), name="token_family_expires_later"
            ),
        )

    def __str__(self) -> str:
        return f"token family {self.uuid}"
