"""Policy as versioned rows: what the house decided by, from when, and who agreed."""

from datetime import datetime

from django.db import models


class PolicySection(models.TextChoices):
    FRAUD = "fraud"
    SCORING = "scoring"
    LENDING = "lending"


class PolicyStatus(models.TextChoices):
    DRAFT = "draft"
    LIVE = "live"
    RETIRED = "retired"


class PolicyVersionQuerySet(models.QuerySet["PolicyVersion"]):
    def in_force_at(self, at: datetime) -> "PolicyVersionQuerySet":
        """Live at `at`, also for a past moment; not retired means still in force."""
        return self.filter(live_from__lte=at).filter(models.Q(retired_at__isnull=True) | models.Q(retired_at__gt=at))


class PolicyVersion(models.Model):
    """One version of one section. Its document is frozen once it went live (trigger, migration 0002)."""

    section = models.CharField(max_length=8, choices=PolicySection)
    version = models.PositiveIntegerField()
    status = models.CharField(max_length=8, choices=PolicyStatus, default=PolicyStatus.DRAFT)
    document = models.JSONField()
    live_from = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)
    author = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="policies_written")
    approver = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="policies_approved")

    objects = PolicyVersionQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(section__in=PolicySection.values), name="policy_section_known"),
            models.CheckConstraint(condition=models.Q(status__in=PolicyStatus.values), name="policy_status_known"),
            models.UniqueConstraint(fields=["section", "version"], name="policy_version_once"),
            models.UniqueConstraint(
                fields=["section"], condition=models.Q(status="live"), name="policy_one_live_per_section"
            ),
            models.CheckConstraint(
                condition=models.Q(approver__isnull=True) | ~models.Q(approver=models.F("author")),
                name="policy_maker_is_not_checker",
            ),
            models.CheckConstraint(
                condition=models.Q(status="draft") | models.Q(approver__isnull=False, live_from__isnull=False),
                name="policy_live_was_approved",
            ),
            models.CheckConstraint(
                condition=models.Q(status="retired", retired_at__gte=models.F("live_from"))
                | (~models.Q(status="retired") & models.Q(retired_at__isnull=True)),
                name="policy_retired_has_date",
            ),
        )

    def __str__(self) -> str:
        return f"{self.section} policy {self.version}"
