"""Thresholds, caps and amnesty: versions that one person drafts and another publishes."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import Capability, can, page_for, require_step_up, signed_in
from creditiq.kernel.clock import now
from creditiq.kernel.errors import ApplicationError, InvalidInput, NotVisible
from lending import selectors, services
from lending.forms import PolicyForm, PublishForm
from lending.services.simulation_papers import SimulationPaper

WRITE = Capability.WRITE_POLICY


@require_GET
@page_for(Capability.VIEW_POLICIES)
def policies(request: HttpRequest) -> HttpResponse:
    """Every section with its versions and what each changes."""
    sections = selectors.policy_sections(user=signed_in(request), at=now())
    return render(request, "lending/policies.html", {"sections": sections, "may_write": can(request.user, WRITE)})


@require_http_methods(["GET", "POST"])
@page_for(WRITE)
def draft(request: HttpRequest, section: str) -> HttpResponse:
    """The next version of a section, from the one in force or, to roll back, from an earlier one (`from`)."""
    earlier = request.GET.get("from", "")
    start = selectors.document_to_edit(section, now(), int(earlier) if earlier.isdecimal() else None)
    form = PolicyForm(request.POST if request.method == "POST" else None, document=start)
    if form.is_valid():
        try:
            made = services.write_policy(section=section, document=form.document, by=signed_in(request), at=now())
        except InvalidInput as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            return redirect("lending:policy", section=section, version=made.version)
    status = 422 if form.errors else 200
    return render(request, "lending/policy_draft.html", {"form": form, "section": section}, status=status)


@require_GET
@page_for(Capability.VIEW_POLICIES)
def policy(request: HttpRequest, section: str, version: int) -> HttpResponse:
    """One version: its changes and, for a draft, what it would do to the portfolio."""
    return render(request, "lending/policy.html", _page(request, section, version, PublishForm()))


@require_GET
@page_for(Capability.VIEW_POLICIES)
def simulation_csv(request: HttpRequest, section: str, version: int) -> HttpResponse:
    """What a draft would do, as a table."""
    require_step_up(request, now())
    paper = _paper(request, section, version)
    headers = {"Content-Disposition": f'attachment; filename="simulation-{section}-{version}.csv"'}
    return HttpResponse(services.simulation_csv(paper), content_type="text/csv; charset=utf-8", headers=headers)


@require_GET
@page_for(Capability.VIEW_POLICIES)
def simulation_pdf(request: HttpRequest, section: str, version: int) -> HttpResponse:
    """The same on paper."""
    require_step_up(request, now())
    paper = _paper(request, section, version)
    headers = {"Content-Disposition": f'attachment; filename="simulation-{section}-{version}.pdf"'}
    return HttpResponse(services.simulation_pdf(paper), content_type="application/pdf", headers=headers)


def _paper(request: HttpRequest, section: str, version: int) -> SimulationPaper:
    at = now()
    row = selectors.policy_version(section=section, version=version, user=signed_in(request), at=at)
    if row.state != "draft":  # what is in force is not simulated
        raise NotVisible
    try:
        made = services.simulate_policy(section=section, document=row.document, by=signed_in(request), at=at)
    except NotVisible:
        raise
    except ApplicationError as unable:
        raise NotVisible from unable
    return services.simulation_paper(section=section, version=version, simulation=made, at=at)


@require_POST
@page_for(WRITE)
def publish(request: HttpRequest, section: str, version: int) -> HttpResponse:
    """Put a draft in force, now or at a day."""
    form = PublishForm(request.POST)
    if not form.is_valid():
        return render(request, "lending/policy.html", _page(request, section, version, form), status=422)
    at = now()
    live_from = form.live_from(at)
    return _step(
        request,
        (section, version),
        lambda: services.publish_version(
            section=section, version=version, by=signed_in(request), live_from=live_from, at=at
        ),
    )


@require_POST
@page_for(WRITE)
def discard(request: HttpRequest, section: str, version: int) -> HttpResponse:
    """Throw a draft away."""
    return _step(
        request,
        (section, version),
        lambda: services.discard_version(section=section, version=version, by=signed_in(request), at=now()),
    )


def _step(request: HttpRequest, which: tuple[str, int], step: Callable[[], object]) -> HttpResponse:
    try:
        step()
    except NotVisible:
        raise
    except ApplicationError as refusal:
        page = _page(request, *which, PublishForm()) | {"refusal": refusal.message}
        return render(request, "lending/policy.html", page, status=refusal.status)
    messages.success(request, "Done. It is on record.", extra_tags="good")
    return redirect("lending:policies")


def _page(request: HttpRequest, section: str, version: int, form: PublishForm) -> dict[str, object]:
    at = now()
    row = selectors.policy_version(section=section, version=version, user=signed_in(request), at=at)
    page: dict[str, object] = {"row": row, "form": form, "may_write": can(request.user, WRITE)}
    if row.state != "draft":
        return page
    try:
        made = services.simulate_policy(section=section, document=row.document, by=signed_in(request), at=at)
        page["simulation"] = made
        page["paper"] = services.simulation_paper(section=section, version=version, simulation=made, at=at)
    except ApplicationError as unable:
        page["unable"] = unable.message
    return page
