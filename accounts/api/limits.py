"""How many calls a key, a person or an address may make; the answer says what is left.

Counted per minute in a fixed window and, for keys, per Indian day. When the counter is away, calls go through, but a
key changes nothing: its quota is agreed, the rest is courtesy. Doors for strangers have their own (throttles.py).
"""

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError
from rest_framework import status
from rest_framework.exceptions import APIException
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from accounts import selectors
from accounts.models import ApiKey, Flag, FlagName, User
from creditiq.kernel.clock import IST, now

if TYPE_CHECKING:  # DRF's views read the settings, which name the throttles of this module
    from rest_framework.views import APIView

A_MINUTE, A_DAY = 60, 86_400


class CounterAway(APIException):
    """The counter cannot be reached, and nobody passes uncounted here."""

    status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    default_detail = "Signing in is not possible at the moment. Try again shortly."
    default_code = "unavailable"
    wait = 5


class CallerThrottle(BaseThrottle):
    """Calls per minute of whoever asks, while ENABLE_RATE_LIMITING is on. Counts without losing any."""

    left_for: int | None = None

    def allow_request(self, request: Request, view: "APIView") -> bool:
        most = settings.CALLS_PER_MINUTE
        if most is None or not Flag.objects.is_on(FlagName.RATE_LIMITING):
            return True
        at = now().timestamp()
        self.left_for = A_MINUTE - int(at) % A_MINUTE
        try:
            made = counted(f"accounts.calls:{self._caller(request)}:{int(at) // A_MINUTE}", A_MINUTE)
        except (RedisError, OSError):
            return True
        tell(view, "minute", most, made, A_MINUTE, self.left_for)
        return made <= most

    def wait(self) -> float | None:
        return self.left_for

    def _caller(self, request: Request) -> str:
        if isinstance(request.auth, ApiKey):
            return f"key:{request.auth.uuid}"
        return f"user:{request.user.uuid}" if isinstance(request.user, User) else f"at:{self.get_ident(request)}"


class KeyQuota(BaseThrottle):
    """Calls per Indian day of a key, whatever the switch says."""

    left_for: int | None = None

    def allow_request(self, request: Request, view: "APIView") -> bool:
        key = request.auth
        if not isinstance(key, ApiKey):
            return True
        at = now()
        self.left_for = until_midnight(at)
        try:
            made = counted(selectors.quota_counter(key, at), A_DAY)
        except (RedisError, OSError) as error:
            if request.method in SAFE_METHODS:
                return True
            raise CounterAway("The calls of your key cannot be counted at the moment. Try again shortly.") from error
        tell(view, "day", key.quota_per_day, made, A_DAY, self.left_for)
        return made <= key.quota_per_day

    def wait(self) -> float | None:
        return self.left_for


def counted(name: str, seconds: int) -> int:
    """One call more; answers how many there are. The counter outlives its window, so none is lost at its end."""
    cache.add(name, 0, 2 * seconds)
    return int(cache.incr(name))


def until_midnight(at: datetime) -> int:
    """Seconds until the Indian day ends; at least one."""
    local = at.astimezone(IST)
    midnight = datetime.combine(local.date() + timedelta(days=1), time(), tzinfo=IST)
    return max(1, int((midnight - local).total_seconds()))


def tell(view: "APIView", policy: str, most: int, made: int, window: int, left_for: int) -> None:
    """Put the RateLimit fields on the view's answer (draft-ietf-httpapi-ratelimit-headers), one item per policy."""
    for name, item in (
        ("RateLimit-Policy", f'"{policy}";q={most};w={window}'),
        ("RateLimit", f'"{policy}";r={max(0, most - made)};t={left_for}'),
    ):
        before = view.headers.get(name)
        view.headers[name] = f"{before}, {item}" if before else item
