"""The outbox: news written in the same transaction as the change it tells of."""

import uuid

from django.db import models
from django.db.models.functions import Now


class OutboxEvent(models.Model):
    """A published event, kept as the record of what was announced."""

    name = models.CharField(max_length=80)
    payload = models.JSONField()
    published_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.name} #{self.pk}"


class DeliveryState(models.TextChoices):
    PENDING = "pending"
    DONE = "done"
    DEAD = "dead"


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def pending(self) -> "DeliveryQuerySet":
        return self.filter(state=DeliveryState.PENDING)

    def dead(self) -> "DeliveryQuerySet":
        return self.filter(state=DeliveryState.DEAD)

    def due(self) -> "DeliveryQuerySet":
        """Pending and past its lease: the first hand-over, or the worker that took it, was lost."""
        return self.pending().filter(due_at__lte=Now())


class Delivery(models.Model):
    """One event on its way to one task. The row is the truth; the message on the broker is only a hint."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event = models.ForeignKey(OutboxEvent, on_delete=models.CASCADE, related_name="deliveries")
    task = models.CharField(max_length=120)
    state = models.CharField(max_length=8, choices=DeliveryState, default=DeliveryState.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    error = models.TextField(blank=True, default="")

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "deliveries"
        indexes = (models.Index(fields=["due_at"], condition=models.Q(state="pending"), name="delivery_pending_due"),)
        constraints = (
            models.CheckConstraint(condition=models.Q(state__in=DeliveryState.values), name="delivery_state_known"),
            models.UniqueConstraint(fields=["event", "task"], name="delivery_once_per_task"),
        )

    def __str__(self) -> str:
        return f"{self.task} {self.state}"
