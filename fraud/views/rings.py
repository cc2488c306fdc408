"""The risk manager's pages: the queue, one ring, the topology."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts.permissions import Capability, can, page_for, signed_in
from creditiq.kernel.clock import now
from creditiq.kernel.errors import ApplicationError, NotVisible
from fraud import charts, selectors, services
from fraud.forms import AlertForm, FreezeForm, TopologyForm

FREEZE_IDS = "freeze_%s"
DONE = {"freeze": "frozen.", "lift": "no longer frozen."}


@require_GET
@page_for(Capability.VIEW_FRAUD, selectors.RINGS)
def queue(request: HttpRequest) -> HttpResponse:
    """Rings by the standing of their alert."""
    may_work = can(signed_in(request), Capability.WORK_FRAUD)
    return render(request, "fraud/queue.html", {"queue": _queue(request), "may_work": may_work})


@require_GET
@page_for(Capability.VIEW_FRAUD, selectors.RINGS)
def queue_panel(request: HttpRequest) -> HttpResponse:
    """The table of the queue, refreshed after a screening."""
    return render(request, "fraud/queue.html#panel", {"queue": _queue(request)})


@require_GET
@page_for(Capability.VIEW_FRAUD)
def ring(request: HttpRequest, ring_id: UUID) -> HttpResponse:
    """One ring: members, laps of its money, parts of the confidence, decisions."""
    return render(request, "fraud/ring.html", _ring(request, ring_id, AlertForm()))


@require_POST
@page_for(Capability.WORK_FRAUD)
def decide(request: HttpRequest, ring_id: UUID) -> HttpResponse:
    """Confirm, dismiss or snooze; a refusal is said on the page and keeps what was typed."""
    form = AlertForm(request.POST)
    if not form.is_valid():
        return render(request, "fraud/ring.html", _ring(request, ring_id, form), status=422)
    try:
        alert = services.decide_alert(ring_id=ring_id, decision=form.decision, by=signed_in(request), at=now())
    except NotVisible:
        raise
    except ApplicationError as error:
        form.add_error(None, error.message)
        return render(request, "fraud/ring.html", _ring(request, ring_id, form), status=error.status)
    messages.success(request, f"The ring is {alert.get_state_display().lower()}.", extra_tags="good")
    return redirect("fraud:ring", ring_id=ring_id)


@require_POST
@page_for(Capability.WORK_FRAUD)
def freeze(request: HttpRequest, ring_id: UUID) -> HttpResponse:
    """Freeze the members of a ring, or lift it; a refusal is said on the page."""
    form = FreezeForm(request.POST, auto_id=FREEZE_IDS)
    if not form.is_valid():
        return render(request, "fraud/ring.html", _ring(request, ring_id, AlertForm(), form), status=422)
    by, reason = signed_in(request), form.cleaned_data["reason"]
    try:
        if form.cleaned_data["act"] == "lift":
            services.lift_freeze(ring_id=ring_id, reason=reason, by=by, at=now())
        else:
            services.freeze_members(ring_id=ring_id, until=form.cleaned_data["until"], reason=reason, by=by, at=now())
    except NotVisible:
        raise
    except ApplicationError as error:
        form.add_error(None, error.message)
        return render(request, "fraud/ring.html", _ring(request, ring_id, AlertForm(), form), status=error.status)
    messages.success(request, "The members are " + DONE[form.cleaned_data["act"]], extra_tags="good")
    return redirect("fraud:ring", ring_id=ring_id)


@require_GET
@page_for(Capability.VIEW_FRAUD, selectors.TOPOLOGY)
def topology(request: HttpRequest) -> HttpResponse:
    """The whole network, and one ring with its real payments."""
    user = signed_in(request)
    form = TopologyForm(request.GET)
    offered = selectors.suspected_rings(user=user)
    shown = form.shown_of(offered[0].ring.uuid if offered else None)
    picture = selectors.topology(user=user, shown=shown, at=now())
    view = selectors.featured_ring(user=user, ring_id=form.cleaned_data.get("ring"), offered=offered)
    context = {
        "form": form,
        "picture": picture,
        "kept": _kept(request),
        **_drawn(request, picture, flat=form.cleaned_data.get("view") == "2d"),
        "ranks": charts.rank_figure(picture),
        "rank_columns": ("Business", "Weight", "Confidence"),
        "rank_rows": charts.rank_rows(picture),
        "offered": offered,
        "view": view,
        "network": charts.ring_network(view) if view else None,
    }
    return render(request, "fraud/topology.html", context)


def _drawn(request: HttpRequest, picture: selectors.Topology, *, flat: bool) -> dict[str, object]:
    """The network in two dimensions or three: communities when there are too many businesses to draw."""
    address = f"{request.path}?{_kept(request)}community="
    if flat:
        return {"flat": charts.flat_network(picture, address)}
    return {
        "figure": charts.community_figure(picture, address) if picture.overview else charts.topology_figure(picture)
    }


def _kept(request: HttpRequest) -> str:
    """The filter of the address without the community and the page, ready for one more value."""
    kept = request.GET.copy()
    for name in ("community", "page"):
        kept.pop(name, None)
    return f"{kept.urlencode()}&" if kept else ""


def _queue(request: HttpRequest) -> selectors.FraudQueue:
    tab = selectors.RINGS.kept(request.GET).get("tab", "open")
    return selectors.fraud_queue(user=signed_in(request), tab=tab, page=request.GET.get("page", "1"))


def _ring(
    request: HttpRequest, ring_id: UUID, form: AlertForm, freezing: FreezeForm | None = None
) -> dict[str, object]:
    view = selectors.ring_view(user=signed_in(request), ring_id=ring_id, page=request.GET.get("page", "1"))
    return {
        "view": view,
        "form": form,
        "freezing": freezing or FreezeForm(auto_id=FREEZE_IDS),
        "froze": view.freeze is not None and view.freeze.by_id == signed_in(request).pk,
        "network": charts.ring_network(view),
        "may_work": can(signed_in(request), Capability.WORK_FRAUD),
    }
