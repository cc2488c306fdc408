"""The files of reports and disputes over the API: the same bytes as on the pages."""

from uuid import UUID

from django.http import FileResponse, HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.permissions import Capability, HasCapability, require_step_up, signed_in
from creditiq.kernel.clock import now
from fraud import selectors, services
from fraud.api.disputes import SeesDisputes


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type=kind, headers=headers)


class ReportXml(APIView):
    """A filed report for the financial intelligence unit."""

    permission_classes = (HasCapability,)
    capability = Capability.WORK_FRAUD

    @extend_schema(
        responses={(200, "application/xml"): OpenApiTypes.STR}, operation_id="fraud_report_xml", tags=["fraud"]
    )
    def get(self, request: Request, report_id: UUID) -> HttpResponse:
        """The goAML document; a conflict before it was filed."""
        require_step_up(request, now())
        text = services.export_xml(report_id=report_id, by=signed_in(request), at=now())
        return _file(text.encode(), "application/xml", f"report-{report_id}.xml")


class ReportPdf(APIView):
    """A report on paper."""

    permission_classes = (HasCapability,)
    capability = Capability.WORK_FRAUD

    @extend_schema(
        responses={(200, "application/pdf"): OpenApiTypes.BINARY}, operation_id="fraud_report_pdf", tags=["fraud"]
    )
    def get(self, request: Request, report_id: UUID) -> HttpResponse:
        """Draft or filed; the paper says which."""
        require_step_up(request, now())
        paper = services.export_pdf(report_id=report_id, by=signed_in(request), at=now())
        return _file(paper, "application/pdf", f"report-{report_id}.pdf")


class MonitoringCsv(APIView):
    """A frozen monitoring report as a table."""

    permission_classes = (HasCapability,)
    capability = Capability.VIEW_FRAUD

    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.STR}, operation_id="fraud_monitoring_csv", tags=["fraud"])
    def get(self, request: Request, snapshot_id: UUID) -> HttpResponse:
        """One figure a line."""
        require_step_up(request, now())
        text = services.monitoring_csv(report_id=snapshot_id, by=signed_in(request))
        return _file(text.encode(), "text/csv; charset=utf-8", f"monitoring-{snapshot_id}.csv")


class MonitoringPdf(APIView):
    """A frozen monitoring report on paper."""

    permission_classes = (HasCapability,)
    capability = Capability.VIEW_FRAUD

    @extend_schema(
        responses={(200, "application/pdf"): OpenApiTypes.BINARY}, operation_id="fraud_monitoring_pdf", tags=["fraud"]
    )
    def get(self, request: Request, snapshot_id: UUID) -> HttpResponse:
        """The same figures."""
        require_step_up(request, now())
        paper = services.monitoring_pdf(report_id=snapshot_id, by=signed_in(request))
        return _file(paper, "application/pdf", f"monitoring-{snapshot_id}.pdf")


class DisputeDocument(APIView):
    """A document of a dispute."""

    permission_classes = (SeesDisputes,)

    @extend_schema(
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
        operation_id="fraud_dispute_file",
        tags=["fraud"],
    )
    def get(self, request: Request, file_id: UUID) -> FileResponse:
        """Always a download, of the kind its bytes told."""
        require_step_up(request, now(), only_staff=True)
        found = selectors.visible_file(user=signed_in(request), file_id=file_id)
        return FileResponse(
            found.file.open(), as_attachment=True, filename=found.filename, content_type=found.content_type
        )
