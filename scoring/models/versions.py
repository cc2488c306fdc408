"""A trained scorecard: its artefacts by digest, its figures, its place in service and who put it there."""

from pathlib import Path

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from creditiq.kernel.transitions import Transition, TransitionTable


class VersionStatus(models.TextChoices):
    REGISTERED = "registered"
    IN_VALIDATION = "in_validation"
    VALIDATED = "validated"
    APPROVED = "approved"
    SHADOW = "shadow"
    CHALLENGER = "challenger"
    CHAMPION = "champion"
    RETIRED = "retired"
    SUSPENDED = "suspended"


# Capabilities of accounts.permissions.
_VALIDATE, _GOVERN = "validate_model", "govern_model"
_ALIVE = ("registered", "in_validation", "validated", "approved", "shadow", "challenger", "champion")

VERSION_STEPS = TransitionTable(
    [
        Transition("registered", "begin_validation", "in_validation", _VALIDATE, "not the developer"),
        Transition("in_validation", "validate", "validated", _VALIDATE, "the one who began"),
        Transition("in_validation", "send_back", "registered", _VALIDATE, "the one who began"),
        Transition("validated", "approve", "approved", _GOVERN, "neither developer nor validator"),
        Transition("approved", "run_in_shadow", "shadow", _GOVERN),
        Transition("shadow", "challenge", "challenger", _GOVERN),
        Transition("challenger", "promote", "champion", _GOVERN),
        Transition("suspended", "begin_validation", "in_validation", _VALIDATE, "not the developer"),
        Transition("suspended", "retire", "retired", _GOVERN),
        *(Transition(state, "retire", "retired", _GOVERN) for state in _ALIVE if state != "champion"),
        *(Transition(state, "suspend", "suspended", _GOVERN) for state in _ALIVE),
    ]
)
"""What a version may become, by which act and whose. A champion leaves when another is promoted or it is suspended."""


class ModelVersionQuerySet(models.QuerySet["ModelVersion"]):
    def serving(self) -> "ModelVersionQuerySet":
        """The version that scores now; none before the first training."""
        return self.filter(status=VersionStatus.CHAMPION)

    def challenging(self) -> "ModelVersionQuerySet":
        """The version that scores its share of the businesses."""
        return self.filter(status=VersionStatus.CHALLENGER)

    def shadowing(self) -> "ModelVersionQuerySet":
        """Versions that compute beside every score and are shown to nobody outside."""
        return self.filter(status=VersionStatus.SHADOW)

    def last_served(self) -> "ModelVersionQuerySet":
        """Versions that were champion once, the latest first: whose points table answers while no model may."""
        return self.filter(served_until__isnull=False).order_by("-served_until", "-pk")

    def former_champions(self) -> "ModelVersionQuerySet":
        """Versions that served and retired, the latest first: what a suspended champion falls back to.

        One that was itself suspended while champion, and retired then, never comes back this way.
        """
        return self.last_served().filter(status=VersionStatus.RETIRED).exclude(acts__act="suspend")


class ModelVersion(models.Model):
    """`digest` is the SHA-256 of the artefacts' manifest; the folder carries the version's name.

    `installed`: put in service with the installation, when nothing else could serve; nobody validated it here.
    `split`: share of the businesses that a challenger scores. `served_until`: when its last service as champion ended.
    """

    version = models.CharField(max_length=40, unique=True)
    digest = models.CharField(max_length=64, unique=True)
    lock = models.CharField(max_length=64, help_text="Digest of features.lock at training.")
    status = models.CharField(max_length=13, choices=VersionStatus, default=VersionStatus.REGISTERED)
    metrics = models.JSONField()
    card = models.TextField(help_text="Model card in Markdown.")
    registered_at = models.DateTimeField(db_default=Now())
    installed = models.BooleanField(default=False)
    developer = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="models_developed"
    )
    validator = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="models_validated"
    )
    approver = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="models_approved"
    )
    split = models.FloatField(default=0.0)
    served_until = models.DateTimeField(null=True, blank=True)

    objects = ModelVersionQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(status__in=VersionStatus.values), name="version_status_known"),
            models.UniqueConstraint(
                fields=["status"], condition=models.Q(status="champion"), name="version_one_champion"
            ),
            models.UniqueConstraint(
                fields=["status"], condition=models.Q(status="challenger"), name="version_one_challenger"
            ),
            models.CheckConstraint(
                condition=(models.Q(developer__isnull=True) | models.Q(validator__isnull=True))
                | ~models.Q(developer=models.F("validator")),
                name="version_developer_is_not_validator",
            ),
            models.CheckConstraint(
                condition=(models.Q(developer__isnull=True) | models.Q(approver__isnull=True))
                | ~models.Q(developer=models.F("approver")),
                name="version_developer_is_not_approver",
            ),
            models.CheckConstraint(
                condition=(models.Q(validator__isnull=True) | models.Q(approver__isnull=True))
                | ~models.Q(validator=models.F("approver")),
                name="version_validator_is_not_approver",
            ),
            models.CheckConstraint(
                condition=models.Q(installed=True)
                | ~models.Q(status__in=["approved", "shadow", "challenger", "champion"])
                | models.Q(validator__isnull=False, approver__isnull=False),
                name="version_serves_after_approval",
            ),
            models.CheckConstraint(condition=models.Q(split__gte=0.0, split__lte=0.5), name="version_split_up_to_half"),
        )

    def __str__(self) -> str:
        return self.version

    @property
    def folder(self) -> Path:
        """Where the artefacts lie."""
        return Path(settings.ARTEFACTS_DIR) / self.version
