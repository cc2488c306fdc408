"""The review desk of names screening: the queue with the lists in force, one match side by side, its verdicts."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts.permissions import Capability, can, page_for, signed_in
from creditiq.kernel.clock import now
from creditiq.kernel.errors import ApplicationError, NotVisible
from fraud import selectors, services
from fraud.forms import MatchForm, WatchlistForm
from fraud.models import Delta


@require_GET
@page_for(Capability.VIEW_FRAUD, selectors.NAMES)
def matches(request: HttpRequest) -> HttpResponse:
    """Names that answer to a list, likeliest first."""
    return _desk(request, WatchlistForm())


def _desk(request: HttpRequest, form: WatchlistForm, status: int = 200) -> HttpResponse:
    user, tab = signed_in(request), selectors.NAMES.kept(request.GET).get("tab", "open")
    queue = selectors.match_queue(user=user, tab=tab, page=request.GET.get("page", "1"))
    found = {"queue": queue, "form": form, "may_load": selectors.may_load(user)}
    return render(request, "fraud/names.html", found, status=status)


@require_POST
@page_for(Capability.WORK_FRAUD, selectors.NAMES)
def load_lists(request: HttpRequest) -> HttpResponse:
    """Takes list files into force; a refusal names the file and the line, and changes nothing."""
    form = WatchlistForm(request.POST, request.FILES)
    if not form.is_valid():
        return _desk(request, form, 422)
    files = [(file.name, file.read()) for file in form.cleaned_data["lists"]]
    try:
        deltas = services.load_watchlists(files=files, at=now(), by=signed_in(request))
    except ApplicationError as error:
        form.add_error("lists", error.message)
        return _desk(request, form, error.status)
    messages.success(request, " ".join(map(_told, deltas)), extra_tags="good")
    return redirect("fraud:names")


def _told(delta: Delta) -> str:
    counts = f"{len(delta.added)} added, {len(delta.changed)} changed, {len(delta.removed)} removed"
    return f"{delta.source.name} is in force: {counts}."


@require_GET
@page_for(Capability.VIEW_FRAUD)
def match(request: HttpRequest, match_id: UUID) -> HttpResponse:
    """Customer and listed entity side by side."""
    return render(request, "fraud/match.html", _match(request, match_id, MatchForm()))


@require_POST
@page_for(Capability.WORK_FRAUD)
def decide_match(request: HttpRequest, match_id: UUID) -> HttpResponse:
    """One person's verdict; a refusal is said on the page and keeps what was typed."""
    form = MatchForm(request.POST)
    if not form.is_valid():
        return render(request, "fraud/match.html", _match(request, match_id, form), status=422)
    try:
        decided = services.decide_match(match_id=match_id, by=signed_in(request), at=now(), **form.cleaned_data)
    except NotVisible:
        raise
    except ApplicationError as error:
        form.add_error(None, error.message)
        return render(request, "fraud/match.html", _match(request, match_id, form), status=error.status)
    messages.success(request, f"Kept: {decided.get_state_display().lower()}.", extra_tags="good")
    return redirect("fraud:match", match_id=match_id)


def _match(request: HttpRequest, match_id: UUID, form: MatchForm) -> dict[str, object]:
    view = selectors.match_view(user=signed_in(request), match_id=match_id)
    first = view.match.state == "second" and view.match.reviewer == request.user
    may_decide = view.decidable and not first and can(signed_in(request), Capability.WORK_FRAUD)
    return {"view": view, "form": form, "may_decide": may_decide, "waits_for_another": first}
