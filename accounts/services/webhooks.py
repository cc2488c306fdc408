"""Webhooks: a tenant names an address, gets a secret, changes it, switches it off; news is put down for each."""

import base64
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.db import models, transaction

from accounts import audit
from accounts.engine.webhooks import MARK
from accounts.events import WebhookDue
from accounts.models import Business, User, Webhook, WebhookDelivery, WebhookDeliveryState, WebhookState
from accounts.permissions import Capability, can
from creditiq.kernel.endpoints import TLS, UnfitAddress, endpoint
from creditiq.kernel.errors import ApplicationError, Forbidden, InvalidInput, NotVisible
from creditiq.kernel.events import Event, publish
from creditiq.kernel.outgoing import Hostile, addresses_of

MOST = 20
OVERLAP = timedelta(hours=24)
"""How long calls carry the old signature too after a rotation."""
SECRET_BYTES = 32
PING = "webhook.test"
BUSINESS, PERSON = "business_id", "user_id"


class UnableToMakeWebhook(ApplicationError):
    """No address is kept."""

    code = "unable_to_make_webhook"


class UnableToDeliver(ApplicationError):
    """Nothing is sent: the address is switched off, or the call waits already."""

    code = "unable_to_deliver"


@dataclass(frozen=True)
class Announced:
    """How news of ours is told outside: its name, who may hear it (any of the capabilities), and the row it is about.

    `key` names the event's field with the row's key; `read` is the operation that shows it, `{id}` its public id;
    `via` is what of the row belongs to a tenant; `to_asker`: its organisation hears it without seeing the business;
    `sees` says who may read a row that belongs to no single business. Without it such news is for nobody but the
    person whom the event names.
    """

    name: str
    capabilities: tuple[Capability, ...]
    key: str
    model: type[models.Model]
    read: str
    says: str
    via: str = ""
    to_asker: bool = False
    sees: Callable[[User, models.Model], bool] | None = None


@dataclass(frozen=True)
class WebhookTerms:
    """Where to and what about."""

    url: str
    events: tuple[str, ...]


@dataclass(frozen=True)
class MadeWebhook:
    """A webhook with the secret that was made for it, shown this once."""

    webhook: Webhook
    secret: str


_announced: dict[str, Announced] = {}


def connect_announcements(table: Mapping[type[Event], Announced]) -> None:
    """Install the table of `creditiq/announcements.py`; called once when Django is ready."""
    _announced.clear()
    _announced.update({event.topic(): said for event, said in table.items()})


def announcements_for(user: User) -> tuple[Announced, ...]:
    """The kinds of news that a person may hear, by name."""
    return tuple(sorted((one for one in _announced.values() if _holds(user, one)), key=lambda one: one.name))


def create_webhook(*, terms: WebhookTerms, by: User, at: datetime) -> MadeWebhook:
    """Keep an address. Raises InvalidInput, Forbidden for news the person may not hear, UnableToMakeWebhook."""
    _refuse(terms, by)
    secret = _new_secret()
    with transaction.atomic(durable=True):
        User.objects.select_for_update(of=("self",)).get(pk=by.pk)
        if Webhook.objects.of(by).count() >= MOST:
            raise UnableToMakeWebhook(f"There are {MOST} addresses. Remove one first.")
        webhook = Webhook(organisation=by.organisation, made_by=by, secret=secret, made_at=at)
        webhook.url, webhook.events = terms.url, sorted(set(terms.events))
        webhook.save(force_insert=True)
        audit.record("webhook.created", target=webhook, at=at, by=by, payload={"events": webhook.events})
    return MadeWebhook(webhook, secret)


