"""Switches of the running product. The environment gives the default and can force one off; a row says otherwise."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.cache import cache
from django.db import models
from redis.exceptions import RedisError

if TYPE_CHECKING:
    from accounts.models.people import User

KEPT = "accounts.flags"
KEPT_SECONDS = 30


class FlagName(models.TextChoices):
    """What can be switched; the label says what "on" means."""

    MFA = "ENABLE_MFA", "Staff must have a second factor"
    STEP_UP = "ENABLE_STEP_UP", "Grave acts ask for the password or a code again"
    SIGN_UP = "ENABLE_SIGN_UP", "Anybody may make an account"
    BLOCKCHAIN = "ENABLE_BLOCKCHAIN", "Evidence on chains is read and written"
    RATE_LIMITING = "ENABLE_RATE_LIMITING", "Calls are counted and limited"


class FlagQuerySet(models.QuerySet["Flag"]):
    def positions(self) -> Mapping[str, bool]:
        """Every switch as it stands: forced off, as the row says, or the default."""
        rows = dict(self.values_list("name", "is_on"))
        return {
            name: name not in settings.FLAGS_FORCED_OFF and rows.get(name, settings.FLAG_DEFAULTS[name])
            for name in FlagName.values
        }

    def is_on(self, name: FlagName) -> bool:
        """Whether a switch is on; kept for half a minute, and forgotten when one is changed."""
        try:
            kept = cache.get(KEPT)
            if not isinstance(kept, dict):
                kept = dict(self.positions())
                cache.set(KEPT, kept, KEPT_SECONDS)
        except (RedisError, OSError):
            kept = dict(self.positions())
        return bool(kept[name])


class Flag(models.Model):
    """A switch that somebody moved away from its default."""

    name = models.CharField(max_length=40, primary_key=True, choices=FlagName)
    is_on = models.BooleanField()
    changed_at = models.DateTimeField()
    changed_by: models.ForeignKey["User", "User"] = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="+"
    )

    objects = FlagQuerySet.as_manager()

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(name__in=FlagName.values), name="flag_known"),)

    def __str__(self) -> str:
        return f"{self.name}: {'on' if self.is_on else 'off'}"
