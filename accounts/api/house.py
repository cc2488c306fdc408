"""The audit chain."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import audit
from accounts.api.serializers import ChainVerdictOut
from accounts.permissions import Capability, HasCapability, signed_in


class VerifyAudit(APIView):
    permission_classes = (HasCapability,)
    capability = Capability.VIEW_AUDIT

    @extend_schema(responses=ChainVerdictOut, operation_id="audit_verify", tags=["audit"])
    def get(self, request: Request) -> Response:
        """Recompute every hash of your organisation's chain; of every chain for the platform's people."""
        return Response(ChainVerdictOut(audit.verify_chains_of(signed_in(request))).data)
