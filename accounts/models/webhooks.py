"""Addresses of other people's programs that we call when something happens, and every call we made."""

import uuid
from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from creditiq.kernel.fields import DataKeyField, SealedField
from creditiq.kernel.sealing import MARK

if TYPE_CHECKING:
    from accounts.models.people import User


class WebhookState(models.TextChoices):
    LIVE = "live", "Live"
    OFF = "off", "Switched off"
    DISABLED = "disabled", "Disabled after failures"
    ENDED = "ended", "Removed"


class WebhookQuerySet(models.QuerySet["Webhook"]):
    def of(self, user: "User") -> "WebhookQuerySet":
        """Those of the person's tenant: the organisation of staff, else the person."""
        kept = self.exclude(state=WebhookState.ENDED)
        if user.organisation_id is None:
            return kept.filter(organisation=None, made_by=user)
        return kept.filter(organisation=user.organisation_id)

    def hearing(self, event: str) -> "WebhookQuerySet":
        """Live ones that asked for this kind of news."""
        return self.filter(state=WebhookState.LIVE, events__contains=[event])


class Webhook(models.Model):
    """One address of one tenant. It hears what the person who made it may see. The secret is the tenant's own."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, null=True, related_name="+")
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="webhooks")
    url = models.CharField(max_length=500)
    events = ArrayField(models.CharField(max_length=40))
    secret = SealedField()
    old_secret = SealedField(blank=True)
    old_secret_until = models.DateTimeField(null=True)
    data_key = DataKeyField(blank=True, default="", editable=False)
    state = models.CharField(max_length=8, choices=WebhookState, default=WebhookState.LIVE)
    why = models.CharField(max_length=200, blank=True, help_text="why it was disabled")
    made_at = models.DateTimeField()
    failing_since = models.DateTimeField(null=True)
    last_success_at = models.DateTimeField(null=True)

    objects = WebhookQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=["organisation", "made_by"], name="webhook_tenant"),)
        constraints = (
            models.CheckConstraint(condition=Q(state__in=WebhookState.values), name="webhook_state_known"),
            models.CheckConstraint(condition=~Q(events=[]), name="webhook_has_events"),
            models.CheckConstraint(condition=Q(secret__startswith=MARK), name="webhook_secret_sealed"),
            models.CheckConstraint(
                condition=Q(old_secret="") | Q(old_secret__startswith=MARK), name="webhook_old_secret_sealed"
            ),
        )

    def __str__(self) -> str:
        return self.url

    @property
    def is_live(self) -> bool:
        return self.state == WebhookState.LIVE

    @property
    def is_in_tenant(self) -> bool:
        """Whether who made it still belongs where it was made; it would carry the other tenant's news out."""
        return self.organisation_id == self.made_by.organisation_id

    def secrets_at(self, at: datetime) -> tuple[str, ...]:
        """What calls are signed with: after a rotation the old secret too, until programs have changed over."""
        overlaps = self.old_secret_until is not None and at < self.old_secret_until
        return (self.secret, self.old_secret) if overlaps else (self.secret,)


class WebhookDeliveryState(models.TextChoices):
    WAITING = "waiting", "Waiting"
    DELIVERED = "delivered", "Delivered"
    FAILED = "failed", "Given up"


class WebhookDelivery(models.Model):
    """One piece of news for one address; `uuid` is the webhook-id, the same at every try."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    source = models.CharField(max_length=200, help_text="the news: heard twice, it is sent once")
    event = models.CharField(max_length=40)
    body = models.TextField()
    state = models.CharField(max_length=9, choices=WebhookDeliveryState, default=WebhookDeliveryState.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=["due_at"], condition=Q(state="waiting"), name="webhook_delivery_due"),
            models.Index(fields=["webhook", "-made_at", "-id"], name="webhook_delivery_newest"),
        )
        constraints = (
            models.UniqueConstraint(fields=["webhook", "source"], name="webhook_delivery_once"),
            models.CheckConstraint(
                condition=Q(state__in=WebhookDeliveryState.values), name="webhook_delivery_state_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.event} {self.uuid}"


class WebhookTry(models.Model):
    """One call and what came of it: a status, or why there was none."""

    delivery = models.ForeignKey(WebhookDelivery, on_delete=models.CASCADE, related_name="attempts")
    at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True)
    milliseconds = models.PositiveIntegerField()
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = (models.Index(fields=["delivery", "at"], name="webhook_try_order"),)

    def __str__(self) -> str:
        return f"{self.status or self.error}"
