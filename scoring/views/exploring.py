"""The analyst's comparisons: two signals together, two firms, two versions of the model."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.permissions import Capability, page_for, signed_in
from creditiq.kernel.clock import now
from creditiq.kernel.errors import ApplicationError, NotVisible
from scoring import charts, selectors, services
from scoring.forms import CompareForm, InteractionsForm, VersionsForm


@require_GET
@page_for(Capability.EXPLORE_SCORES)
def interactions(request: HttpRequest) -> HttpResponse:
    """What two signals do together, over a cohort and for one firm."""
    form = InteractionsForm(request.GET)
    if not form.is_valid():
        return render(request, "scoring/interactions.html", {"form": form}, status=422)
    asked = form.cleaned_data
    try:
        found = services.interplay(
            user=signed_in(request), band=asked["band"], chosen=form.pair, business_id=asked["business"]
        )
    except services.NoChampion:
        return render(request, "scoring/interactions.html", {"form": form})
    except ApplicationError as refused:
        context = {"form": form, "refused": refused.message}
        return render(request, "scoring/interactions.html", context, status=refused.status)
    shown = InteractionsForm(_with_pair(asked, found.pair))
    return render(request, "scoring/interactions.html", {"form": shown, "found": found, **charts.interplay(found)})


def _with_pair(asked: dict[str, object], pair: services.PairEffect | None) -> dict[str, object]:
    return asked | {"first": pair.first, "second": pair.second} if pair else asked


@require_GET
@page_for(Capability.EXPLORE_SCORES)
def compare(request: HttpRequest) -> HttpResponse:
    """Two firms side by side: what makes one score higher than the other."""
    form = CompareForm(request.GET, firms=_firms(request))
    context: dict[str, object] = {"form": form}
    if form.is_valid():
        found = selectors.comparison(user=signed_in(request), **form.cleaned_data)
        context |= {"found": found, "chart": charts.comparison(found)}
    return render(request, "scoring/compare.html", context)


@require_GET
@page_for(Capability.EXPLORE_SCORES)
def versions(request: HttpRequest) -> HttpResponse:
    """Two versions of the model on one cohort, and on one firm of it."""
    listed = selectors.versions()
    form = VersionsForm(request.GET, versions=listed, firms=_firms(request))
    context: dict[str, object] = {"form": form, "versions": listed}
    if not form.is_valid():
        return render(request, "scoring/compare_versions.html", context, status=422 if form.is_bound else 200)
    try:
        found = services.compare_versions(user=signed_in(request), at=now(), **form.cleaned_data)
    except NotVisible:
        raise
    except ApplicationError as refused:
        return render(
            request, "scoring/compare_versions.html", context | {"refused": refused.message}, status=refused.status
        )
    return render(request, "scoring/compare_versions.html", context | {"found": found, **charts.rivals(found)})


def _firms(request: HttpRequest) -> list[tuple[UUID, str]]:
    members = selectors.cohort(user=signed_in(request)).members
    return [(member.business_uuid, f"{member.name}: {member.score}") for member in members]
