"""A trained scorecard: its artefacts by digest, its figures, its place in service."""

from pathlib import Path

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class VersionStatus(models.TextChoices):
    REGISTERED = "registered"
    CHAMPION = "champion"
    RETIRED = "retired"
    SUSPENDED = "suspended"


class ModelVersionQuerySet(models.QuerySet["ModelVersion"]):
    def serving(self) -> "ModelVersionQuerySet":
        """The version that scores now; none before the first training."""
        return self.filter(status=VersionStatus.CHAMPION)


class ModelVersion(models.Model):
    """`digest` is the SHA-256 of the artefacts' manifest; the folder carries the version's name."""

    version = models.CharField(max_length=40, unique=True)
    digest = models.CharField(max_length=64, unique=True)
    lock = models.CharField(max_length=64, help_text="Digest of features.lock at training.")
    status = models.CharField(max_length=10, choices=VersionStatus, default=VersionStatus.REGISTERED)
    metrics = models.JSONField()
    card = models.TextField(help_text="Model card in Markdown.")
    registered_at = models.DateTimeField(db_default=Now())

    objects = ModelVersionQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(status__in=VersionStatus.values), name="version_status_known"),
            models.UniqueConstraint(
                fields=["status"], condition=models.Q(status="champion"), name="version_one_champion"
            ),
        )

    def __str__(self) -> str:
        return self.version

    @property
    def folder(self) -> Path:
        """Where the artefacts lie."""
        return Path(settings.ARTEFACTS_DIR) / self.version
