"""Health, the audit chain, consents."""

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import audit, selectors
from accounts.api.serializers import ChainVerdictOut, ConsentOut, HealthOut, ReadingsOut
from accounts.permissions import Capability, HasCapability
from creditiq.kernel import health


class Health(APIView):
    permission_classes = (AllowAny,)
    authentication_classes = ()

    @extend_schema(responses=HealthOut, operation_id="health", tags=["health"])
    def get(self, request: Request) -> Response:
        """That the house answers, and its version; touches nothing else."""
        return Response({"status": "ok", "version": settings.VERSION})


class DetailedHealth(APIView):
    permission_classes = (HasCapability,)
    capability = Capability.VIEW_HEALTH

    @extend_schema(responses=ReadingsOut, operation_id="health_detailed", tags=["health"])
    def get(self, request: Request) -> Response:
        """Every registered reading: database, broker, workers, queues, model, memory."""
        readings = health.readings()
        well = all(reading.get("ok", True) for reading in readings.values())
        status = "ok" if well else "degraded"
        return Response({"status": status, "version": settings.VERSION, "readings": readings})


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
        return Response(ConsentOut(selectors.consents_visible_to(request.user), many=True).data)
