"""Requests for a second person: what waits, and deciding it."""

from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import selectors, services
from accounts.models import ApprovalState
from accounts.permissions import Capability, HasCapability, capabilities_of, require_step_up, signed_in
from creditiq.kernel.cards import FREE_TEXT
from creditiq.kernel.clock import now
from creditiq.kernel.pages import KeyedPages


class ApprovalOut(serializers.Serializer[object]):
    id = serializers.UUIDField(source="uuid")
    action = serializers.CharField()
    summary = serializers.CharField()
    reason = serializers.CharField()
    state = serializers.ChoiceField(choices=ApprovalState.choices)
    organisation = serializers.CharField(source="organisation.name")
    maker = serializers.CharField(source="maker.get_full_name")
    made_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    checker = serializers.CharField(source="checker.get_full_name", default=None, allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    note = serializers.CharField()
    payload = serializers.JSONField(source="content")
    payload_digest = serializers.CharField(help_text="computed anew before the act is carried out")


class ApprovalPageOut(serializers.Serializer[object]):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = ApprovalOut(many=True)


class ApprovalNoteIn(serializers.Serializer[object]):
    note = serializers.CharField(validators=FREE_TEXT, max_length=500, required=False, default="", allow_blank=True)


class ApprovalPages(KeyedPages):
    ordering = ("-made_at", "-pk")


class Approvals(APIView):
    permission_classes = (HasCapability,)
    capability = Capability.VIEW_APPROVALS

    @extend_schema(
        responses=ApprovalPageOut,
        operation_id="approvals_list",
        tags=["approvals"],
        parameters=[OpenApiParameter("state", enum=ApprovalState.values)],
    )
    def get(self, request: Request) -> Response:
        """Requests that you made or may decide, newest first."""
        pages, person = ApprovalPages(), signed_in(request)
        state = request.query_params.get("state", "")
        rows = selectors.approvals(user=person, capabilities=capabilities_of(person), state=state)
        return pages.get_paginated_response(ApprovalOut(pages.paginate_queryset(rows, request, self), many=True).data)


class OneApproval(APIView):
    permission_classes = (HasCapability,)
    capability = Capability.VIEW_APPROVALS

    @extend_schema(responses=ApprovalOut, operation_id="approval_read", tags=["approvals"])
    def get(self, request: Request, approval_id: UUID) -> Response:
        """One request with what is to be carried out."""
        person = signed_in(request)
        shown = selectors.approval(user=person, capabilities=capabilities_of(person), approval_id=approval_id, at=now())
        return Response(ApprovalOut(shown.asked).data)


class ApproveRequest(APIView):
    permission_classes = (HasCapability,)
    capability = Capability.VIEW_APPROVALS

    @extend_schema(request=ApprovalNoteIn, responses=ApprovalOut, operation_id="approval_approve", tags=["approvals"])
    def post(self, request: Request, approval_id: UUID) -> Response:
        """Agree: the act is carried out with this answer, or nothing changes. The maker never approves."""
        form = ApprovalNoteIn(data=request.data)
        form.is_valid(raise_exception=True)
        require_step_up(request, now())
        decided = services.approve_request(
            approval_id=approval_id, by=signed_in(request), at=now(), note=form.validated_data["note"]
        )
        return Response(ApprovalOut(decided).data)


class RejectRequest(APIView):
    permission_classes = (HasCapability,)
    capability = Capability.VIEW_APPROVALS

    @extend_schema(request=ApprovalNoteIn, responses=ApprovalOut, operation_id="approval_reject", tags=["approvals"])
    def post(self, request: Request, approval_id: UUID) -> Response:
        """Say no; the note says why and is needed."""
        form = ApprovalNoteIn(data=request.data)
        form.is_valid(raise_exception=True)
        decided = services.reject_request(
            approval_id=approval_id, by=signed_in(request), at=now(), note=form.validated_data["note"]
        )
        return Response(ApprovalOut(decided).data)


class CancelRequest(APIView):
    permission_classes = (HasCapability,)
    capability = Capability.VIEW_APPROVALS

    @extend_schema(request=None, responses=ApprovalOut, operation_id="approval_cancel", tags=["approvals"])
    def post(self, request: Request, approval_id: UUID) -> Response:
        """Take your own request back."""
        return Response(
            ApprovalOut(services.cancel_request(approval_id=approval_id, by=signed_in(request), at=now())).data
        )
