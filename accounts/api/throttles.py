"""Limits on the doors a stranger may knock on. They fail closed: without the counter, nobody gets in."""

from collections.abc import Callable
from functools import wraps
from math import ceil
from typing import Concatenate, ParamSpec

from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from redis.exceptions import RedisError
from rest_framework import status
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

from accounts.api.limits import CounterAway
from accounts.api.problems import Problem, refused
from accounts.models import Flag, FlagName


class AddressThrottle(SimpleRateThrottle):
    """Attempts per network address."""

    def get_rate(self) -> str | None:
        return settings.THROTTLE_RATES.get(self.scope or "")

    def get_cache_key(self, request: Request, view: APIView) -> str:
        return self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)}

    def allow_request(self, request: Request, view: APIView) -> bool:
        if self.rate is None or not Flag.objects.is_on(FlagName.RATE_LIMITING):
            return True
        try:
            return super().allow_request(request, view)
        except (RedisError, OSError) as error:
            raise CounterAway from error


class SignInThrottle(AddressThrottle):
    scope = "sign_in"


class SignUpThrottle(AddressThrottle):
    scope = "sign_up"


_P = ParamSpec("_P")
PageView = Callable[Concatenate[HttpRequest, _P], HttpResponse]


def limited(scope: str) -> Callable[[PageView[_P]], PageView[_P]]:
    """Decorator of a page for strangers: the posts of an address are counted with those of the API."""
    kind = {throttle.scope: throttle for throttle in (SignInThrottle, SignUpThrottle)}[scope]

    def guard(view: PageView[_P]) -> PageView[_P]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: _P.args, **kwargs: _P.kwargs) -> HttpResponse:
            if request.method == "POST" and not kind().allow_request(Request(request), APIView()):
                context = {"status": 429, "message": "Too many attempts from your network. Try again in a minute."}
                return render(request, "components/refusal.html", context, status=429)
            return view(request, *args, **kwargs)

        return guarded

    return guard


def locked_out(request: HttpRequest, response: HttpResponse | None, credentials: object = None) -> HttpResponse:
    """What axes answers for a person and address with too many wrong passwords: 429, as page or as problem."""
    given = credentials if isinstance(credentials, dict) else getattr(request, "axes_credentials", None)
    wait = max(1, ceil(AxesProxyHandler.get_implementation().wait(request, given).total_seconds()))
    minutes = ceil(wait / 60)
    sentence = f"Too many wrong passwords. Try again in {minutes} minute{'' if minutes == 1 else 's'}."
    if request.path_info.startswith("/api/"):
        return refused(Problem(status.HTTP_429_TOO_MANY_REQUESTS, "locked_out", sentence), {"Retry-After": str(wait)})
    context = {"status": status.HTTP_429_TOO_MANY_REQUESTS, "message": sentence}
    answer = render(request, "components/refusal.html", context, status=status.HTTP_429_TOO_MANY_REQUESTS)
    answer["Retry-After"] = str(wait)
    return answer
