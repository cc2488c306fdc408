"""Reports of a period: the list, one of them, CSV and PDF."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from accounts.forms.reports import ReportForm
from accounts.models.reports import ReportKind
from accounts.permissions import Capability, page_for, require_step_up, signed_in
from accounts.selectors import reports as read
from accounts.services import reports as acts
from accounts.views.forms import complain
from accounts.views.house_lists import REPORTS
from creditiq.kernel.clock import now
from creditiq.kernel.errors import InvalidInput

PER_PAGE = 20


@require_http_methods(["GET", "POST"])
@page_for(Capability.VIEW_AUDIT, REPORTS)
def reports(request: HttpRequest) -> HttpResponse:
    """Frozen reports; a POST freezes one more."""
    form = ReportForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        kind, span = ReportKind(form.cleaned_data["kind"]), form.span()
        try:
            made = acts.freeze_report(kind=kind, span=span, by=signed_in(request), at=now())
        except InvalidInput as error:
            complain(form, error)
        else:
            return redirect("accounts:report", made.uuid)
    rows = Paginator(read.frozen_reports(user=signed_in(request)), PER_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "rows": rows}
    return render(request, "accounts/reports.html", context, status=422 if form.errors else 200)


@require_GET
@page_for(Capability.VIEW_AUDIT)
def report(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """The figures of one."""
    found = read.frozen_report(user=signed_in(request), report_id=report_id)
    return render(request, "accounts/report.html", {"report": found, "lines": read.lines_of(found)})


@require_GET
@page_for(Capability.VIEW_AUDIT)
def report_csv(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """The same as CSV."""
    require_step_up(request, now())
    text = acts.report_csv(report_id=report_id, by=signed_in(request))
    return _file(text.encode(), "text/csv; charset=utf-8", f"report-{report_id}.csv")


@require_GET
@page_for(Capability.VIEW_AUDIT)
def report_pdf(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """The same on paper."""
    require_step_up(request, now())
    paper = acts.report_pdf(report_id=report_id, by=signed_in(request))
    return _file(paper, "application/pdf", f"report-{report_id}.pdf")


def _file(body: bytes, kind: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(body, content_type=kind, headers=headers)
