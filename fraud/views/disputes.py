"""Disputes: as the owner opens and follows them, and as analysts and risk managers answer them."""

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import User
from accounts.permissions import Capability, can, page_for, require_step_up, signed_in
from accounts.selectors import own_business
from creditiq.kernel.clock import now
from creditiq.kernel.errors import ApplicationError, InvalidInput, NotVisible
from fraud import charts, selectors, services
from fraud.forms import DisputeActForm, OpenDisputeForm, ReplyForm, attachments
from fraud.models import DisputeFile

Act = Callable[[UUID, Mapping[str, str], User, datetime], object]


@require_GET
@page_for(Capability.VIEW_OWN_SCORE)
def own_disputes(request: HttpRequest) -> HttpResponse:
    """What the owner disputes, with its clock."""
    rows = selectors.own_disputes(user=signed_in(request), at=now())
    return render(request, "fraud/own_disputes.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@page_for(Capability.VIEW_OWN_SCORE)
def open_dispute(request: HttpRequest) -> HttpResponse:
    """Open a dispute; the address may name what it is about."""
    business = own_business(signed_in(request))
    given = {"subject": request.GET.get("about", ""), "reference": request.GET.get("reference", "")[:120]}
    form = OpenDisputeForm(request.POST or None, request.FILES or None, initial=given)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.open_dispute(business=business, statement=form.statement, by=signed_in(request), at=now())
        except ApplicationError as error:
            refuse(form, error)
        else:
            messages.success(request, f"{made.number} is open; you will hear from us here.", extra_tags="good")
            return redirect("fraud:own_dispute", dispute_id=made.uuid)
    refused = request.method == "POST"
    return render(request, "fraud/open_dispute.html", {"form": form}, status=422 if refused else 200)


def refuse(form: OpenDisputeForm | ReplyForm | DisputeActForm, error: ApplicationError) -> None:
    """Say an error at the field it names, or above the form."""
    named = isinstance(error, InvalidInput) and error.field in form.fields
    form.add_error(error.field if named and isinstance(error, InvalidInput) else None, error.message)


@require_GET
@page_for(Capability.VIEW_OWN_SCORE)
def own_dispute(request: HttpRequest, dispute_id: UUID) -> HttpResponse:
    """One dispute as its owner sees it."""
    return _own(request, dispute_id, ReplyForm())


def _own(request: HttpRequest, dispute_id: UUID, form: ReplyForm, status: int = 200) -> HttpResponse:
    view = selectors.own_dispute(user=signed_in(request), dispute_id=dispute_id, at=now())
    return render(request, "fraud/own_dispute.html", {"view": view, "form": form}, status=status)


@require_POST
@page_for(Capability.VIEW_OWN_SCORE)
def reply(request: HttpRequest, dispute_id: UUID) -> HttpResponse:
    """Answer, or take the dispute back."""
    form = ReplyForm(request.POST, request.FILES)
    if not form.is_valid():
        return _own(request, dispute_id, form, 422)
    try:
        _reply(dispute_id, form, signed_in(request))
    except NotVisible:
        raise
    except ApplicationError as error:
        refuse(form, error)
        return _own(request, dispute_id, form, error.status)
    return redirect("fraud:own_dispute", dispute_id=dispute_id)


def _reply(dispute_id: UUID, form: ReplyForm, by: User) -> object:
    if form.cleaned_data["act"] == "withdraw":
        return services.withdraw_dispute(dispute_id=dispute_id, by=by, at=now())
    text, files = form.cleaned_data["text"], attachments(form.cleaned_data["documents"])
    return services.reply_to_dispute(dispute_id=dispute_id, text=text, files=files, by=by, at=now())


@require_GET
@page_for(Capability.VIEW_OWN_SCORE)
def own_file(request: HttpRequest, file_id: UUID) -> HttpResponseBase:
    """A document of one's own dispute."""
    return _sent(selectors.visible_file(user=signed_in(request), file_id=file_id))


@require_GET
@page_for(Capability.VIEW_FRAUD)
def file(request: HttpRequest, file_id: UUID) -> HttpResponseBase:
    """A document of a dispute one may answer."""
    require_step_up(request, now())
    return _sent(selectors.visible_file(user=signed_in(request), file_id=file_id))


def _sent(found: DisputeFile) -> FileResponse:
    """Always a download of the kind we told by its bytes, never a page of ours."""
    return FileResponse(found.file.open(), as_attachment=True, filename=found.filename, content_type=found.content_type)


@require_GET
@page_for(Capability.VIEW_FRAUD, selectors.DISPUTES)
def disputes(request: HttpRequest) -> HttpResponse:
    """The queue of disputes, most urgent first."""
    share, page = selectors.DISPUTES.kept(request.GET).get("share", "open"), request.GET.get("page", "1")
    queue = selectors.dispute_queue(user=signed_in(request), share=share, page=page, at=now())
    return render(request, "fraud/disputes.html", {"queue": queue})


@require_GET
@page_for(Capability.VIEW_FRAUD)
def dispute(request: HttpRequest, dispute_id: UUID) -> HttpResponse:
    """One dispute beside the evidence it is about."""
    return _dispute(request, dispute_id, DisputeActForm())


def _dispute(request: HttpRequest, dispute_id: UUID, form: DisputeActForm, status: int = 200) -> HttpResponse:
    view = selectors.dispute_view(user=signed_in(request), dispute_id=dispute_id, at=now())
    ring = selectors.ring_view(user=signed_in(request), ring_id=view.rings[0].ring.uuid) if view.rings else None
    context = {
        "view": view, "form": form, "network": charts.ring_network(ring) if ring else None,
        "may_clear": can(signed_in(request), Capability.WORK_FRAUD) or view.dispute.subject != "flag",
    }  # fmt: skip
    return render(request, "fraud/dispute.html", context, status=status)


@require_POST
@page_for(Capability.VIEW_FRAUD)
def act(request: HttpRequest, dispute_id: UUID) -> HttpResponse:
    """Assign, ask, uphold or reject; a refusal keeps what was typed."""
    form = DisputeActForm(request.POST)
    if not form.is_valid():
        return _dispute(request, dispute_id, form, 422)
    try:
        ACTS[form.cleaned_data["act"]](dispute_id, form.cleaned_data, signed_in(request), now())
    except NotVisible:
        raise
    except ApplicationError as error:
        refuse(form, error)
        return _dispute(request, dispute_id, form, error.status)
    return redirect("fraud:dispute", dispute_id=dispute_id)


def _assign(dispute_id: UUID, values: Mapping[str, object], by: User, at: datetime) -> object:
    to = values["to"]
    return services.assign_dispute(dispute_id=dispute_id, to=to if isinstance(to, UUID) else by.uuid, by=by, at=at)


def _ask(dispute_id: UUID, values: Mapping[str, object], by: User, at: datetime) -> object:
    return services.ask_owner(dispute_id=dispute_id, question=str(values["question"]), by=by, at=at)


def _uphold(dispute_id: UUID, values: Mapping[str, object], by: User, at: datetime) -> object:
    resolution = services.Resolution(True, str(values["outcome"]))
    return services.resolve_dispute(dispute_id=dispute_id, resolution=resolution, by=by, at=at)


def _reject(dispute_id: UUID, values: Mapping[str, object], by: User, at: datetime) -> object:
    resolution = services.Resolution(False, str(values["outcome"]))
    return services.resolve_dispute(dispute_id=dispute_id, resolution=resolution, by=by, at=at)


ACTS: Mapping[str, Act] = {"assign": _assign, "ask": _ask, "uphold": _uphold, "reject": _reject}
