"""What happened to a model version, what a version in shadow would have said, and how far the world has moved."""

from django.db import models


class VersionAct(models.Model):
    """One step in the life of a version: who, when, from where to where, and why."""

    version = models.ForeignKey("scoring.ModelVersion", on_delete=models.PROTECT, related_name="acts")
    act = models.CharField(max_length=20)
    source = models.CharField(max_length=13)
    target = models.CharField(max_length=13)
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = (models.Index(fields=["version", "-at", "-id"], name="version_act_newest"),)

    def __str__(self) -> str:
        return f"{self.version}: {self.act}"


class ShadowScore(models.Model):
    """What a version in shadow says to the vector of a run. Never shown to owners, never decided by."""

    run = models.ForeignKey("scoring.ScoreRun", on_delete=models.PROTECT, related_name="shadows")
    version = models.ForeignKey("scoring.ModelVersion", on_delete=models.PROTECT, related_name="shadow_scores")
    score = models.PositiveSmallIntegerField()
    pd = models.FloatField()
    band = models.CharField(max_length=14)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["run", "version"], name="shadow_once_per_run"),
            models.CheckConstraint(
                condition=models.Q(score__range=(300, 900), pd__gte=0, pd__lte=1), name="shadow_is_a_score"
            ),
        )

    def __str__(self) -> str:
        return f"shadow of run {self.run_id}"


class Verdict(models.TextChoices):
    STABLE = "stable"
    WATCH = "watch"
    ACT = "act"


class DecisionTally(models.Model):
    """What people decided on scores on one day, told by lending: declined, and against the policy, of all decided."""

    day = models.DateField(unique=True)
    decided = models.PositiveIntegerField()
    declined = models.PositiveIntegerField()
    overridden = models.PositiveIntegerField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(declined__lte=models.F("decided"), overridden__lte=models.F("decided")),
                name="tally_parts_within_whole",
            ),
        )

    def __str__(self) -> str:
        return f"decisions of {self.day}"


class DriftReading(models.Model):
    """One figure of one monitoring day: `metric` is psi, csi, missing, auc, ks, ece, coverage, interval,
    rejection or override.

    `subject` is a feature, or "score". `critical` is what `value` exceeds by chance once in twenty at this size,
    null where no such figure is told.
    """

    version = models.ForeignKey("scoring.ModelVersion", on_delete=models.PROTECT, related_name="drift_readings")
    as_of = models.DateTimeField()
    metric = models.CharField(max_length=12)
    subject = models.CharField(max_length=60)
    value = models.FloatField(null=True)
    critical = models.FloatField(null=True)
    size = models.PositiveIntegerField()
    verdict = models.CharField(max_length=6, choices=Verdict)

    class Meta:
        indexes = (models.Index(fields=["version", "-as_of"], name="drift_version_newest"),)
        constraints = (
            models.UniqueConstraint(fields=["version", "as_of", "metric", "subject"], name="drift_once"),
            models.CheckConstraint(condition=models.Q(verdict__in=Verdict.values), name="drift_verdict_known"),
        )

    def __str__(self) -> str:
        return f"{self.metric} of {self.subject}"
