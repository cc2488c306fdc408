"""Every door of the product: pages at the root, the API under /api/v1."""

import errno
import sys

from django.contrib import admin
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import include, path
from django.views import defaults
from django.views.decorators.http import require_safe
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from psycopg_pool import PoolTimeout
from redis.exceptions import ConnectionError as RedisConnectionError

from accounts.api import problems
from creditiq import handbook, portals, probes

AWAY = (OperationalError, InterfaceError, PoolTimeout, RedisConnectionError)
UNAVAILABLE = problems.Problem(503, "unavailable", "Something we need does not answer. Try again shortly.")
FULL = (errno.ENOSPC, errno.EDQUOT)
NO_ROOM = problems.Problem(507, "no_room", "There is no room to keep this. Nothing of it was kept; try again later.")
APPS = ("accounts", "wallets", "fraud", "scoring", "lending")


@require_safe
def front(request: HttpRequest) -> HttpResponseBase:
    """`/`: the portal for a browser, the cheap health answer for a JSON client."""
    if request.get_preferred_type(["text/html", "application/json"]) == "application/json":
        return probes.HealthView.as_view()(request)
    return portals.landing(request)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """404 in the language of the caller: a problem document under /api/, a page elsewhere."""
    if request.path.startswith("/api/"):
        return problems.not_found(request, exception)
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponseBase:
    """500 likewise; 503 when the database or Valkey does not answer, 507 when the disk is full."""
    api = request.path.startswith("/api/")
    if getattr(sys.exc_info()[1], "errno", None) in FULL:
        answer = problems.refused(NO_ROOM) if api else defaults.server_error(request)
        answer.status_code = NO_ROOM.status
        return answer
    if isinstance(sys.exc_info()[1], AWAY):
        answer = problems.refused(UNAVAILABLE) if api else defaults.server_error(request)
        answer.status_code, answer["Retry-After"] = UNAVAILABLE.status, "5"
        return answer
    return problems.server_error(request) if api else defaults.server_error(request)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """400 likewise, of what Django refuses before a door is reached: a foreign host, too many fields."""
    if request.path_info.startswith("/api/"):
        return problems.refused(problems.Problem(400, "bad_request", "The request is malformed."))
    return defaults.bad_request(request, exception)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """403 likewise."""
    if request.path_info.startswith("/api/"):
        return problems.refused(problems.Problem(403, "forbidden", "Your role does not include this."))
    return defaults.permission_denied(request, exception)


handler400 = bad_request
handler403 = permission_denied
handler404 = not_found
handler500 = server_error

urlpatterns = [
    path("", front, name="front"),
    path("livez", probes.livez, name="livez"),
    path("readyz", probes.readyz, name="readyz"),
    path(".well-known/security.txt", probes.security_txt, name="security_txt"),
    path("developers", handbook.developers, name="developers"),
    path("developers/webhook_verifier.py", handbook.webhook_verifier, name="webhook_verifier"),
    path("metrics", probes.metrics, name="metrics"),
    path("django-admin/", admin.site.urls),
    path("api/v1/schema", SpectacularAPIView.as_view(), name="schema"),
    path("api/v1/docs", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="docs"),
    path("api/v1/health", probes.HealthView.as_view(), name="health"),
    path("api/v1/health/detailed", probes.DetailedHealthView.as_view(), name="health_detailed"),
    *(path("api/v1/", include(f"{app}.api.urls")) for app in APPS),
    *(path("", include(f"{app}.urls")) for app in APPS),
]
