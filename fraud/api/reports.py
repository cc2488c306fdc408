"""Reports and papers over the API: suspicious transactions, monitoring, e-way bills, receivables."""

from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import Capability, HasCapability, require_step_up, signed_in
from creditiq.kernel.clock import now
from creditiq.kernel.pages import KeyedPages
from fraud import selectors, services
from fraud.api import work_serializers as shapes
from fraud.models import MonitoringReport, StrReport

BUSINESS = OpenApiParameter("business", UUID, required=True)


class NewestDraftsFirst(KeyedPages):
    """Pages of suspicious-transaction reports."""

    ordering = ("-drafted_at", "-pk")


class NewestMadeFirst(KeyedPages):
    """Pages of monitoring reports."""

    ordering = ("-made_at", "-pk")


class Papers(APIView):
    """Shared by the two pictures of one business's papers."""

    permission_classes = (HasCapability,)
    capability = Capability.VIEW_FRAUD

    def found(self, request: Request) -> selectors.Patterns:
        asked = shapes.BusinessIn(data=request.query_params)
        asked.is_valid(raise_exception=True)
        business_id = asked.validated_data["business"]
        return services.inspect_business(business_id=business_id, by=signed_in(request), at=now())


class EwbDistribution(Papers):
    """Outward e-way bills by value."""

    @extend_schema(
        parameters=[BUSINESS], responses=shapes.EwbOut, operation_id="fraud_ewb_distribution", tags=["fraud"]
    )
    def get(self, request: Request) -> Response:
        """Bills of 180 days per ₹2,500 with the curve expected without structuring, the raw share and the z-score."""
        return Response(shapes.EwbOut(self.found(request)).data)


class ReceivablesGap(Papers):
    """Invoices against receipts."""

    @extend_schema(parameters=[BUSINESS], responses=shapes.GapOut, operation_id="fraud_receivables_gap", tags=["fraud"])
    def get(self, request: Request) -> Response:
        """Twelve calendar months; the gap is (invoiced − received) ÷ invoiced, null without invoices."""
        return Response(shapes.GapOut(self.found(request)).data)


class Reports(APIView):
    """Suspicious-transaction reports."""

    permission_classes = (HasCapability,)
    capability = Capability.WORK_FRAUD

    @extend_schema(responses=shapes.StrPageOut, operation_id="fraud_str_list", tags=["fraud"])
    def get(self, request: Request) -> Response:
        """Newest first, in cursor pages of 50."""
        pages = NewestDraftsFirst()
        rows = StrReport.objects.visible_to(signed_in(request)).select_related("case")
        shown = pages.paginate_queryset(rows, request, self) or []
        return pages.get_paginated_response(shapes.StrOut(shown, many=True).data)

    @extend_schema(request=shapes.StrIn, responses={201: shapes.StrOut}, operation_id="fraud_str_draft", tags=["fraud"])
    def post(self, request: Request) -> Response:
        """Draft the report of a case from stored facts."""
        asked = shapes.StrIn(data=request.data)
        asked.is_valid(raise_exception=True)
        made = services.draft_report(case_id=asked.validated_data["case"], by=signed_in(request), at=now())
        return Response(shapes.StrOut(made).data, status=201)


class OneReport(APIView):
    """One suspicious-transaction report."""

    permission_classes = (HasCapability,)
    capability = Capability.WORK_FRAUD

    @extend_schema(responses=shapes.StrDetailOut, operation_id="fraud_str_read", tags=["fraud"])
    def get(self, request: Request, report_id: UUID) -> Response:
        """Grounds with the ids behind each sentence, indicators, form fields, annex."""
        return Response(shapes.StrDetailOut(selectors.str_view(user=signed_in(request), report_id=report_id)).data)


class ReportActs(APIView):
    """Editing and filing."""

    permission_classes = (HasCapability,)
    capability = Capability.WORK_FRAUD

    @extend_schema(request=shapes.StrActIn, responses=shapes.StrOut, operation_id="fraud_str_act", tags=["fraud"])
    def post(self, request: Request, report_id: UUID) -> Response:
        """Edit the grounds, or file; whoever wrote part of it may not file it."""
        asked = shapes.StrActIn(data=request.data)
        asked.is_valid(raise_exception=True)
        by, at = signed_in(request), now()
        if asked.validated_data["act"] == "file":
            require_step_up(request, at)
            done = services.file_report(report_id=report_id, by=by, at=at)
        else:
            done = services.edit_grounds(report_id=report_id, text=asked.validated_data["grounds"], by=by, at=at)
        return Response(shapes.StrOut(done).data)


class Monitoring(APIView):
    """Transaction-monitoring reports."""

    permission_classes = (HasCapability,)
    capability = Capability.VIEW_FRAUD

    @extend_schema(responses=shapes.MonitoringPageOut, operation_id="fraud_monitoring_list", tags=["fraud"])
    def get(self, request: Request) -> Response:
        """Newest first, in cursor pages of 50."""
        pages = NewestMadeFirst()
        rows = MonitoringReport.objects.visible_to(signed_in(request))
        shown = pages.paginate_queryset(rows, request, self) or []
        return pages.get_paginated_response(shapes.MonitoringOut(shown, many=True).data)

    @extend_schema(
        request=shapes.PeriodIn,
        responses={201: shapes.MonitoringOut},
        operation_id="fraud_monitoring_freeze",
        tags=["fraud"],
    )
    def post(self, request: Request) -> Response:
        """Compute and freeze the figures of a period."""
        asked = shapes.PeriodIn(data=request.data)
        asked.is_valid(raise_exception=True)
        period = selectors.Period(asked.validated_data["since"], asked.validated_data["until"])
        made = services.freeze_monitoring(period=period, by=signed_in(request), at=now())
        return Response(shapes.MonitoringOut(made).data, status=201)


class OneMonitoring(APIView):
    """One frozen report."""

    permission_classes = (HasCapability,)
    capability = Capability.VIEW_FRAUD

    @extend_schema(responses=shapes.MonitoringOut, operation_id="fraud_monitoring_read", tags=["fraud"])
    def get(self, request: Request, snapshot_id: UUID) -> Response:
        """The figures under their snapshot id."""
        return Response(
            shapes.MonitoringOut(selectors.frozen_report(user=signed_in(request), report_id=snapshot_id)).data
        )
