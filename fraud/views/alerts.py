"""Alerts of both kinds, and one alert about a business."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.permissions import Capability, can, page_for, signed_in
from creditiq.kernel.clock import now
from fraud import selectors, services


@require_GET
@page_for(Capability.VIEW_FRAUD, selectors.ALERTS)
def alerts(request: HttpRequest) -> HttpResponse:
    """Alerts in one state, newest first."""
    state, page = selectors.ALERTS.kept(request.GET).get("state", "open"), request.GET.get("page", "1")
    listed = selectors.alert_list(user=signed_in(request), state=state, page=page)
    return render(request, "fraud/alerts.html", {"listed": listed})


@require_GET
@page_for(Capability.VIEW_FRAUD)
def alert(request: HttpRequest, alert_id: UUID) -> HttpResponse:
    """What was found in a business, and the rows behind it."""
    view = services.inspect_alert(alert_id=alert_id, by=signed_in(request), at=now())
    may_work = can(signed_in(request), Capability.WORK_FRAUD)
    return render(request, "fraud/alert.html", {"view": view, "may_work": may_work})
