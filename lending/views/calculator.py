"""The owner's loan calculator: up to three offers side by side, with the key facts of the cheapest."""

from datetime import timedelta, timezone

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.permissions import Capability, page_for
from creditiq.kernel.clock import now
from lending.forms import CalculatorForm

INDIA = timezone(timedelta(hours=5, minutes=30))


@require_GET
@page_for(Capability.APPLY)
def calculator(request: HttpRequest) -> HttpResponse:
    """The form, and what was asked for in its address; nothing is stored."""
    form = CalculatorForm(request.GET or None, today=now().astimezone(INDIA).date())
    comparison = form.comparison if form.is_valid() else None
    context = {"form": form, "comparison": comparison}
    return render(request, "lending/calculator.html", context, status=422 if form.errors else 200)