def change_webhook(*, webhook_id: UUID, terms: WebhookTerms, by: User, at: datetime) -> Webhook:
    """Another address, other news. Who changes it is who it hears for. Raises as `create_webhook`, and NotVisible."""
    _refuse(terms, by)
    with transaction.atomic(durable=True):
        webhook = _own(webhook_id, by)
        webhook.url, webhook.events, webhook.made_by = terms.url, sorted(set(terms.events)), by
        webhook.save(update_fields=["url", "events", "made_by"])
        audit.record("webhook.changed", target=webhook, at=at, by=by, payload={"events": webhook.events})
    return webhook


def switch_webhook(*, webhook_id: UUID, on: bool, by: User, at: datetime) -> Webhook:
    """Call the address from now on, or do not; what waits is kept. Raises NotVisible."""
    with transaction.atomic(durable=True):
        webhook = _own(webhook_id, by)
        webhook.state = WebhookState.LIVE if on else WebhookState.OFF
        webhook.why, webhook.failing_since = "", None
        webhook.save(update_fields=["state", "why", "failing_since"])
        audit.record("webhook.switched", target=webhook, at=at, by=by, payload={"on": on})
    return webhook


def end_webhook(*, webhook_id: UUID, by: User, at: datetime) -> None:
    """The address is called no more and leaves the list; its log stays. Raises NotVisible."""
    with transaction.atomic(durable=True):
        webhook = _own(webhook_id, by)
        webhook.state = WebhookState.ENDED
        webhook.save(update_fields=["state"])
        audit.record("webhook.ended", target=webhook, at=at, by=by)


def rotate_webhook_secret(*, webhook_id: UUID, by: User, at: datetime) -> MadeWebhook:
    """A new secret; for OVERLAP calls are signed with the old one too. Raises NotVisible."""
    secret = _new_secret()
    with transaction.atomic(durable=True):
        webhook = _own(webhook_id, by)
        webhook.old_secret, webhook.old_secret_until = webhook.secret, at + OVERLAP
        webhook.secret = secret
        webhook.save(update_fields=["secret", "old_secret", "old_secret_until"])
        audit.record("webhook.rotated", target=webhook, at=at, by=by)
    return MadeWebhook(webhook, secret)


def ping_webhook(*, webhook_id: UUID, by: User, at: datetime) -> WebhookDelivery:
    """Send a test. Raises NotVisible, UnableToDeliver."""
    with transaction.atomic(durable=True):
        webhook = _own(webhook_id, by)
        if not webhook.is_live:
            raise UnableToDeliver("The address is switched off. Switch it on first.")
        delivery = _put_down(webhook, PING, f"{PING}:{uuid4()}", {}, at)
        audit.record("webhook.tested", target=webhook, at=at, by=by)
    return delivery


def redeliver(*, webhook_id: UUID, delivery_id: UUID, by: User, at: datetime) -> WebhookDelivery:
    """Send the same news with the same id again, with all its tries. Raises NotVisible, UnableToDeliver."""
    with transaction.atomic(durable=True):
        webhook = _own(webhook_id, by)
        delivery = webhook.deliveries.select_for_update().filter(uuid=delivery_id).first()
        if delivery is None:
            raise NotVisible
        if not webhook.is_live:
            raise UnableToDeliver("The address is switched off. Switch it on first.")
        if delivery.state == WebhookDeliveryState.WAITING and delivery.tries == 0:
            raise UnableToDeliver("It is on its way already.")
        delivery.state, delivery.tries, delivery.due_at, delivery.ended_at = "waiting", 0, at, None
        delivery.save(update_fields=["state", "tries", "due_at", "ended_at"])
        publish(WebhookDue(delivery_id=delivery.pk))
        audit.record("webhook.redelivered", target=delivery, at=at, by=by)
    return delivery


