"""The page for those who write programs: how to call us, how we call you, and what to call instead of what."""

import inspect

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.api.problems import TYPE_PREFIX
from accounts.engine import webhooks
from creditiq.announcements import ANNOUNCED
from creditiq.movers import MOVED


@require_safe
def developers(request: HttpRequest) -> HttpResponse:
    """For everybody: what stands here is no secret."""
    context = {
        "address": settings.SITE_ADDRESS,
        "per_minute": settings.CALLS_PER_MINUTE,
        "problem": f"{TYPE_PREFIX}invalid_input",
        "verify": inspect.getsource(webhooks.verify) + "\n\n" + inspect.getsource(webhooks.signature),
        "tolerance": webhooks.TOLERANCE_SECONDS,
        "news": sorted({(said.name, said.says) for said in ANNOUNCED.values()}),
        "moved": MOVED,
    }
    return render(request, "developers.html", context)


@require_safe
def webhook_verifier(_request: HttpRequest) -> HttpResponse:
    """The program that checks our signature, as a file: it needs nothing but Python."""
    attached = {"Content-Disposition": 'attachment; filename="creditiq_webhooks.py"'}
    return HttpResponse(inspect.getsource(webhooks), content_type="text/x-python; charset=utf-8", headers=attached)
