"""What people decide about a ring over the API: the standing of its alert, and the freeze of its members."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import Capability, HasCapability, signed_in
from creditiq.kernel.cards import FREE_TEXT
from creditiq.kernel.clock import now
from fraud import selectors, services
from fraud.api.cases import CapabilityByMethod
from fraud.models import AlertState

Shape = serializers.Serializer[object]
DECISIONS = [state.value for state in AlertState if state != AlertState.OPEN]


class RingDecisionIn(Shape):
    state = serializers.ChoiceField(DECISIONS)
    reason = serializers.CharField(validators=FREE_TEXT, max_length=2000)
    until = serializers.DateField(default=None, allow_null=True, help_text="Only for a snooze: its last day.")


class RingDecisionOut(Shape):
    id = serializers.UUIDField(source="uuid", help_text="Of the alert.")
    ring = serializers.UUIDField(source="ring.uuid")
    state = serializers.CharField()
    reason = serializers.CharField()
    decided_at = serializers.DateTimeField()
    until = serializers.DateField(allow_null=True)


class FreezeIn(Shape):
    act = serializers.ChoiceField(["freeze", "lift"])
    until = serializers.DateField(default=None, allow_null=True, help_text="The last day; not for lifting.")
    reason = serializers.CharField(validators=FREE_TEXT, max_length=2000)


class FreezeOut(Shape):
    id = serializers.UUIDField(source="uuid")
    until = serializers.DateField(help_text="The last day, by India's clock.")
    reason = serializers.CharField()
    at = serializers.DateTimeField()
    by = serializers.UUIDField(source="by.uuid")
    in_force = serializers.SerializerMethodField()
    ended_at = serializers.DateTimeField(allow_null=True)
    lifted_by = serializers.UUIDField(source="lifted_by.uuid", default=None, allow_null=True)
    lifted_for = serializers.CharField(help_text="Empty: not lifted before its day.")

    def get_in_force(self, freeze: object) -> bool:
        """Whether it holds its businesses now."""
        return getattr(freeze, "ended_at", None) is None


class RingDecisions(APIView):
    """The standing of a ring's alert."""

    permission_classes = (HasCapability,)
    capability = Capability.WORK_FRAUD

    @extend_schema(
        request=RingDecisionIn, responses={201: RingDecisionOut}, operation_id="fraud_ring_decide", tags=["fraud"]
    )
    def post(self, request: Request, ring_id: UUID) -> Response:
        """Confirm, dismiss or snooze, with a reason that is kept."""
        asked = RingDecisionIn(data=request.data)
        asked.is_valid(raise_exception=True)
        values = asked.validated_data
        until = values["until"] if values["state"] == AlertState.SNOOZED else None
        decision = services.AlertDecision(AlertState(values["state"]), values["reason"], until)
        alert = services.decide_alert(ring_id=ring_id, decision=decision, by=signed_in(request), at=now())
        return Response(RingDecisionOut(alert).data, status=201)


class RingFreezes(APIView):
    """The freezes of a ring's members."""

    permission_classes = (CapabilityByMethod,)
    capability = Capability.VIEW_FRAUD
    writing = Capability.WORK_FRAUD

    @extend_schema(responses=FreezeOut(many=True), operation_id="fraud_ring_freezes", tags=["fraud"])
    def get(self, request: Request, ring_id: UUID) -> Response:
        """All of them, newest first."""
        rows = selectors.freezes_of(user=signed_in(request), ring_id=ring_id)
        return Response(FreezeOut(rows, many=True).data)

    @extend_schema(request=FreezeIn, responses={201: FreezeOut}, operation_id="fraud_ring_freeze", tags=["fraud"])
    def post(self, request: Request, ring_id: UUID) -> Response:
        """Hold every decision about the present members to the end of a day, or lift that: a second person lifts."""
        asked = FreezeIn(data=request.data)
        asked.is_valid(raise_exception=True)
        values = asked.validated_data
        act = {"ring_id": ring_id, "reason": values["reason"], "by": signed_in(request), "at": now()}
        if values["act"] == "lift":
            return Response(FreezeOut(services.lift_freeze(**act)).data, status=201)
        return Response(FreezeOut(services.freeze_members(until=values["until"], **act)).data, status=201)
