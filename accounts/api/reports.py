"""Reports of a period, for programs."""

from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models.reports import ReportKind
from accounts.permissions import Capability, HasCapability, signed_in
from accounts.selectors import reports as read
from accounts.services import reports as acts
from creditiq.kernel.clock import now
from creditiq.kernel.pages import KeyedPages

TAGS = ["audit"]


class ReportIn(serializers.Serializer[object]):
    kind = serializers.ChoiceField(choices=ReportKind.choices)
    since = serializers.DateField()
    until = serializers.DateField()


class ReportLineOut(serializers.Serializer[object]):
    section = serializers.CharField()
    name = serializers.CharField()
    value = serializers.CharField()


class ReportOut(serializers.Serializer[object]):
    id = serializers.UUIDField(source="uuid", help_text="the snapshot's id")
    kind = serializers.ChoiceField(choices=ReportKind.choices)
    organisation = serializers.CharField(source="organisation.name")
    since = serializers.DateField()
    until = serializers.DateField()
    made_at = serializers.DateTimeField()
    digest = serializers.CharField(help_text="SHA-256 of the figures")
    figures = ReportLineOut(many=True)


class ReportPageOut(serializers.Serializer[object]):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = ReportOut(many=True)


class ReportPages(KeyedPages):
    page_size = 20
    ordering = ("-made_at", "-pk")


class Reports(APIView):
    permission_classes = (HasCapability,)
    capability = Capability.VIEW_AUDIT

    @extend_schema(
        parameters=[OpenApiParameter("cursor", str)], responses=ReportPageOut, operation_id="reports_list", tags=TAGS
    )
    def get(self, request: Request) -> Response:
        """Frozen reports of your organisation, the newest first."""
        pages = ReportPages()
        rows = pages.paginate_queryset(read.frozen_reports(user=signed_in(request)), request)
        return pages.get_paginated_response(ReportOut(rows, many=True).data)

    @extend_schema(request=ReportIn, responses={201: ReportOut}, operation_id="report_freeze", tags=TAGS)
    def post(self, request: Request) -> Response:
        """Compute the figures of a period and freeze them under an id."""
        form = ReportIn(data=request.data)
        form.is_valid(raise_exception=True)
        span = read.Span(form.validated_data["since"], form.validated_data["until"])
        kind = ReportKind(form.validated_data["kind"])
        made = acts.freeze_report(kind=kind, span=span, by=signed_in(request), at=now())
        return Response(ReportOut(made).data, status=201)


class OneReport(APIView):
    permission_classes = (HasCapability,)
    capability = Capability.VIEW_AUDIT

    @extend_schema(responses=ReportOut, operation_id="report", tags=TAGS)
    def get(self, request: Request, report_id: UUID) -> Response:
        """One frozen report."""
        return Response(ReportOut(read.frozen_report(user=signed_in(request), report_id=report_id)).data)
