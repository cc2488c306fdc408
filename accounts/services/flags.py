"""Switches: moved by an administrator, on record."""

from datetime import datetime

from django.conf import settings
from django.core.cache import cache
from django.db import transaction

from accounts import audit
from accounts.models import Flag, FlagName, User
from accounts.models.flags import KEPT
from accounts.permissions import Capability, require
from creditiq.kernel.errors import ApplicationError, NotVisible


class UnableToSwitch(ApplicationError):
    """The switch stays as it is."""

    code = "unable_to_switch"


def switch_flag(*, name: str, on: bool, by: User, at: datetime) -> None:
    """Turn a switch on or off. Raises UnableToSwitch for one that the environment holds off."""
    require(by, Capability.CONFIGURE)
    if name not in FlagName.values:
        raise NotVisible
    if on and name in settings.FLAGS_FORCED_OFF:
        raise UnableToSwitch("The environment of this installation holds this switch off.")
    with transaction.atomic(durable=True):
        Flag.objects.update_or_create(name=name, defaults={"is_on": on, "changed_at": at, "changed_by": by})
        audit.record("flag.switched", target=f"accounts.flag:{name}", at=at, by=by, payload={"on": on})
        transaction.on_commit(lambda: cache.delete(KEPT))
