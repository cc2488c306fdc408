"""Breaches of personal data, for the platform's administrators: record, tell, report within 72 hours, close."""

from collections.abc import Callable, Mapping
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.forms.breaches import AffectedForm, BreachFactsForm, BreachForm
from accounts.models import User
from accounts.permissions import Capability, can, page_for, require, require_step_up, signed_in
from accounts.selectors.breaches import breach_page, breaches
from accounts.services import breaches as acts
from accounts.views.forms import complain, first_error
from accounts.views.house_lists import BREACHES
from creditiq.kernel.clock import now
from creditiq.kernel.errors import ApplicationError, InvalidInput

PER_PAGE = 25


@require_http_methods(["GET", "POST"])
@page_for(Capability.VIEW_ADMIN, BREACHES)
def breach_list(request: HttpRequest) -> HttpResponse:
    """Every breach with its clock; by the form a new one."""
    posted = request.method == "POST"
    if posted:
        require(request.user, Capability.CONFIGURE)
    form = BreachForm(request.POST if posted else None)
    if form.is_valid():
        noticed = form.cleaned_data["noticed_at"]
        try:
            made = acts.record_breach(facts=form.facts(), noticed_at=noticed, by=signed_in(request), at=now())
        except InvalidInput as error:
            complain(form, error)
        else:
            return redirect("accounts:breach", made.uuid)
    page = Paginator(breaches(), PER_PAGE).get_page(request.GET.get("page"))
    context = {"rows": page, "form": form, "at": now(), "may_change": can(request.user, Capability.CONFIGURE)}
    return render(request, "accounts/breaches.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@page_for(Capability.VIEW_ADMIN)
def breach(request: HttpRequest, breach_id: UUID) -> HttpResponse:
    """One breach; by the form its texts are corrected."""
    posted = request.method == "POST"
    if posted:
        require(request.user, Capability.CONFIGURE)
    page = breach_page(breach_id=breach_id, at=now())
    kept = {name: getattr(page.breach, name) for name in BreachFactsForm.base_fields}
    form = BreachFactsForm(request.POST if posted else None, initial=kept)
    if form.is_valid():
        try:
            acts.correct_breach(breach_id=breach_id, facts=form.facts(), by=signed_in(request), at=now())
        except InvalidInput as error:
            complain(form, error)
        except acts.UnableToReport as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, "Saved.", extra_tags="good")
            return redirect("accounts:breach", breach_id)
    context = {
        "page": page,
        "form": form,
        "people_form": AffectedForm(),
        "missing": acts.missing_of(page.breach),
        "may_change": can(request.user, Capability.CONFIGURE),
    }
    return render(request, "accounts/breach.html", context, status=422 if form.errors else 200)


def _name(breach_id: UUID, request: HttpRequest, by: User) -> str:
    form = AffectedForm(request.POST)
    if not form.is_valid():
        raise InvalidInput(first_error(form), field="emails", rule="breach.people")
    lines = form.cleaned_data["emails"].splitlines()
    return f"{acts.name_affected(breach_id=breach_id, emails=lines, by=by, at=now())} more people named."


def _tell(breach_id: UUID, _: HttpRequest, by: User) -> str:
    told = acts.tell_affected(breach_id=breach_id, by=by, at=now())
    more = " If more were named, they follow at once." if told == acts.AT_ONCE else ""
    return f"{told} people were told, here and by letter.{more}"


def _board(breach_id: UUID, _: HttpRequest, by: User) -> str:
    acts.tell_board(breach_id=breach_id, by=by, at=now())
    return "On record: the Board was told."


def _report(breach_id: UUID, request: HttpRequest, by: User) -> str:
    require_step_up(request, now())
    acts.report_breach(breach_id=breach_id, by=by, at=now())
    return "On record: the report is with the Board. What it says is frozen."


def _close(breach_id: UUID, _: HttpRequest, by: User) -> str:
    acts.close_breach(breach_id=breach_id, by=by, at=now())
    return "Closed."


STEPS: Mapping[str, Callable[[UUID, HttpRequest, User], str]] = {
    "name": _name,
    "tell": _tell,
    "board": _board,
    "report": _report,
    "close": _close,
}


@require_POST
@page_for(Capability.CONFIGURE)
def breach_step(request: HttpRequest, breach_id: UUID, step: str) -> HttpResponse:
    """Name people, tell them, tell the Board, report, close."""
    try:
        if step not in STEPS:
            raise InvalidInput("Choose what to do.", field="step", rule="breach.step")
        messages.success(request, STEPS[step](breach_id, request, signed_in(request)), extra_tags="good")
    except ApplicationError as error:
        if error.status in {403, 404}:
            raise
        messages.error(request, error.message, extra_tags="warn")
    return redirect("accounts:breach", breach_id)


@require_GET
@page_for(Capability.VIEW_ADMIN)
def breach_pdf(request: HttpRequest, breach_id: UUID) -> HttpResponse:
    """The report for the Board on paper, as it stands."""
    require_step_up(request, now())
    paper = acts.breach_paper(breach_id=breach_id, at=now())
    headers = {"Content-Disposition": f'attachment; filename="breach-{breach_id}.pdf"', "Cache-Control": "no-store"}
    return HttpResponse(paper, content_type="application/pdf", headers=headers)
