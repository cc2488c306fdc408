"""What the policy said and what people decided. Rows are added and never changed (triggers, migration 0002)."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models

from lending.engine.floor import Outcome

SHA256 = r"^[0-9a-f]{64}$"
POLICY_OUTCOMES = tuple((outcome.value, outcome.name.capitalize()) for outcome in Outcome)


class Assessment(models.Model):
    """The policy's verdict on one application from one score; `document` is its canonical JSON.

    A new score adds a row. The row repeats the few figures that lists show.
    """

    application = models.ForeignKey("lending.LoanApplication", on_delete=models.PROTECT, related_name="assessments")
    score_run = models.ForeignKey("scoring.ScoreRun", on_delete=models.PROTECT, related_name="+", null=True)
    policy = models.ForeignKey("accounts.PolicyVersion", on_delete=models.PROTECT, related_name="+", null=True)
    as_of = models.DateTimeField()
    outcome = models.CharField(max_length=9, choices=POLICY_OUTCOMES)
    reasons = ArrayField(models.CharField(max_length=40))
    limit = models.DecimalField(max_digits=14, decimal_places=2)
    document = models.TextField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        indexes = (models.Index(fields=["application", "-as_of"], name="assessment_newest"),)
        constraints = (
            models.UniqueConstraint(
                fields=["application", "score_run", "policy"], name="assessment_once", nulls_distinct=False
            ),
            models.CheckConstraint(condition=models.Q(sha256__regex=SHA256), name="assessment_digest_shape"),
        )

    def __str__(self) -> str:
        return f"assessment {self.pk} of {self.application_id}"


class DecisionOutcome(models.TextChoices):
    RECOMMEND = "recommend", "Recommended"
    SANCTION = "sanction", "Sanctioned"
    DECLINE = "decline", "Declined"
    COUNTER = "counter", "Other terms offered"
    REFER = "refer", "Referred back"


class DecisionQuerySet(models.QuerySet["Decision"]):
    def in_order(self) -> "DecisionQuerySet":
        """As they were taken."""
        return self.order_by("at", "pk")


class Decision(models.Model):
    """One step of one application, taken by one person for coded reasons on a frozen picture of the facts.

    `maker` is the person whose recommendation this decision checks. `snapshot` is canonical JSON text: the
    dossier, the policy and the verdict as they stood at `at`; `manage.py replay_decision` rebuilds it.
    `amount` and `months` are the other terms of a counter-offer.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    application = models.ForeignKey("lending.LoanApplication", on_delete=models.PROTECT, related_name="decisions")
    outcome = models.CharField(max_length=9, choices=DecisionOutcome)
    reasons = ArrayField(models.CharField(max_length=40))
    note = models.TextField(max_length=2000, blank=True)
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="decisions")
    maker = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField()
    score_run = models.ForeignKey("scoring.ScoreRun", on_delete=models.PROTECT, related_name="+", null=True)
    policy = models.ForeignKey("accounts.PolicyVersion", on_delete=models.PROTECT, related_name="+", null=True)
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    months = models.PositiveSmallIntegerField(null=True)
    supersedes = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="superseded_by")
    snapshot = models.TextField()
    sha256 = models.CharField(max_length=64)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=["application", "at"], name="decision_timeline"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(outcome__in=DecisionOutcome.values), name="decision_outcome_known"
            ),
            models.CheckConstraint(condition=models.Q(reasons__len__gte=1), name="decision_has_a_reason"),
            models.CheckConstraint(condition=models.Q(sha256__regex=SHA256), name="decision_digest_shape"),
            models.CheckConstraint(
                condition=models.Q(maker__isnull=True) | ~models.Q(maker=models.F("by")),
                name="decision_maker_is_not_checker",
            ),
            models.CheckConstraint(
                condition=~models.Q(outcome="sanction") | models.Q(maker__isnull=False, supersedes__isnull=False),
                name="decision_sanction_was_recommended",
            ),
            models.CheckConstraint(
                condition=models.Q(outcome="counter", amount__gt=0, months__gt=0)
                | ~models.Q(outcome="counter") & models.Q(amount__isnull=True, months__isnull=True),
                name="decision_counter_has_terms",
            ),
            models.UniqueConstraint(
                fields=["application"], condition=models.Q(supersedes__isnull=True), name="decision_one_first"
            ),
        )

    def __str__(self) -> str:
        return f"{self.outcome} {self.uuid}"
