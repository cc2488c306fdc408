"""News whose task failed too often and was set aside: an administrator gives it a fresh start."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts import audit
from accounts.models import User
from accounts.permissions import Capability, require
from creditiq.kernel import outbox
from creditiq.kernel.errors import ApplicationError, NotVisible
from creditiq.kernel.models import Delivery, DeliveryState


class UnableToReplay(ApplicationError):
    """The delivery does not wait for a person."""

    code = "unable_to_replay"


def replay_delivery(*, delivery_id: UUID, by: User, at: datetime) -> Delivery:
    """Hand a delivery that was set aside over again. Raises Forbidden, NotVisible, UnableToReplay."""
    require(by, Capability.CONFIGURE)
    with transaction.atomic(durable=True):
        delivery = Delivery.objects.select_for_update().filter(pk=delivery_id).first()
        if delivery is None:
            raise NotVisible
        if delivery.state != DeliveryState.DEAD:
            raise UnableToReplay("This is not set aside any more.")
        outbox.replay(delivery.pk)
        facts = {"task": delivery.task, "event": delivery.event_id}
        audit.record("delivery.replayed", target=f"delivery {delivery.pk}", at=at, by=by, payload=facts)
    return delivery
