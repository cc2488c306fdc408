"""The steps of an application beside the decision, its offer, and all offers of a business side by side."""

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from accounts.permissions import Capability, HasCapability, can, signed_in
from accounts.selectors import own_business
from accounts.services import require_password
from creditiq.kernel.cards import FREE_TEXT
from creditiq.kernel.clock import now
from creditiq.kernel.errors import NotVisible
from lending import selectors
from lending.api.serializers import ApplicationOut
from lending.models import LoanApplication
from lending.selectors.casework import casework, offers_of
from lending.services import offering, reviewing
from lending.services.applications import submit, take_counter

STEPS = ("submit", "ask", "answer", "accept", "take", "withdraw")


class EventIn(serializers.Serializer[object]):
    event = serializers.ChoiceField(choices=STEPS)
    note = serializers.CharField(validators=FREE_TEXT, max_length=2000, allow_blank=True, default="")
    sha256 = serializers.CharField(
        max_length=64, allow_blank=True, default="", help_text="accept: digest of the statement read."
    )
    password = serializers.CharField(
        max_length=128, allow_blank=True, default="", write_only=True, help_text="accept: asked again."
    )


class EventOut(serializers.Serializer[object]):
    event = serializers.CharField(source="event.event")
    from_state = serializers.CharField(source="event.source")
    to_state = serializers.CharField(source="event.target")
    at = serializers.DateTimeField(source="event.at")
    words = serializers.CharField()
    note = serializers.CharField()


class StatementOut(serializers.Serializer[object]):
    application = serializers.UUIDField(source="application.uuid")
    bank = serializers.CharField(source="application.organisation.name")
    rate = serializers.DecimalField(source="percent", max_digits=6, decimal_places=3)
    apr = serializers.DecimalField(max_digits=7, decimal_places=2)
    instalment = serializers.DecimalField(max_digits=18, decimal_places=2)
    net_disbursed = serializers.DecimalField(max_digits=18, decimal_places=2)
    document = serializers.DictField(help_text="The statement in words, with its schedule.")
    sha256 = serializers.CharField()
    pdf_sha256 = serializers.CharField()
    issued_at = serializers.DateTimeField()
    valid_until = serializers.DateTimeField()
    accepted_at = serializers.DateTimeField(allow_null=True)


class TakesPart(BasePermission):
    """Owners and the bank's staff; which step is whose is the transition table's business."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return can(request.user, Capability.APPLY) or can(request.user, Capability.VIEW_QUEUE)


class Events(APIView):
    """The way of an application."""

    permission_classes = (TakesPart,)

    @extend_schema(responses=EventOut(many=True), operation_id="applications_events", tags=["lending"])
    def get(self, request: Request, application_id: UUID) -> Response:
        """Every step so far, first step first; memos of the house are for staff."""
        by = signed_in(request)
        seen = selectors.visible_application(user=by, application_id=application_id, at=now())
        return Response(EventOut(casework(seen, by).steps, many=True).data)

    @extend_schema(request=EventIn, responses={201: ApplicationOut}, operation_id="applications_step", tags=["lending"])
    def post(self, request: Request, application_id: UUID) -> Response:
        """Take a step. 409 when the transition table forbids it or a rule stands against it."""
        asked = EventIn(data=request.data)
        asked.is_valid(raise_exception=True)
        values = asked.validated_data
        by, said = signed_in(request), dict(values)
        if values["event"] == "accept" and values["password"]:
            said["confirmed_by"] = require_password(request=request._request, user=by, password=values["password"])
        moved = _TAKE[values["event"]](application_id, said, by, now())
        return Response(ApplicationOut(moved).data, status=201)


class Statement(APIView):
    """The key fact statement of an application."""

    permission_classes = (TakesPart,)

    @extend_schema(responses=StatementOut, operation_id="applications_kfs", tags=["lending"])
    def get(self, request: Request, application_id: UUID) -> Response:
        """The offer as it was made; its digest is what is accepted."""
        by = signed_in(request)
        seen = selectors.visible_application(user=by, application_id=application_id, at=now())
        statement = casework(seen, by).statement
        if statement is None:
            raise NotVisible
        return Response(StatementOut(statement).data)


class Offers(APIView):
    """All offers of a business."""

    permission_classes = (HasCapability,)
    capability = Capability.APPLY

    @extend_schema(responses=StatementOut(many=True), operation_id="lending_offers", tags=["lending"])
    def get(self, request: Request) -> Response:
        """Every open or accepted offer, the lowest annual percentage rate first."""
        business = own_business(signed_in(request))
        return Response(StatementOut(offers_of(business_id=business.pk), many=True).data)


_Take = Callable[[UUID, Mapping[str, str], User, datetime], LoanApplication]
_TAKE: Mapping[str, _Take] = {
    "submit": lambda one, said, by, at: submit(application_id=one, by=by, at=at),
    "ask": lambda one, said, by, at: reviewing.ask_owner(application_id=one, note=said["note"], by=by, at=at),
    "answer": lambda one, said, by, at: reviewing.answer_bank(application_id=one, note=said["note"], by=by, at=at),
    "withdraw": lambda one, said, by, at: offering.withdraw(application_id=one, reason=said["note"], by=by, at=at),
    "take": lambda one, said, by, at: take_counter(application_id=one, by=by, at=at),
    "accept": lambda one, said, by, at: offering.accept_offer(
        application_id=one, sha256=said["sha256"], confirmed_by=said.get("confirmed_by", ""), by=by, at=at
    ),
}
