"""The sandbox, for programs that are signed in as a person."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import selectors, services
from accounts.api.jobs import JobRowOut
from accounts.api.webhooks import BuildsPrograms
from accounts.permissions import Capability, signed_in
from creditiq.kernel.clock import now


class MadeUpOut(serializers.Serializer[object]):
    id = serializers.UUIDField(source="uuid")
    gstin = serializers.CharField()
    name = serializers.CharField(source="trade_name")
    sector = serializers.CharField()


class SandboxOut(serializers.Serializer[object]):
    businesses = MadeUpOut(many=True)
    reset = JobRowOut(source="job", allow_null=True, help_text="the newest reset")


class Sandbox(APIView):
    permission_classes = (BuildsPrograms,)
    capability = Capability.BUILD_PROGRAMS

    @extend_schema(responses=SandboxOut, operation_id="sandbox_read", tags=["sandbox"])
    def get(self, request: Request) -> Response:
        """The made-up businesses of now."""
        return Response(SandboxOut(selectors.sandbox()).data)


class ResetSandbox(APIView):
    permission_classes = (BuildsPrograms,)
    capability = Capability.BUILD_PROGRAMS

    @extend_schema(request=None, responses={202: JobRowOut}, operation_id="sandbox_reset", tags=["sandbox"])
    def post(self, request: Request) -> Response:
        """Empty it and fill it anew; at most once in ten minutes."""
        return Response(JobRowOut(services.ask_for_reset(by=signed_in(request), at=now())).data, status=202)
