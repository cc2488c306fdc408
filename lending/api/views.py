"""Scores with amounts, applications, decisions and replays over the API."""

from uuid import UUID

from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema
from rest_framework.permissions import BasePermission
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import Organisation
from accounts.permissions import Capability, HasCapability, can, require_step_up, signed_in
from accounts.selectors import visible_business
from creditiq.kernel.clock import now
from creditiq.kernel.errors import InvalidInput
from creditiq.kernel.pages import KeyedPages
from lending import selectors, services
from lending.api import serializers as shapes
from lending.api.stream import EventStream, score_events
from lending.models import LoanApplication


class OneScore(APIView):
    """The state of a score request."""

    permission_classes = (HasCapability,)
    capability = Capability.VIEW_SCORE

    @extend_schema(responses=shapes.ScoreOut, operation_id="score_read", tags=["score"])
    def get(self, request: Request, task_id: UUID) -> Response:
        """The score with reasons, amounts and eligibility once it is complete; the wait until then."""
        view = selectors.score_view(user=signed_in(request), task_id=task_id, at=now())
        return Response(shapes.ScoreOut(view).data)


class ScoreStream(APIView):
    """The same as server-sent events."""

    permission_classes = (HasCapability,)
    capability = Capability.VIEW_SCORE
    renderer_classes = (EventStream, JSONRenderer)

    @extend_schema(
        responses={(200, "text/event-stream"): OpenApiTypes.STR}, operation_id="score_stream", tags=["score"]
    )
    def get(self, request: Request, task_id: UUID) -> StreamingHttpResponse:
        """Events `state` and, last, `end`, each with the score document; a late client gets the end at once."""
        selectors.score_view(user=signed_in(request), task_id=task_id, at=now())
        events = score_events(user=signed_in(request), task_id=task_id)
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingHttpResponse(events, content_type="text/event-stream", headers=headers)


class SeesApplications(BasePermission):
    """Owners see what they asked for, bank staff what they decide on."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """By capability; which applications is the selector's business."""
        needed = Capability.APPLY if request.method == "POST" else Capability.VIEW_QUEUE
        return can(request.user, needed) or (request.method == "GET" and can(request.user, Capability.APPLY))


class NewestFirst(KeyedPages):
    """Pages of applications."""

    ordering = ("-opened_at", "-pk")


class Applications(APIView):
    """The applications a person may see; a new one."""

    permission_classes = (SeesApplications,)

    @extend_schema(responses=shapes.ApplicationPageOut, operation_id="applications_list", tags=["lending"])
    def get(self, request: Request) -> Response:
        """Newest first, in cursor pages of 50."""
        seen = LoanApplication.objects.visible_to(request.user, now())
        pages = NewestFirst()
        rows = pages.paginate_queryset(seen.select_related("business", "organisation", "product"), request, self)
        return pages.get_paginated_response(shapes.ApplicationOut(rows, many=True).data)

    @extend_schema(
        request=shapes.ApplicationIn,
        responses={201: shapes.ApplicationOut},
        operation_id="applications_open",
        tags=["lending"],
    )
    def post(self, request: Request) -> Response:
        """Apply to a bank that has your live consent."""
        asked = shapes.ApplicationIn(data=request.data)
        asked.is_valid(raise_exception=True)
        values = asked.validated_data
        application = services.open_application(
            business=visible_business(user=signed_in(request), gstin=values["gstin"]),
            organisation=_bank(values["bank"]),
            asked=services.Asked(values["product"], values["amount"], values["months"], values["purpose"]),
            by=signed_in(request),
            at=now(),
        )
        return Response(shapes.ApplicationOut(application).data, status=201)


class OneApplication(APIView):
    """One application with its decisions."""

    permission_classes = (SeesApplications,)

    @extend_schema(
        responses=PolymorphicProxySerializer(
            component_name="ApplicationDetailOut",
            serializers=[shapes.CaseOut, shapes.OwnCaseOut],
            resource_type_field_name=None,
        ),
        operation_id="applications_read",
        tags=["lending"],
    )
    def get(self, request: Request, application_id: UUID) -> Response:
        """Staff get the policy's verdict and the notes, owners the state and the letters."""
        case = services.open_case(application_id=application_id, by=signed_in(request), at=now())
        shape = shapes.CaseOut if can(request.user, Capability.VIEW_QUEUE) else shapes.OwnCaseOut
        return Response(shape(case).data)


class Decisions(APIView):
    """Decide."""

    permission_classes = (HasCapability,)
    capability = Capability.VIEW_QUEUE

    @extend_schema(
        request=shapes.DecisionIn,
        responses={201: shapes.DecisionOut},
        operation_id="applications_decide",
        tags=["lending"],
    )
    def post(self, request: Request, application_id: UUID) -> Response:
        """Recommend, sanction, decline, counter or refer, for coded reasons. 409 names the rule against it."""
        asked = shapes.DecisionIn(data=request.data)
        asked.is_valid(raise_exception=True)
        values = asked.validated_data
        if values["outcome"] == "sanction":
            require_step_up(request, now())
        by, at = signed_in(request), now()
        if values["outcome"] == "counter":
            decision = services.counter(
                application_id=application_id, amount=values["amount"], months=values["months"], by=by, at=at,
                given=services.Given(tuple(values["reasons"]), values["note"]),
            )  # fmt: skip
            return Response(shapes.DecisionOut(decision).data, status=201)
        decision = services.decide(
            application_id=application_id, outcome=values["outcome"], reason_codes=values["reasons"],
            note=values["note"], by=by, at=at,
        )  # fmt: skip
        return Response(shapes.DecisionOut(decision).data, status=201)


class Replays(APIView):
    """Prove what was decided."""

    permission_classes = (HasCapability,)
    capability = Capability.REPLAY

    @extend_schema(request=shapes.ReplayIn, responses=shapes.ReplayOut, operation_id="audit_replay", tags=["audit"])
    def post(self, request: Request) -> Response:
        """Rebuild features, score, reasons and verdict as known at that moment and compare byte for byte."""
        asked = shapes.ReplayIn(data=request.data)
        asked.is_valid(raise_exception=True)
        values = asked.validated_data
        subject = services.Subject(
            decision=values.get("decision_id"),
            score=values.get("score_id"),
            business=values.get("business"),
            as_of=values.get("as_of"),
        )
        return Response(shapes.ReplayOut(services.replay(subject=subject, by=signed_in(request), at=now())).data)


def _bank(public_id: UUID) -> Organisation:
    bank = Organisation.objects.banks().filter(uuid=public_id).first()
    if bank is None:
        raise InvalidInput("There is no such bank.", field="bank", rule="bank.unknown")
    return bank
