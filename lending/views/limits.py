"""The bank's exposure limits: how full each is, and asking a second person for another one."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.permissions import Capability, can, page_for, require, signed_in
from creditiq.kernel.clock import now
from creditiq.kernel.errors import ApplicationError, InvalidInput
from lending import selectors, services
from lending.forms import LimitForm


@require_http_methods(["GET", "POST"])
@page_for(Capability.VIEW_PORTFOLIO)
def limits(request: HttpRequest) -> HttpResponse:
    """Every limit with its use; a change waits at the approval desk."""
    by = signed_in(request)
    form = LimitForm(request.POST if request.method == "POST" else None, banks=selectors.banks_with_limits(by))
    if request.method == "POST":
        require(by, Capability.SANCTION)
        if form.is_valid() and _asked(request, form, by):
            return redirect("lending:limits")
    rows = selectors.limits_of(by)
    full = sum(row.state == "full" for row in rows)
    context = {"rows": rows, "full": full, "form": form, "may_ask": can(by, Capability.SANCTION)}
    return render(request, "lending/limits.html", context, status=422 if form.errors else 200)


def _asked(request: HttpRequest, form: LimitForm, by: User) -> bool:
    bank = UUID(form.cleaned_data["organisation"])
    try:
        asked = services.ask_exposure_limit(organisation_id=bank, asked=form.asked, by=by, at=now())
    except InvalidInput as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
    except ApplicationError as refusal:
        form.add_error(None, refusal.message)
    else:
        messages.success(request, f"{asked.summary}: waits for a second person.", extra_tags="good")
        return True
    return False
