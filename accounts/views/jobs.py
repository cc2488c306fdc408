"""Long work as administrators watch it, and news that was set aside."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import selectors, services
from accounts.forms import JobForm
from accounts.models import JobState
from accounts.permissions import Capability, can, page_for, require, signed_in
from accounts.views.forms import complain
from accounts.views.house_lists import JOBS, SET_ASIDE
from creditiq.kernel.clock import now
from creditiq.kernel.errors import ApplicationError

PER_PAGE = 25


@require_http_methods(["GET", "POST"])
@page_for(Capability.VIEW_ADMIN, JOBS)
def jobs(request: HttpRequest) -> HttpResponse:
    """Every job; by the form a new one."""
    posted = request.method == "POST"
    if posted:
        require(request.user, Capability.CONFIGURE)
    choices = [(work.name, work.title) for work in services.known_works()]
    form = JobForm(request.POST if posted else None, works=choices)
    if form.is_valid():
        try:
            job = services.start_job(work=form.cleaned_data["work"], by=signed_in(request), at=now())
        except ApplicationError as error:
            complain(form, error)
        else:
            return redirect("accounts:job", job.uuid)
    context = {**_listed(request), "form": form, "may_change": can(request.user, Capability.CONFIGURE)}
    return render(request, "accounts/jobs.html", context, status=422 if form.errors else 200)


@require_GET
@page_for(Capability.VIEW_ADMIN, JOBS)
def jobs_panel(request: HttpRequest) -> HttpResponse:
    """The list without the shell, fetched when a job moves."""
    return render(request, "accounts/jobs.html#panel", _listed(request))


@require_GET
@page_for(Capability.VIEW_ADMIN)
def job(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """One job: how far it is and what it said."""
    return render(request, "accounts/job.html", _one(request, job_id))


@require_GET
@page_for(Capability.VIEW_ADMIN)
def job_panel(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """The same without the shell, fetched when it moves."""
    return render(request, "accounts/job.html#panel", _one(request, job_id))


@require_POST
@page_for(Capability.CONFIGURE)
def cancel_job(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """Stop it."""
    return _stepped(request, job_id, services.cancel_job)


@require_POST
@page_for(Capability.CONFIGURE)
def retry_job(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """Start it again."""
    return _stepped(request, job_id, services.retry_job)


@require_GET
@page_for(Capability.VIEW_ADMIN, SET_ASIDE)
def set_aside(request: HttpRequest) -> HttpResponse:
    """News whose task failed too often."""
    page = Paginator(selectors.set_aside(), PER_PAGE).get_page(request.GET.get("page"))
    context = {"rows": page, "may_change": can(request.user, Capability.CONFIGURE)}
    return render(request, "accounts/set_aside.html", context)


@require_POST
@page_for(Capability.CONFIGURE)
def replay_delivery(request: HttpRequest, delivery_id: UUID) -> HttpResponse:
    """Hand it over again."""
    try:
        delivery = services.replay_delivery(delivery_id=delivery_id, by=signed_in(request), at=now())
    except services.UnableToReplay as error:
        messages.error(request, error.message, extra_tags="warn")
    else:
        messages.success(request, f"{delivery.task} gets {delivery.event} again within seconds.", extra_tags="good")
    return redirect("accounts:set_aside")


def _stepped(request: HttpRequest, job_id: UUID, step: services.JobStep) -> HttpResponse:
    try:
        step(job_id=job_id, by=signed_in(request), at=now())
    except services.UnableToRun as error:
        messages.error(request, error.message, extra_tags="warn")
    return redirect("accounts:job", job_id)


def _listed(request: HttpRequest) -> dict[str, object]:
    state = JOBS.kept(request.GET).get("state", "")
    page = Paginator(selectors.jobs(state=state), PER_PAGE).get_page(request.GET.get("page"))
    return {"rows": page, "state": state, "states": [("", "All"), *JobState.choices]}


def _one(request: HttpRequest, job_id: UUID) -> dict[str, object]:
    shown = selectors.job(job_id=job_id, at=now())
    return {"shown": shown, "may_change": can(request.user, Capability.CONFIGURE)}
