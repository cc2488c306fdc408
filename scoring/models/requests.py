"""Somebody waits for a score: the task that the API, the pages and the stream look at."""

import uuid
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db import models

from accounts.models import Business, User


class RequestState(models.TextChoices):
    PENDING = "pending"
    PROCESSING = "processing"
    COMPLETE = "complete"
    FAILED = "failed"
    INSUFFICIENT = "insufficient_evidence"


WAITING = (RequestState.PENDING, RequestState.PROCESSING)


class ScoreRequestQuerySet(models.QuerySet["ScoreRequest"]):
    def waiting(self) -> "ScoreRequestQuerySet":
        """Not answered yet."""
        return self.filter(state__in=WAITING)

    def older_than(self, moment: datetime) -> "ScoreRequestQuerySet":
        """Asked, or last put in the queue, before `moment`."""
        return self.filter(queued_at__lt=moment)

    def visible_to(self, user: "User | AnonymousUser") -> "ScoreRequestQuerySet":
        """Requests for businesses the person may see; for a GSTIN nobody knows, the person's own requests."""
        known = models.Q(business__in=Business.objects.visible_to(user))
        return self.filter(known | models.Q(business__isnull=True, by_id=user.pk))


class ScoreRequest(models.Model):
    """`business` is null for a GSTIN that is not registered with us; such a request is answered at once."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    gstin = models.CharField("GSTIN", max_length=15)
    business = models.ForeignKey(
        "accounts.Business", on_delete=models.PROTECT, null=True, related_name="score_requests"
    )
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="score_requests")
    requested_at = models.DateTimeField()
    queued_at = models.DateTimeField()
    state = models.CharField(max_length=21, choices=RequestState, default=RequestState.PENDING)
    run = models.ForeignKey("scoring.ScoreRun", on_delete=models.PROTECT, null=True, related_name="requests")
    error = models.CharField(max_length=200, blank=True)

    objects = ScoreRequestQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(
                fields=["business", "queued_at"],
                condition=models.Q(state__in=["pending", "processing"]),
                name="request_waiting",
            ),
        )
        constraints = (
            models.CheckConstraint(condition=models.Q(state__in=RequestState.values), name="request_state_known"),
            models.CheckConstraint(
                condition=~models.Q(state="complete") | models.Q(run__isnull=False), name="request_complete_has_run"
            ),
        )

    def __str__(self) -> str:
        return f"score request {self.uuid}"
