"""How long what is kept, dry runs and their release, for programs."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import selectors, services
from accounts.engine.retention import in_force
from accounts.permissions import Capability, HasCapability, signed_in
from creditiq.kernel.clock import IST, now

TAGS = ["admin"]


class KeepingOut(serializers.Serializer[object]):
    kind = serializers.CharField()
    name = serializers.CharField(source="label")
    days = serializers.IntegerField()
    since = serializers.DateField()
    basis = serializers.CharField(source="source")
    confirmed = serializers.BooleanField()
    kept = serializers.BooleanField(help_text="append-only: no job deletes it")


class RetentionRowOut(serializers.Serializer[object]):
    kind = serializers.CharField()
    name = serializers.CharField(source="label")
    before = serializers.DateTimeField()
    due = serializers.IntegerField()
    held = serializers.IntegerField(help_text="kept by a law although past its time")


class RetentionRunOut(serializers.Serializer[object]):
    id = serializers.UUIDField(source="uuid")
    planned_at = serializers.DateTimeField()
    not_before = serializers.DateTimeField(help_text="48 hours of notice")
    due = serializers.IntegerField()
    rows = RetentionRowOut(many=True)
    released_at = serializers.DateTimeField(allow_null=True)
    forgotten = serializers.DictField(child=serializers.IntegerField(), allow_null=True)


class RetentionOut(serializers.Serializer[object]):
    schedule = KeepingOut(many=True)
    runs = RetentionRunOut(many=True)


class ReleaseAskedOut(serializers.Serializer[object]):
    approval = serializers.UUIDField(source="uuid")


class Retention(APIView):
    permission_classes = (HasCapability,)
    capability = Capability.VIEW_ADMIN

    @extend_schema(responses=RetentionOut, operation_id="retention", tags=TAGS)
    def get(self, request: Request) -> Response:
        """The schedule and the newest dry runs."""
        kept = {"schedule": in_force(now().astimezone(IST).date()), "runs": selectors.retention_runs()}
        return Response(RetentionOut(kept).data)


class RetentionRuns(APIView):
    permission_classes = (HasCapability,)
    capability = Capability.CONFIGURE

    @extend_schema(request=None, responses={201: RetentionRunOut}, operation_id="retention_plan", tags=TAGS)
    def post(self, request: Request) -> Response:
        """A dry run: counts, changes nothing."""
        return Response(RetentionRunOut(services.plan_retention(by=signed_in(request), at=now())).data, status=201)


class ReleaseRetention(APIView):
    permission_classes = (HasCapability,)
    capability = Capability.CONFIGURE

    @extend_schema(request=None, responses={202: ReleaseAskedOut}, operation_id="retention_release", tags=TAGS)
    def post(self, request: Request, run_id: UUID) -> Response:
        """Ask a second administrator to let the records of a dry run go."""
        asked = services.propose_release(run_id=run_id, by=signed_in(request), at=now())
        return Response(ReleaseAskedOut(asked).data, status=202)