def announce(*, topic: str, ids: Mapping[str, int | str], at: datetime) -> list[WebhookDelivery]:
    """Put news down for every address that asked for it and may hear it; the same news once. Returns what is new."""
    said = _announced.get(topic)
    hearers = list(Webhook.objects.hearing(said.name).select_related("made_by__organisation")) if said else []
    row = said.model._default_manager.filter(pk=ids[said.key]).first() if said and hearers else None
    if said is None or row is None:
        return []
    told = [one for one in hearers if one.is_in_tenant and _may_hear(one.made_by, said, row, ids)]
    facts = _facts(said, row, ids)
    source = ":".join([topic, *(f"{name}={ids[name]}" for name in sorted(ids))])
    with transaction.atomic(durable=True):
        known = set(WebhookDelivery.objects.filter(source=source, webhook__in=told).values_list("webhook", flat=True))
        return [_put_down(one, said.name, source, facts, at) for one in told if one.pk not in known]


def _holds(person: User, said: Announced) -> bool:
    return any(can(person, capability) for capability in said.capabilities)


def _may_hear(person: User, said: Announced, row: models.Model, ids: Mapping[str, int | str]) -> bool:
    """What the person would be let read at this moment; news of wallets is their holder's alone."""
    if not person.is_active or (person.organisation is not None and not person.organisation.is_active):
        return False
    if not _holds(person, said) or (PERSON in ids and person.pk != ids[PERSON]):
        return False
    owned = getattr(row, said.via) if said.via else row
    if (
        said.to_asker
        and person.organisation_id is not None
        and getattr(owned, "organisation_id", None) == person.organisation_id
    ):
        return True
    if said.sees is not None:
        return said.sees(person, row)
    if getattr(owned, BUSINESS, None) is None:
        return PERSON in ids
    return any(can(person, capability, owned) for capability in said.capabilities)


def _facts(said: Announced, row: models.Model, ids: Mapping[str, int | str]) -> dict[str, object]:
    """Public ids and where to read; no figures and nothing personal leaves by this way."""
    business = Business.register.filter(pk=ids[BUSINESS]).first() if BUSINESS in ids else None
    subject = str(getattr(row, "uuid", ""))
    return {
        "business": str(business.uuid) if business else None,
        "subject": subject,
        "read": said.read.format(id=subject),
    }


def _put_down(webhook: Webhook, event: str, source: str, facts: Mapping[str, object], at: datetime) -> WebhookDelivery:
    delivery = WebhookDelivery(webhook=webhook, source=source[:200], event=event, made_at=at, due_at=at)
    written = {"id": str(delivery.uuid), "type": event, "timestamp": at.isoformat(), "data": dict(facts)}
    delivery.body = json.dumps(written, separators=(",", ":"))
    delivery.save(force_insert=True)
    publish(WebhookDue(delivery_id=delivery.pk))
    return delivery


def _refuse(terms: WebhookTerms, by: User) -> None:
    _refuse_address(terms.url)
    names = {one.name: one for one in _announced.values()}
    if not terms.events or not set(terms.events) <= set(names):
        raise InvalidInput("Choose news from the list.", field="events", rule="events.unknown")
    if not all(_holds(by, names[event]) for event in terms.events):
        raise Forbidden("A webhook hears no more than you may read.")


def _refuse_address(url: str) -> None:
    """Before it is kept; it is looked up again, and checked again, whenever it is called."""
    try:
        taken = endpoint(url, local_hosts=settings.WEBHOOK_LOCAL_HOSTS, only_hosts=settings.WEBHOOK_ONLY_HOSTS)
        if not taken.local:
            addresses_of(taken.host, TLS)
    except UnfitAddress as error:
        raise InvalidInput(str(error), field="url", rule="url.unfit") from error
    except Hostile as error:
        sentence = "This name leads to a private address. We call public servers only."
        raise InvalidInput(sentence, field="url", rule="url.private") from error


def _own(webhook_id: UUID, by: User) -> Webhook:
    webhook = Webhook.objects.of(by).select_for_update(of=("self",)).filter(uuid=webhook_id).first()
    if webhook is None:
        raise NotVisible
    return webhook


def _new_secret() -> str:
    return MARK + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()
