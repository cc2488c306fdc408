"""Reports: suspicious transactions, transaction monitoring, and the papers of one business."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import Capability, StepUpRequired, page_for, require_step_up, signed_in
from creditiq.kernel.clock import now
from creditiq.kernel.errors import ApplicationError, InvalidInput, NotVisible
from fraud import charts, selectors, services
from fraud.forms import PeriodForm, ReportActForm

REPORTS_PER_PAGE = 20


@require_GET
@page_for(Capability.WORK_FRAUD)
def report(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """One suspicious-transaction report: form fields, grounds, annex, history."""
    return _report(request, report_id)


def _report(
    request: HttpRequest, report_id: UUID, form: ReportActForm | None = None, status: int = 200
) -> HttpResponse:
    view = selectors.str_view(user=signed_in(request), report_id=report_id)
    form = form or ReportActForm(initial={"grounds": view.text})
    return render(request, "fraud/report.html", {"view": view, "form": form}, status=status)


@require_POST
@page_for(Capability.WORK_FRAUD)
def act(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Edit the grounds or file; a refusal keeps what was typed."""
    form = ReportActForm(request.POST)
    if not form.is_valid():
        return _report(request, report_id, form, 422)
    try:
        _act(request, report_id, form)
    except (NotVisible, StepUpRequired):
        raise
    except ApplicationError as error:
        form.add_error("grounds" if isinstance(error, InvalidInput) else None, error.message)
        return _report(request, report_id, form, error.status)
    filed = form.cleaned_data["act"] == "file"
    messages.success(
        request, "The report is filed and frozen." if filed else "The grounds are kept.", extra_tags="good"
    )
    return redirect("fraud:report", report_id=report_id)


def _act(request: HttpRequest, report_id: UUID, form: ReportActForm) -> object:
    by = signed_in(request)
    if form.cleaned_data["act"] == "file":
        require_step_up(request, now())
        return services.file_report(report_id=report_id, by=by, at=now())
    return services.edit_grounds(report_id=report_id, text=form.cleaned_data["grounds"], by=by, at=now())


@require_GET
@page_for(Capability.WORK_FRAUD)
def report_xml(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """The goAML document of a filed report."""
    require_step_up(request, now())
    try:
        text = services.export_xml(report_id=report_id, by=signed_in(request), at=now())
    except services.UnableToReport as error:
        refusal = {"message": error.message, "status": error.status}
        return render(request, "components/refusal.html", refusal, status=error.status)
    return _file(text.encode(), "application/xml", f"report-{report_id}.xml")


@require_GET
@page_for(Capability.WORK_FRAUD)
def report_pdf(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """The report on paper."""
    require_step_up(request, now())
    paper = services.export_pdf(report_id=report_id, by=signed_in(request), at=now())
    return _file(paper, "application/pdf", f"report-{report_id}.pdf")


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type=kind, headers=headers)


@require_http_methods(["GET", "POST"])
@page_for(Capability.VIEW_FRAUD, selectors.REPORTS)
def monitoring(request: HttpRequest) -> HttpResponse:
    """Frozen monitoring reports; a POST freezes one more."""
    form = PeriodForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        period = selectors.Period(form.cleaned_data["since"], form.cleaned_data["until"])
        try:
            made = services.freeze_monitoring(period=period, by=signed_in(request), at=now())
        except InvalidInput as error:
            form.add_error(error.field, error.message)
        else:
            return redirect("fraud:monitoring_report", snapshot_id=made.uuid)
    kept = selectors.frozen_reports(user=signed_in(request))
    page = Paginator(kept, REPORTS_PER_PAGE).get_page(request.GET.get("page"))
    refused = request.method == "POST"
    return render(request, "fraud/monitoring.html", {"form": form, "page": page}, status=422 if refused else 200)


@require_GET
@page_for(Capability.VIEW_FRAUD)
def monitoring_report(request: HttpRequest, snapshot_id: UUID) -> HttpResponse:
    """The figures of one frozen report."""
    found = selectors.frozen_report(user=signed_in(request), report_id=snapshot_id)
    return render(request, "fraud/monitoring_report.html", {"report": found, "figures": selectors.figures_of(found)})


@require_GET
@page_for(Capability.VIEW_FRAUD)
def monitoring_csv(request: HttpRequest, snapshot_id: UUID) -> HttpResponse:
    """The same as CSV."""
    require_step_up(request, now())
    text = services.monitoring_csv(report_id=snapshot_id, by=signed_in(request))
    return _file(text.encode(), "text/csv; charset=utf-8", f"monitoring-{snapshot_id}.csv")


@require_GET
@page_for(Capability.VIEW_FRAUD)
def monitoring_pdf(request: HttpRequest, snapshot_id: UUID) -> HttpResponse:
    """The same on paper."""
    require_step_up(request, now())
    paper = services.monitoring_pdf(report_id=snapshot_id, by=signed_in(request))
    return _file(paper, "application/pdf", f"monitoring-{snapshot_id}.pdf")


@require_GET
@page_for(Capability.VIEW_FRAUD)
def papers(request: HttpRequest, business_id: UUID) -> HttpResponse:
    """E-way bills near the line, and invoices against receipts, of one business."""
    found = services.inspect_business(business_id=business_id, by=signed_in(request), at=now())
    context = {"found": found, "bills": charts.bills_chart(found.bills), "gap": charts.gap_chart(found.receipts)}
    return render(request, "fraud/papers.html", context)
