"""A score as it was issued. Never changed: the database refuses (migration 0002)."""

import uuid
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models.functions import Now

from accounts.models import Business, User


class RunStatus(models.TextChoices):
    COMPLETE = "complete"
    INSUFFICIENT = "insufficient_evidence"


class AnsweredBy(models.TextChoices):
    """Whether a version's model answered, or its points table because the model is suspended."""

    MODEL = "model"
    SCORECARD = "scorecard"


class ScoreRunQuerySet(models.QuerySet["ScoreRun"]):
    def of(self, business_id: int) -> "ScoreRunQuerySet":
        """Runs of one business."""
        return self.filter(business_id=business_id)

    def complete(self) -> "ScoreRunQuerySet":
        """Runs that carry a number."""
        return self.filter(status=RunStatus.COMPLETE)

    def known_at(self, at: datetime) -> "ScoreRunQuerySet":
        """What a decision at `at` could have seen."""
        return self.filter(as_of__lte=at)

    def newest_first(self) -> "ScoreRunQuerySet":
        """By the moment the evidence was read, the later stored first among equals."""
        return self.order_by("-as_of", "-pk")

    def visible_to(self, user: "User | AnonymousUser") -> "ScoreRunQuerySet":
        """Runs of businesses the person may see."""
        return self.filter(business__in=Business.objects.visible_to(user))

    def latest_of_each(self) -> "ScoreRunQuerySet":
        """The newest run of every business."""
        return self.order_by("business_id", "-as_of", "-pk").distinct("business_id")


class ScoreRun(models.Model):
    """One answer of one model version about one business, with everything that made it.

    `cause` names what asked for it; the same cause never makes two runs. `snapshot` is the canonical JSON that
    a replay must meet byte for byte. `contributions` and `vector` are by feature name, missing values null; what the
    model read in their place is in `imputed` and nowhere else.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    business = models.ForeignKey("accounts.Business", on_delete=models.PROTECT, related_name="score_runs")
    cause = models.CharField(max_length=60)
    as_of = models.DateTimeField()
    issued_at = models.DateTimeField(db_default=Now())
    status = models.CharField(max_length=21, choices=RunStatus)
    score = models.PositiveSmallIntegerField(null=True)
    low = models.PositiveSmallIntegerField(null=True)
    high = models.PositiveSmallIntegerField(null=True)
    pd = models.FloatField(null=True)
    band = models.CharField(max_length=14, blank=True)
    points = models.FloatField(null=True, help_text="Unrounded and unclipped.")
    base_points = models.FloatField(null=True)
    vector = models.JSONField(default=dict)
    imputed = models.JSONField(default=dict, help_text="What stood in for missing values: by column, value and spread.")
    contributions = models.JSONField(default=dict)
    waterfall = models.JSONField(default=list)
    reasons = models.JSONField(default=list)
    path = models.JSONField(null=True)
    gaps = models.JSONField(default=list)
    coverage = models.FloatField()
    maturity_months = models.PositiveSmallIntegerField()
    model_version = models.ForeignKey("scoring.ModelVersion", on_delete=models.PROTECT, related_name="runs")
    answered_by = models.CharField(max_length=9, choices=AnsweredBy, default=AnsweredBy.MODEL)
    lock = models.CharField(max_length=64)
    screening_id = models.BigIntegerField(null=True)
    consent = models.ForeignKey("accounts.Consent", on_delete=models.PROTECT, null=True, related_name="score_runs")
    policy_version = models.ForeignKey(
        "accounts.PolicyVersion", on_delete=models.PROTECT, null=True, related_name="score_runs"
    )
    score_without_amnesty = models.PositiveSmallIntegerField(
        null=True, help_text="The same evidence without the amnesty that was in force; null when there was none."
    )
    snapshot = models.BinaryField()
    sha256 = models.CharField(max_length=64)

    objects = ScoreRunQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=["business", "-as_of", "-id"], name="run_business_newest"),)
        constraints = (
            models.UniqueConstraint(fields=["business", "cause"], name="run_once_per_cause"),
            models.CheckConstraint(condition=models.Q(status__in=RunStatus.values), name="run_status_known"),
            models.CheckConstraint(condition=models.Q(answered_by__in=AnsweredBy.values), name="run_answered_by_known"),
            models.CheckConstraint(
                condition=models.Q(score_without_amnesty__isnull=True)
                | models.Q(score_without_amnesty__lte=models.F("score")),
                name="run_amnesty_only_helps",
            ),
            models.CheckConstraint(
                condition=models.Q(status="insufficient_evidence", score__isnull=True, pd__isnull=True)
                | models.Q(
                    status="complete",
                    score__range=(300, 900),
                    low__lte=models.F("score"),
                    high__gte=models.F("score"),
                    pd__gte=0,
                    pd__lte=1,
                    consent__isnull=False,
                ),
                name="run_number_only_when_complete",
            ),
        )

    def __str__(self) -> str:
        return f"score run {self.uuid}"

    @property
    def from_table(self) -> bool:
        """Whether the points table answered in the suspended model's place."""
        return self.answered_by == AnsweredBy.SCORECARD

    @property
    def model_name(self) -> str:
        """What made it, as stamps say it."""
        return f"{self.model_version}, points table only" if self.from_table else str(self.model_version)
