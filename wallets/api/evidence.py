"""Evidence over the API beyond single uploads: rows in bulk, the reject report as a file, taking a file back."""

from collections.abc import Mapping
from typing import IO
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import Capability, HasCapability, require_step_up, signed_in
from accounts.selectors import visible_business
from creditiq.kernel.clock import now
from wallets import selectors, services
from wallets.api.serializers import BulkIn, BulkOut, UploadOut
from wallets.engine.spreadsheet import sheet

KEY = OpenApiParameter(
    "Idempotency-Key", str, OpenApiParameter.HEADER, description="The same request under it gets the first answer."
)


class Lines(BaseParser):
    """NDJSON as it came, however it is labelled; one byte more than the largest body is enough to refuse it."""

    media_type = "*/*"

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, object] | None = None
    ) -> dict[str, bytes]:
        return {"lines": stream.read(settings.MAX_UPLOAD_BYTES + 1)}


class Bulk(APIView):
    """Rows of one kind of record."""

    permission_classes = (HasCapability,)
    capability = Capability.SHARE_EVIDENCE
    parser_classes = (Lines,)

    @extend_schema(
        parameters=[BulkIn, KEY],
        request={"application/x-ndjson": OpenApiTypes.BINARY},
        responses=BulkOut,
        operation_id="evidence_bulk",
        tags=["evidence"],
    )
    def post(self, request: Request, kind: str) -> HttpResponse:
        """At most 100,000 rows, one JSON object a line with the columns of the kind's template; a result for each."""
        asked = BulkIn(data=request.query_params)
        asked.is_valid(raise_exception=True)
        by = signed_in(request)
        business = visible_business(user=by, gstin=asked.validated_data["gstin"])
        lines = request.data["lines"] if isinstance(request.data, dict) and request.data else b""
        rows = services.BulkRows(kind, lines, request.headers.get("Idempotency-Key", ""))
        body = services.record_rows(business=business, rows=rows, by=by, at=now())
        return HttpResponse(body, content_type="application/json")


class RejectionsSheet(APIView):
    """The reject report as a file."""

    permission_classes = (HasCapability,)
    capability = Capability.VIEW_EVIDENCE

    @extend_schema(
        responses={(200, "text/csv"): OpenApiTypes.STR}, operation_id="evidence_upload_rejections_csv",
        tags=["evidence"],
    )  # fmt: skip
    def get(self, request: Request, upload_id: UUID) -> HttpResponse:
        """The same refusals as CSV; no cell of it runs in a spreadsheet."""
        require_step_up(request, now(), only_staff=True)
        found = services.open_refusals(upload_id=upload_id, by=signed_in(request), at=now())
        text = sheet(selectors.REJECTION_COLUMNS, selectors.rejection_lines(found))
        return HttpResponse(text, content_type="text/csv; charset=utf-8")


class CancelUpload(APIView):
    """Take a file back."""

    permission_classes = (HasCapability,)
    capability = Capability.SHARE_EVIDENCE

    @extend_schema(request=None, responses=UploadOut, operation_id="evidence_upload_cancel", tags=["evidence"])
    def post(self, request: Request, upload_id: UUID) -> Response:
        """Only while it waits to be read; afterwards this is a conflict."""
        user = signed_in(request)
        upload = services.cancel_upload(upload_id=upload_id, by=user, at=now())
        return Response(UploadOut(upload, context={"user": user}).data)
