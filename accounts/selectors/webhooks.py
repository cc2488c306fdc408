"""What a tenant sees of its webhooks and of the calls that were made."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from accounts.models import User, Webhook, WebhookDelivery, WebhookDeliveryState, WebhookTry
from creditiq.kernel.errors import NotVisible

WAITING, FAILED = WebhookDeliveryState.WAITING, WebhookDeliveryState.FAILED


@dataclass(frozen=True)
class DeliveryShown:
    """One call with all its tries, the first one first."""

    delivery: WebhookDelivery
    tries: tuple[WebhookTry, ...]


def webhooks(*, user: User) -> QuerySet[Webhook]:
    """Those of the person's tenant, newest first, with how many calls wait and were given up."""
    return (
        Webhook.objects.of(user)
        .select_related("made_by")
        .annotate(
            waiting=Count("deliveries", filter=Q(deliveries__state=WAITING)),
            given_up=Count("deliveries", filter=Q(deliveries__state=FAILED)),
        )
        .order_by("-made_at", "-pk")
    )


def webhook(*, user: User, webhook_id: UUID) -> Webhook:
    """One of them. Raises NotVisible."""
    found = webhooks(user=user).filter(uuid=webhook_id).first()
    if found is None:
        raise NotVisible
    return found


def deliveries(*, user: User, webhook_id: UUID, state: str = "") -> QuerySet[WebhookDelivery]:
    """Its calls, newest first; `state` narrows when it is one we know. Raises NotVisible."""
    rows = WebhookDelivery.objects.filter(webhook=webhook(user=user, webhook_id=webhook_id))
    if state in WebhookDeliveryState.values:
        rows = rows.filter(state=state)
    return rows.order_by("-made_at", "-pk")


def delivery(*, user: User, webhook_id: UUID, delivery_id: UUID) -> DeliveryShown:
    """One call. Raises NotVisible."""
    found = deliveries(user=user, webhook_id=webhook_id).filter(uuid=delivery_id).first()
    if found is None:
        raise NotVisible
    return DeliveryShown(found, tuple(found.attempts.order_by("at", "pk")))
