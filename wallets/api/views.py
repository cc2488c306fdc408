"""Evidence over the API."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import Capability, HasCapability, signed_in
from accounts.selectors import visible_business
from accounts.services import Registration, needed_to_read, register_business
from creditiq.kernel.clock import now
from creditiq.kernel.pages import KeyedPages, in_pages, page_of
from wallets import selectors, services
from wallets.api.register import BusinessIn, RegisteredBusinessOut
from wallets.api.serializers import (
    BusinessesIn,
    BusinessPageOut,
    ListedBusinessOut,
    ReconciliationIn,
    ReconciliationOut,
    RecordOut,
    RecordPageOut,
    RecordsIn,
    RejectionOut,
    UploadIn,
    UploadOut,
)


class Uploads(APIView):
    """Take in a file of evidence."""

    permission_classes = (HasCapability,)
    capability = Capability.SHARE_EVIDENCE
    parser_classes = (MultiPartParser,)

    @extend_schema(request=UploadIn, responses={202: UploadOut}, operation_id="evidence_upload", tags=["evidence"])
    def post(self, request: Request) -> Response:
        """Receive a file; reading it goes on after the answer. The same bytes twice are one upload."""
        asked = UploadIn(data=request.data)
        asked.is_valid(raise_exception=True)
        values = asked.validated_data
        business = visible_business(user=signed_in(request), gstin=values["gstin"])
        file = services.IncomingFile(values["file"].name, values["file"].read(), values["kind"], values["mode"])
        upload = services.receive_upload(business=business, file=file, by=signed_in(request), at=now())
        return Response(UploadOut(upload, context={"user": signed_in(request)}).data, status=202)


class OneUpload(APIView):
    """The state of an upload."""

    permission_classes = (HasCapability,)
    capability = Capability.VIEW_EVIDENCE

    @extend_schema(responses=UploadOut, operation_id="evidence_upload_read", tags=["evidence"])
    def get(self, request: Request, upload_id: UUID) -> Response:
        """Counts of rows read, accepted, known already and refused."""
        user = signed_in(request)
        upload = services.open_upload(upload_id=upload_id, by=user, at=now())
        return Response(UploadOut(upload, context={"user": user}).data)


class UploadRejections(APIView):
    """The refused lines of an upload."""

    permission_classes = (HasCapability,)
    capability = Capability.VIEW_EVIDENCE

    @extend_schema(responses=page_of(RejectionOut), operation_id="evidence_upload_rejections", tags=["evidence"])
    def get(self, request: Request, upload_id: UUID) -> Response:
        """Line, field, rule and message of every refusal, in line order (at most 10,000)."""
        found = services.open_refusals(upload_id=upload_id, by=signed_in(request), at=now())
        return in_pages(request, found, RejectionOut, key="")


class LongestKnownFirst(KeyedPages):
    """Pages of businesses."""

    ordering = ("pk",)
    reads = int


class LatestFirst(KeyedPages):
    """Pages of records."""

    ordering = ("-occurred_at", "-id")


class Businesses(APIView):
    """The businesses one may see, and the register's next one."""

    permission_classes = (HasCapability,)

    @property
    def capability(self) -> Capability:
        """Who may look, and who keeps the register."""
        return needed_to_read(self.request.user) if self.request.method == "GET" else Capability.CONFIGURE

    @extend_schema(
        parameters=[BusinessesIn], responses=BusinessPageOut, operation_id="businesses_list", tags=["evidence"]
    )
    def get(self, request: Request) -> Response:
        """In the order they were registered here, in cursor pages of 50, with what may be read of each."""
        asked = BusinessesIn(data=request.query_params)
        asked.is_valid(raise_exception=True)
        pages = LongestKnownFirst()
        found = selectors.sought_businesses(user=signed_in(request), sought=asked.sought)
        shown = pages.paginate_queryset(found, request, self) or []
        rows = selectors.listed(list(shown), user=signed_in(request), at=now())
        return pages.get_paginated_response(ListedBusinessOut(rows, many=True).data)

    @extend_schema(
        request=BusinessIn,
        responses={201: RegisteredBusinessOut},
        operation_id="business_register",
        tags=["businesses"],
    )
    def post(self, request: Request) -> Response:
        """Enter a business; the check digit of its GSTIN is tested, its state and PAN are read from it."""
        form = BusinessIn(data=request.data)
        form.is_valid(raise_exception=True)
        made = register_business(facts=Registration(**form.validated_data), by=signed_in(request), at=now())
        return Response(RegisteredBusinessOut(made).data, status=201)


class Records(APIView):
    """Single records of a business."""

    permission_classes = (HasCapability,)
    capability = Capability.VIEW_EVIDENCE

    @extend_schema(parameters=[RecordsIn], responses=RecordPageOut, operation_id="records_list", tags=["evidence"])
    def get(self, request: Request) -> Response:
        """Latest first, in cursor pages of 50, personal values masked; each names its file and its consent."""
        asked = RecordsIn(data=request.query_params)
        asked.is_valid(raise_exception=True)
        values = asked.validated_data
        found = services.look_at_records(**values, by=signed_in(request), at=now())
        pages = LatestFirst()
        shown = pages.paginate_queryset(found.records, request, self) or []
        rows = selectors.record_rows(values["kind"], list(shown), consent=found.consent)
        return pages.get_paginated_response(RecordOut(rows, many=True).data)


class Reconciliation(APIView):
    """Invoices, e-way bills and receipts of a business side by side."""

    permission_classes = (HasCapability,)
    capability = Capability.VIEW_EVIDENCE

    @extend_schema(
        parameters=[ReconciliationIn], responses=ReconciliationOut, operation_id="reconciliation", tags=["evidence"]
    )
    def get(self, request: Request) -> Response:
        """What is matched, and what misses its match by age; the unmatched are listed newest first."""
        asked = ReconciliationIn(data=request.query_params)
        asked.is_valid(raise_exception=True)
        business = visible_business(user=signed_in(request), gstin=asked.validated_data["gstin"])
        page = services.look_at_reconciliation(business=business, by=signed_in(request), at=now())
        return Response(ReconciliationOut(page, context=asked.validated_data).data)
