"""Evidence over the API."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import Capability, HasCapability, signed_in
from accounts.selectors import visible_business
from creditiq.kernel.clock import now
from wallets import selectors, services
from wallets.api.serializers import RejectionOut, UploadIn, UploadOut


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
        return Response(UploadOut(upload).data, status=202)


class OneUpload(APIView):
    """The state of an upload."""

    permission_classes = (HasCapability,)
    capability = Capability.VIEW_EVIDENCE

    @extend_schema(responses=UploadOut, operation_id="evidence_upload_read", tags=["evidence"])
    def get(self, request: Request, upload_id: UUID) -> Response:
        """Counts of rows read, accepted, known already and refused."""
        return Response(UploadOut(selectors.visible_upload(user=signed_in(request), upload_id=upload_id)).data)


class UploadRejections(APIView):
    """The refused lines of an upload."""

    permission_classes = (HasCapability,)
    capability = Capability.VIEW_EVIDENCE

    @extend_schema(responses=RejectionOut(many=True), operation_id="evidence_upload_rejections", tags=["evidence"])
    def get(self, request: Request, upload_id: UUID) -> Response:
        """Line, field, rule and message of every refusal, in line order (at most 10,000)."""
        upload = selectors.visible_upload(user=signed_in(request), upload_id=upload_id)
        return Response(RejectionOut(selectors.refusals(upload), many=True).data)
