"""Long work with a face: what it is at, how far it is, what it said."""

import uuid
from datetime import datetime, timedelta

from django.db import models


class JobState(models.TextChoices):
    QUEUED = "queued", "Waiting"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"


ENDED = (JobState.DONE, JobState.FAILED, JobState.CANCELLED)


class Job(models.Model):
    """One run of a piece of work. `key` names the run where it must happen once, such as `audit.verify:2026-11-20`."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    work = models.CharField(max_length=60)
    title = models.CharField(max_length=120)
    key = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=9, choices=JobState, default=JobState.QUEUED)
    phase = models.CharField(max_length=80, blank=True)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0, help_text="0 as long as nobody knows")
    message = models.CharField(max_length=300, blank=True)
    cancel_asked = models.BooleanField(default=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    asked_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=["-asked_at", "-id"], name="job_newest"),)
        constraints = (
            models.CheckConstraint(condition=models.Q(state__in=JobState.values), name="job_state_known"),
            models.UniqueConstraint(fields=["key"], condition=~models.Q(key=""), name="job_once_per_key"),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def has_ended(self) -> bool:
        return self.state in ENDED

    @property
    def may_cancel(self) -> bool:
        return not self.has_ended and not self.cancel_asked

    @property
    def may_retry(self) -> bool:
        return self.state in (JobState.FAILED, JobState.CANCELLED)

    def left(self, at: datetime) -> timedelta | None:
        """How much longer it takes if it goes on as it did; None while nobody can tell."""
        if self.state != JobState.RUNNING or self.started_at is None or not 0 < self.done <= self.total:
            return None
        return (at - self.started_at) * (self.total - self.done) / self.done


class JobLine(models.Model):
    """One line of a job's log."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="lines")
    at = models.DateTimeField()
    text = models.CharField(max_length=300)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.text
