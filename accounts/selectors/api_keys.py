"""What people see of their API keys."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.cache import cache
from redis.exceptions import RedisError

from accounts.models import ApiKey, User
from creditiq.kernel.clock import IST
from creditiq.kernel.errors import NotVisible

NEWEST = 500


@dataclass(frozen=True)
class ShownKey:
    """A key with its calls of the day; None where the counter cannot be reached."""

    key: ApiKey
    is_live: bool
    calls_today: int | None


def quota_counter(key: ApiKey, at: datetime) -> str:
    """Where the calls of a key are counted; a day is an Indian one."""
    return f"accounts.quota:{key.uuid}:{at.astimezone(IST):%Y-%m-%d}"


def own_keys(*, user: User, at: datetime) -> tuple[ShownKey, ...]:
    """The newest keys of one person, ended ones too."""
    return _shown(ApiKey.objects.of(user).order_by("-created_at", "-pk")[:NEWEST], at)


def own_key(*, user: User, key_id: UUID, at: datetime) -> ShownKey:
    """One key of the person. Raises NotVisible."""
    key = ApiKey.objects.of(user).filter(uuid=key_id).first()
    if key is None:
        raise NotVisible
    return _shown([key], at)[0]


def _shown(keys: Iterable[ApiKey], at: datetime) -> tuple[ShownKey, ...]:
    rows = list(keys)
    try:
        counts = cache.get_many([quota_counter(key, at) for key in rows])
    except (RedisError, OSError):
        return tuple(ShownKey(key, key.is_live_at(at), None) for key in rows)
    return tuple(ShownKey(key, key.is_live_at(at), int(counts.get(quota_counter(key, at), 0))) for key in rows)
