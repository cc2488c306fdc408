"""Calling other people's servers: signed, bounded, tried again for three days, given up with notice."""

import time
from datetime import datetime, timedelta

import requests
from django.conf import settings
from django.db import transaction

from accounts import audit
from accounts.engine.webhooks import GIVEN_UP_AFTER_SECONDS, signature, wait_after
from accounts.events import WebhookDue
from accounts.models import Webhook, WebhookDelivery, WebhookDeliveryState, WebhookState, WebhookTry
from accounts.services.notices import tell
from creditiq.kernel.clock import seconds
from creditiq.kernel.endpoints import UnfitAddress, endpoint
from creditiq.kernel.events import publish
from creditiq.kernel.outgoing import GuardedSession

CALL_LEASE = timedelta(minutes=2)
"""For how long nobody else makes the same call."""
PATIENCE_SECONDS = 10.0
MOST_BYTES = 64 * 1024
AT_ONCE = 500
GIVEN_UP_AFTER = timedelta(seconds=GIVEN_UP_AFTER_SECONDS)
GONE = 410


def send_webhook(*, delivery_id: int, at: datetime) -> WebhookTry | None:
    """Make one call and note what came of it; None when there is nothing to do now. Twice is harmless."""
    delivery = _claimed(delivery_id, at)
    if delivery is None:
        return None
    began = time.monotonic()
    status, error = _called(delivery, at)
    passed = int((time.monotonic() - began) * 1000)
    return _noted(delivery, WebhookTry(delivery=delivery, at=at, status=status, error=error, milliseconds=passed))


def retry_webhooks(*, at: datetime) -> int:
    """Hand over every call whose time has come; how many."""
    due = WebhookDelivery.objects.filter(
        state=WebhookDeliveryState.WAITING, due_at__lte=at, webhook__state=WebhookState.LIVE
    ).order_by("due_at", "pk")
    with transaction.atomic(durable=True):
        keys = list(due.select_for_update(skip_locked=True, of=("self",)).values_list("pk", flat=True)[:AT_ONCE])
        for key in keys:
            publish(WebhookDue(delivery_id=key))
    return len(keys)


def _claimed(delivery_id: int, at: datetime) -> WebhookDelivery | None:
    """The call, ours for CALL_LEASE; None when it is done, somebody else's, switched off, or its maker left."""
    rows = WebhookDelivery.objects.select_related("webhook__made_by")
    with transaction.atomic(durable=True):
        delivery = rows.select_for_update(skip_locked=True, of=("self",)).filter(pk=delivery_id).first()
        if delivery is None or delivery.state != WebhookDeliveryState.WAITING or delivery.due_at > at:
            return None
        if not delivery.webhook.is_live:
            return None
        if not delivery.webhook.is_in_tenant:
            _end(delivery, WebhookDeliveryState.FAILED, at)
            return None
        delivery.tries += 1
        delivery.due_at = at + CALL_LEASE
        delivery.save(update_fields=["tries", "due_at"])
    return delivery


def _called(delivery: WebhookDelivery, at: datetime) -> tuple[int | None, str]:
    """The status of the answer; the answer itself is not read any further than bounds allow, and not kept."""
    webhook, body, name = delivery.webhook, delivery.body.encode(), str(delivery.uuid)
    signed = [
        signature(secret=one, message_id=name, timestamp=seconds(at), body=body) for one in webhook.secrets_at(at)
    ]
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "CreditIQ-Webhooks/1",
        "webhook-id": name,
        "webhook-timestamp": str(seconds(at)),
        "webhook-signature": " ".join(signed),
    }
    try:
        named = {"local_hosts": settings.WEBHOOK_LOCAL_HOSTS, "only_hosts": settings.WEBHOOK_ONLY_HOSTS}
        allowed = endpoint(webhook.url, **named)
        with GuardedSession(local=allowed.local, most_bytes=MOST_BYTES, seconds=PATIENCE_SECONDS) as session:
            return session.post(webhook.url, data=body, headers=headers).status_code, ""
    except UnfitAddress as error:
        return None, str(error)[:200]
    except (requests.RequestException, OSError) as error:
        return None, _said(error)


def _said(error: Exception) -> str:
    """Why there is no status, in a word that names no address of ours."""
    words = {
        requests.exceptions.SSLError: "The certificate of the server cannot be trusted.",
        requests.Timeout: "The server did not answer in time.",
        requests.ConnectionError: "The server could not be reached.",
    }
    return next((word for kind, word in words.items() if isinstance(error, kind)), str(error)[:200])


def _noted(delivery: WebhookDelivery, made: WebhookTry) -> WebhookTry:
    """Done, to be tried again, or given up; an address that fails for three days is disabled and its maker told."""
    worked = made.status is not None and 200 <= made.status < 300
    with transaction.atomic(durable=True):
        made.save(force_insert=True)
        webhook = Webhook.objects.select_for_update(of=("self",)).select_related("made_by").get(pk=delivery.webhook_id)
        if worked:
            _end(delivery, WebhookDeliveryState.DELIVERED, made.at)
            Webhook.objects.filter(pk=webhook.pk).update(failing_since=None, last_success_at=made.at)
            return made
        if webhook.failing_since is None:
            webhook.failing_since = made.at
            webhook.save(update_fields=["failing_since"])
        wait = None if made.status == GONE else wait_after(delivery.tries)
        if wait is None:
            _end(delivery, WebhookDeliveryState.FAILED, made.at)
        else:
            delivery.due_at = made.at + timedelta(seconds=wait)
            delivery.save(update_fields=["due_at"])
        if made.status == GONE:
            _disable(webhook, "The server answered 410: the address is gone.", made.at)
        elif made.at - webhook.failing_since >= GIVEN_UP_AFTER - timedelta(hours=1):
            _disable(webhook, "No call got through for three days.", made.at)
    return made


def _end(delivery: WebhookDelivery, state: str, at: datetime) -> None:
    delivery.state, delivery.ended_at = state, at
    delivery.save(update_fields=["state", "ended_at"])


def _disable(webhook: Webhook, why: str, at: datetime) -> None:
    """Told in the tray and by letter, in the same transaction."""
    if not webhook.is_live:
        return
    webhook.state, webhook.why = WebhookState.DISABLED, why
    webhook.save(update_fields=["state", "why"])
    organisation = webhook.made_by.organisation
    audit.record("webhook.disabled", target=webhook, at=at, organisation=organisation, payload={"why": why})
    facts = {"webhook": str(webhook.uuid), "url": webhook.url[:200], "why": why}
    source = f"webhook:{webhook.pk}:{seconds(at)}"
    tell(users=[webhook.made_by], topic="webhook.disabled", source=source, at=at, facts=facts)
