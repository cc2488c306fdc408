"""The one desk where a second person agrees, whatever the app that asks."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts import selectors, services
from accounts.forms import ApprovalForm
from accounts.models import ApprovalState
from accounts.permissions import Capability, capabilities_of, page_for, require_step_up, signed_in
from accounts.views.forms import complain
from accounts.views.house_lists import APPROVALS
from creditiq.kernel.clock import now
from creditiq.kernel.errors import ApplicationError

REQUESTS_PER_PAGE = 25


@require_GET
@page_for(Capability.VIEW_APPROVALS, APPROVALS)
def approvals(request: HttpRequest) -> HttpResponse:
    """What waits for a second person; by the filter also what was decided."""
    person, state = signed_in(request), APPROVALS.kept(request.GET).get("state", ApprovalState.PENDING)
    rows = selectors.approvals(user=person, capabilities=capabilities_of(person), state=state)
    context = {
        "rows": Paginator(rows, REQUESTS_PER_PAGE).get_page(request.GET.get("page")),
        "state": state,
        "states": ApprovalState.choices,
    }
    return render(request, "accounts/approvals.html", context)


@require_GET
@page_for(Capability.VIEW_APPROVALS)
def approval(request: HttpRequest, approval_id: UUID) -> HttpResponse:
    """One request: who asks, what exactly would happen, and the buttons for whom it is for."""
    return render(request, "accounts/approval.html", {**_shown(request, approval_id), "form": ApprovalForm()})


@require_POST
@page_for(Capability.VIEW_APPROVALS)
def decide_approval(request: HttpRequest, approval_id: UUID) -> HttpResponse:
    """Approve, reject or cancel, as the pressed button says."""
    shown, form = _shown(request, approval_id), ApprovalForm(request.POST)
    if form.is_valid():
        try:
            said = _follow(request, approval_id, form)
        except ApplicationError as error:
            if error.status == 403:
                raise
            complain(form, error)
        else:
            messages.success(request, said, extra_tags="good")
            return redirect("accounts:approvals")
    return render(request, "accounts/approval.html", {**shown, "form": form}, status=422)


def _follow(request: HttpRequest, approval_id: UUID, form: ApprovalForm) -> str:
    person, at, note = signed_in(request), now(), form.cleaned_data["note"]
    step = form.cleaned_data["step"]
    if step == "approve":
        require_step_up(request, now())
        services.approve_request(approval_id=approval_id, by=person, at=at, note=note)
        return "Approved and carried out."
    if step == "reject":
        services.reject_request(approval_id=approval_id, note=note, by=person, at=at)
        return "Rejected; nothing was changed."
    services.cancel_request(approval_id=approval_id, by=person, at=at)
    return "Taken back; nothing was changed."


def _shown(request: HttpRequest, approval_id: UUID) -> dict[str, object]:
    person = signed_in(request)
    held = capabilities_of(person)
    return {"shown": selectors.approval(user=person, capabilities=held, approval_id=approval_id, at=now())}
