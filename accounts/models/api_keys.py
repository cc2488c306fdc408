"""Keys of programs: each acts as its person, within its scopes."""

import uuid
from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from accounts.models.people import User


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def of(self, user: "User") -> "ApiKeyQuerySet":
        """The keys of one person."""
        return self.filter(user=user)

    def overseen_by(self, user: "User") -> "ApiKeyQuerySet":
        """Every key for the platform's people, a bank's own for its people; others have only theirs."""
        if user.organisation is None:
            return self.of(user)
        return self if user.organisation.is_platform else self.filter(organisation=user.organisation)

    def live_at(self, at: datetime) -> "ApiKeyQuerySet":
        """Neither revoked nor run out."""
        return self.filter(revoked_at__isnull=True, expires_at__gt=at)


class ApiKey(models.Model):
    """A program's key. Of the key itself only a digest is kept; `prefix` finds the row and names it to its owner."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="api_keys")
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, null=True, related_name="+")
    stands_in = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="of a test key: who of the sandbox it acts as",
    )
    name = models.CharField(max_length=60)
    prefix = models.CharField(max_length=8, unique=True)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the whole key, hexadecimal")
    scopes = ArrayField(models.CharField(max_length=30))
    addresses = ArrayField(models.CharField(max_length=43), default=list, blank=True)
    quota_per_day = models.PositiveIntegerField()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    follows = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        related_name="followed_by",
        help_text="the key it was made to replace",
    )

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=["user", "-created_at"], name="api_key_newest"),)
        constraints = (
            models.CheckConstraint(condition=Q(expires_at__gt=models.F("created_at")), name="api_key_expires_later"),
            models.CheckConstraint(condition=~Q(scopes=[]), name="api_key_has_scopes"),
            models.CheckConstraint(condition=Q(quota_per_day__gt=0), name="api_key_quota_positive"),
        )

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix})"

    @property
    def is_test(self) -> bool:
        """Whether it opens the sandbox and nothing else."""
        return self.stands_in_id is not None

    @property
    def acts_as(self) -> "User":
        """Whose eyes it sees with."""
        return self.stands_in or self.user

    @property
    def mark(self) -> str:
        """How the key begins."""
        return "ciq_test_" if self.is_test else "ciq_live_"

    def is_live_at(self, at: datetime) -> bool:
        """Whether it opens anything at that moment."""
        return self.revoked_at is None and at < self.expires_at
