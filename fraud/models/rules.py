"""Rules as data: an expression over named facts, written by one person and put in force by another."""

import uuid
from datetime import datetime
from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from creditiq.kernel.money import from_paise
from fraud.models.findings import Severity


class RuleState(models.TextChoices):
    DRAFT = "draft", "Draft"
    REVIEW = "review", "In review"
    SHADOW = "shadow", "Shadow"
    LIVE = "live", "Live"
    RETIRED = "retired", "Retired"


class Rule(models.Model):
    """A named rule; what it says is in its versions."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=120)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.title


class RuleVersionQuerySet(models.QuerySet["RuleVersion"]):
    def running(self) -> "RuleVersionQuerySet":
        """Versions that screenings evaluate: live ones, and those in shadow, which only take notes."""
        return self.filter(state__in=[RuleState.LIVE, RuleState.SHADOW]).order_by("rule_id", "version")


class RuleVersion(models.Model):
    """One version: `expression` is a typed tree over facts, `cases` are examples it must decide as expected.

    A case is {name, facts: {fact: value}, expected: bool}. Once out of draft, expression and cases are frozen.
    """

    rule = models.ForeignKey(Rule, on_delete=models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField()
    state = models.CharField(max_length=7, choices=RuleState, default=RuleState.DRAFT)
    expression = models.JSONField()
    cases = models.JSONField(default=list)
    severity = models.CharField(max_length=6, choices=Severity)
    note = models.TextField(blank=True, help_text="What changed and why.")
    author = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="rules_written")
    publisher = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="rules_published")
    written_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    live_from = models.DateTimeField(null=True, help_text="Since when it runs, live or in shadow.")
    retired_at = models.DateTimeField(null=True)

    objects = RuleVersionQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["rule", "version"], name="rule_version_once"),
            models.UniqueConstraint(fields=["rule"], condition=Q(state="live"), name="rule_one_live"),
            models.CheckConstraint(condition=Q(state__in=RuleState.values), name="rule_state_known"),
            models.CheckConstraint(condition=Q(severity__in=Severity.values), name="rule_severity_known"),
            models.CheckConstraint(
                condition=Q(publisher__isnull=True) | ~Q(publisher=F("author")), name="rule_maker_is_not_checker"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "review", "retired"])
                | Q(publisher__isnull=False, live_from__isnull=False),
                name="rule_running_was_published",
            ),
        )

    def __str__(self) -> str:
        return f"{self.rule_id} version {self.version} ({self.state})"


class RuleHitQuerySet(models.QuerySet["RuleHit"]):
    def known_at(self, t: datetime) -> "RuleHitQuerySet":
        """Hits at or before t."""
        return self.filter(at__lte=t)


class RuleHit(models.Model):
    """A version that was true of a business at a screening; `shadow` hits raise no alert."""

    version = models.ForeignKey(RuleVersion, on_delete=models.PROTECT, related_name="hits")
    business = models.ForeignKey("accounts.Business", on_delete=models.PROTECT, related_name="rule_hits")
    screening = models.ForeignKey("fraud.Screening", on_delete=models.PROTECT, related_name="rule_hits")
    at = models.DateTimeField()
    shadow = models.BooleanField()
    facts = models.JSONField(help_text="The facts the expression read.")

    objects = RuleHitQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["version", "screening"], name="rule_hit_once"),)

    def __str__(self) -> str:
        return f"hit of version {self.version_id} on business {self.business_id}"


class Backtest(models.Model):
    """What a version would have done to the decisions of a period; rupees are the approved limits it would touch."""

    version = models.ForeignKey(RuleVersion, on_delete=models.PROTECT, related_name="backtests")
    since = models.DateField()
    until = models.DateField()
    ran_at = models.DateTimeField()
    ran_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    screened = models.IntegerField()
    hits = models.IntegerField()
    decided = models.IntegerField()
    approved = models.IntegerField()
    approved_hit = models.IntegerField(help_text="Approved although the rule would have matched.")
    effect_paise = models.BigIntegerField(help_text="Sum of what those approvals granted.")

    def __str__(self) -> str:
        return f"back-test of version {self.version_id}, {self.since} to {self.until}"

    @property
    def effect_rupees(self) -> Decimal:
        """What the touched approvals granted."""
        return from_paise(self.effect_paise)

    @property
    def approval_rate(self) -> float | None:
        """Share approved as decided; None when nothing was decided."""
        return self.approved / self.decided if self.decided else None

    @property
    def approval_rate_difference(self) -> float | None:
        """How far the approval rate would have fallen had every match been referred."""
        return -self.approved_hit / self.decided if self.decided else None
