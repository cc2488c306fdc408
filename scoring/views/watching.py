"""What the models do now: their list, and the weekly reading of their signals."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.permissions import Capability, page_for, signed_in
from creditiq.kernel.clock import now
from scoring import charts, selectors, services


@require_GET
@page_for(Capability.EXPLORE_SCORES, selectors.MODELS)
def models(request: HttpRequest) -> HttpResponse:
    """Every model version with its headline figures."""
    return render(request, "scoring/models.html", _models())


@require_GET
@page_for(Capability.EXPLORE_SCORES, selectors.MODELS)
def models_panel(request: HttpRequest) -> HttpResponse:
    """The same without the shell, fetched again when a model is suspended."""
    return render(request, "scoring/models.html#panel", _models())


def _models() -> dict[str, object]:
    return {"versions": selectors.versions(), "stand_in": selectors.stand_in()}


@require_GET
@page_for(Capability.EXPLORE_SCORES)
def fairness(request: HttpRequest) -> HttpResponse:
    """Approvals by group: at validation, and today."""
    page = selectors.fairness_page(user=signed_in(request))
    return render(request, "scoring/fairness.html", {"page": page, "chart": charts.fairness(page)})


@require_GET
@page_for(Capability.EXPLORE_SCORES)
def signals(request: HttpRequest) -> HttpResponse:
    """Every signal against its training, and what became of the scores."""
    return render(request, "scoring/signals.html", _signals(request))


@require_GET
@page_for(Capability.EXPLORE_SCORES)
def signals_panel(request: HttpRequest) -> HttpResponse:
    """The same without the shell, fetched again when a reading finds drift."""
    return render(request, "scoring/signals.html#panel", _signals(request))


def _signals(request: HttpRequest) -> dict[str, object]:
    page = selectors.signal_page(family=request.GET.get("family", ""))
    windows, signals = selectors.amnesty_windows(), selectors.toggles(request.GET.getlist("signal"))
    return {
        "page": page,
        "toggles": signals,
        "trend": charts.trend(page.history, "the score", windows),
        "toggled": charts.toggled(signals, windows),
        "rates": charts.rates(page, windows),
    }


@require_GET
@page_for(Capability.EXPLORE_SCORES)
def over_time(request: HttpRequest, business_id: UUID) -> HttpResponse:
    """One firm's score over time with the signals chosen, amnesties as bands."""
    told = services.look_over_time(business_id=business_id, by=signed_in(request), at=now())
    signals = selectors.toggles(request.GET.getlist("signal"))
    chart = charts.over_time(told, signals, told.windows)
    context = {"told": told, "toggles": signals, "chart": chart, "business_id": business_id}
    return render(request, "scoring/over_time.html", context)


@require_GET
@page_for(Capability.EXPLORE_SCORES)
def signal(request: HttpRequest, feature: str) -> HttpResponse:
    """One signal: its distribution now and at training, over time, and the firms behind it."""
    detail = selectors.signal_detail(user=signed_in(request), feature=feature)
    trend = charts.trend(detail.history, detail.entry.label, selectors.amnesty_windows())
    context = {"detail": detail, "bins": charts.distribution(detail), "trend": trend}
    return render(request, "scoring/signal.html", context)
