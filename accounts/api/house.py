"""The audit chain, consents."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import audit, selectors
from accounts.api.serializers import ChainVerdictOut, ConsentOut
from accounts.permissions import Capability, HasCapability, signed_in


class VerifyAudit(APIView):
    permission_classes = (HasCapability,)
    capability = Capability.VIEW_AUDIT

    @extend_schema(responses=ChainVerdictOut, operation_id="audit_verify", tags=["audit"])
    def get(self, request: Request) -> Response:
        """Recompute every hash of every chain."""
        return Response(ChainVerdictOut(audit.verify_chain()).data)


class Consents(APIView):
    permission_classes = (HasCapability,)
    capability = Capability.VIEW_CONSENTS

    @extend_schema(responses=ConsentOut(many=True), operation_id="consents_list", tags=["consent"])
    def get(self, request: Request) -> Response:
        """Consents the caller may see, newest first (at most 500)."""
        return Response(ConsentOut(selectors.consents_visible_to(signed_in(request)), many=True).data)
