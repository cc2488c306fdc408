"""Disputes over the API: the owner's side and the side of those who answer."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import Capability, HasCapability, can, signed_in
from accounts.selectors import own_business
from creditiq.kernel.clock import now
from fraud import selectors, services
from fraud.api import work_serializers as shapes
from fraud.api.cases import MostUrgentFirst
from fraud.models import Dispute, DisputeSubject


class SeesDisputes(BasePermission):
    """Owners see their own disputes, people who answer them those they may see."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        owner = can(request.user, Capability.VIEW_OWN_SCORE)
        return owner or (request.method == "GET" and can(request.user, Capability.VIEW_FRAUD))


class Disputes(APIView):
    """Disputes one may see."""

    permission_classes = (SeesDisputes,)

    @extend_schema(responses=shapes.DisputePageOut, operation_id="fraud_disputes_list", tags=["fraud"])
    def get(self, request: Request) -> Response:
        """Most urgent first, in cursor pages of 50."""
        pages = MostUrgentFirst()
        rows = Dispute.objects.visible_to(signed_in(request)).select_related("business")
        shown = pages.paginate_queryset(rows, request, self) or []
        return pages.get_paginated_response(shapes.DisputeOut(shown, many=True).data)

    @extend_schema(
        request=shapes.DisputeIn, responses={201: shapes.DisputeOut}, operation_id="fraud_dispute_open", tags=["fraud"]
    )
    def post(self, request: Request) -> Response:
        """Open a dispute about one's own business; documents are added on the page."""
        asked = shapes.DisputeIn(data=request.data)
        asked.is_valid(raise_exception=True)
        values, by = asked.validated_data, signed_in(request)
        statement = services.Statement(DisputeSubject(values["subject"]), values["reference"], values["text"])
        made = services.open_dispute(business=own_business(by), statement=statement, by=by, at=now())
        return Response(shapes.DisputeOut(made).data, status=201)


class OneDispute(APIView):
    """One dispute."""

    permission_classes = (SeesDisputes,)

    @extend_schema(responses=shapes.DisputeDetailOut, operation_id="fraud_dispute_read", tags=["fraud"])
    def get(self, request: Request, dispute_id: UUID) -> Response:
        """The thread, the clock, the outcome; never a case, an alert or a report."""
        view = selectors.own_dispute(user=signed_in(request), dispute_id=dispute_id, at=now())
        return Response(shapes.DisputeDetailOut(view).data)


class DisputeReplies(APIView):
    """The owner's side."""

    permission_classes = (HasCapability,)
    capability = Capability.VIEW_OWN_SCORE

    @extend_schema(
        request=shapes.ReplyIn, responses=shapes.DisputeOut, operation_id="fraud_dispute_reply", tags=["fraud"]
    )
    def post(self, request: Request, dispute_id: UUID) -> Response:
        """Add to the thread, or withdraw."""
        by = signed_in(request)
        selectors.own_dispute(user=by, dispute_id=dispute_id, at=now())
        asked = shapes.ReplyIn(data=request.data)
        asked.is_valid(raise_exception=True)
        if asked.validated_data["act"] == "withdraw":
            done = services.withdraw_dispute(dispute_id=dispute_id, by=by, at=now())
        else:
            text = asked.validated_data["text"]
            done = services.reply_to_dispute(dispute_id=dispute_id, text=text, by=by, at=now())
        return Response(shapes.DisputeOut(done).data)


class DisputeActs(APIView):
    """The side of those who answer."""

    permission_classes = (HasCapability,)
    capability = Capability.VIEW_FRAUD

    @extend_schema(
        request=shapes.DisputeActIn, responses=shapes.DisputeOut, operation_id="fraud_dispute_act", tags=["fraud"]
    )
    def post(self, request: Request, dispute_id: UUID) -> Response:
        """Take, ask the owner, uphold or reject. Upholding a dispute about a hold clears it and makes a new score."""
        asked = shapes.DisputeActIn(data=request.data)
        asked.is_valid(raise_exception=True)
        act, text, by, at = asked.validated_data["act"], asked.validated_data["text"], signed_in(request), now()
        if act == "take":
            done = services.assign_dispute(dispute_id=dispute_id, to=by.uuid, by=by, at=at)
        elif act == "ask":
            done = services.ask_owner(dispute_id=dispute_id, question=text, by=by, at=at)
        else:
            resolution = services.Resolution(act == "uphold", text)
            done = services.resolve_dispute(dispute_id=dispute_id, resolution=resolution, by=by, at=at)
        return Response(shapes.DisputeOut(done).data)
