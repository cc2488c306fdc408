"""One's own data: a copy, requests, and the administrators' list of them."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import selectors, services
from accounts.engine.retention import in_force
from accounts.forms import DataAnswerForm, DataRequestForm
from accounts.forms.breaches import NomineeForm
from accounts.forms.kyc import RetentionForm
from accounts.models import User
from accounts.permissions import Capability, can, page_for, require_step_up, signed_in
from accounts.services import nominees
from accounts.services.data_requests import paper_of_own_data
from accounts.views.forms import complain, first_error
from accounts.views.house_lists import DATA_REQUESTS
from creditiq.kernel.clock import IST, now
from creditiq.kernel.errors import ApplicationError, InvalidInput

PER_PAGE = 25


@require_http_methods(["GET", "POST"])
@login_required
def own_data(request: HttpRequest) -> HttpResponse:
    """What one asked about one's data; by the form a new request."""
    person, form = signed_in(request), DataRequestForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.ask_about_data(**form.cleaned_data, by=person, at=now())
        except ApplicationError as error:
            complain(form, error)
        else:
            messages.success(request, "We have it. The clock of 30 days runs.", extra_tags="good")
            return redirect("accounts:own_data")
    return _own_data(request, form, _nominee_form(person))


@require_POST
@login_required
def nominee(request: HttpRequest) -> HttpResponse:
    """Name who exercises one's rights when one cannot, or nobody; the button says which."""
    person = signed_in(request)
    if request.POST.get("step") == "withdraw":
        nominees.withdraw_nominee(user=person, at=now())
        messages.success(request, "You name nobody.", extra_tags="good")
        return redirect("accounts:own_data")
    form = NomineeForm(request.POST)
    if not form.is_valid():
        return _own_data(request, DataRequestForm(), form)
    nominees.name_nominee(user=person, nominee=nominees.Nominee(**form.cleaned_data), at=now())
    messages.success(request, "Your nominee is kept.", extra_tags="good")
    return redirect("accounts:own_data")


def _nominee_form(person: User) -> NomineeForm:
    named = nominees.nominee_of(person)
    return NomineeForm(initial=vars(named) if named else None)


def _own_data(request: HttpRequest, form: DataRequestForm, nominee_form: NomineeForm) -> HttpResponse:
    person = signed_in(request)
    context = {
        "form": form,
        "nominee_form": nominee_form,
        "nominee_since": person.nominee_since,
        "rows": selectors.own_data_requests(user=person),
    }
    return render(request, "accounts/own_data.html", context, status=422 if form.errors or nominee_form.errors else 200)


@require_POST
@login_required
def copy_data(request: HttpRequest) -> HttpResponse:
    """Everything kept about the person, as JSON or on paper; the button says which."""
    require_step_up(request, now())
    if request.POST.get("as") == "pdf":
        paper = paper_of_own_data(by=signed_in(request), at=now())
        headers = {"Content-Disposition": 'attachment; filename="creditiq-my-data.pdf"', "Cache-Control": "no-store"}
        return HttpResponse(paper, content_type="application/pdf", headers=headers)
    answer = JsonResponse(services.copy_of_own_data(by=signed_in(request), at=now()), json_dumps_params={"indent": 2})
    answer["Content-Disposition"] = 'attachment; filename="creditiq-my-data.json"'
    answer["Cache-Control"] = "no-store"
    return answer


@require_GET
@page_for(Capability.VIEW_ADMIN, DATA_REQUESTS)
def data_requests(request: HttpRequest) -> HttpResponse:
    """Open requests by their clock."""
    page = Paginator(selectors.open_data_requests(), PER_PAGE).get_page(request.GET.get("page"))
    context = {"rows": page, "at": now(), "may_change": can(request.user, Capability.CONFIGURE)}
    return render(request, "accounts/data_requests.html", context)


@require_POST
@page_for(Capability.CONFIGURE)
def answer_data_request(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Answer in words, or ask a second administrator to agree to the erasure."""
    form = DataAnswerForm(request.POST)
    try:
        if not form.is_valid():
            messages.error(request, first_error(form), extra_tags="warn")
        elif form.cleaned_data["step"] == "erase":
            services.propose_erasure(request_id=request_id, by=signed_in(request), at=now())
            messages.success(request, "It waits on the approval desk for a second administrator.", extra_tags="good")
        else:
            words = form.cleaned_data["answer"]
            services.answer_data_request(request_id=request_id, answer=words, by=signed_in(request), at=now())
            messages.success(request, "Answered.", extra_tags="good")
    except ApplicationError as error:
        if error.status in {403, 404}:
            raise
        messages.error(request, error.message, extra_tags="warn")
    return redirect("accounts:data_requests")


@require_http_methods(["GET", "POST"])
@page_for(Capability.VIEW_ADMIN)
def retention(request: HttpRequest) -> HttpResponse:
    """How long what is kept, the dry runs, and what was forgotten; by the button a new dry run or its release."""
    refusal = ""
    if request.method == "POST":
        try:
            messages.success(request, _retained(request), extra_tags="good")
            return redirect("accounts:retention")
        except ApplicationError as error:
            if error.status in {403, 404}:
                raise
            refusal = error.message
    context = {
        "schedule": in_force(now().astimezone(IST).date()),
        "runs": selectors.retention_runs(),
        "at": now(),
        "refusal": refusal,
        "may_change": can(request.user, Capability.CONFIGURE),
    }
    return render(request, "accounts/retention.html", context, status=422 if refusal else 200)


def _retained(request: HttpRequest) -> str:
    form, person = RetentionForm(request.POST), signed_in(request)
    if not form.is_valid():
        raise InvalidInput("Choose what to do.", field="step", rule="retention.step")
    if form.cleaned_data["run"] is None:
        run = services.plan_retention(by=person, at=now())
        return f"{run.due} records are past their time. Two people may release them after 48 hours."
    services.propose_release(run_id=form.cleaned_data["run"], by=person, at=now())
    return "It waits on the approval desk for a second administrator."
