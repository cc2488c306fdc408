"""Exposure limits over the API."""

from decimal import Decimal

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import Capability, HasCapability, require, signed_in
from creditiq.kernel.clock import now
from lending import selectors, services
from lending.api.loan_shapes import money
from lending.models import LimitDimension


class LimitIn(serializers.Serializer[object]):
    """A limit to ask for."""

    bank = serializers.UUIDField(help_text="Public id of the bank.")
    dimension = serializers.ChoiceField(choices=LimitDimension.choices)
    key = serializers.CharField(
        max_length=40, allow_blank=True, default="",
        help_text="A sector, a GST state code or a product's code; empty for a connected group.",
    )  # fmt: skip
    cap = serializers.DecimalField(max_digits=18, decimal_places=2, min_value=0)
    warn_percent = serializers.DecimalField(max_digits=5, decimal_places=2, default=Decimal(80))


class LimitOut(serializers.Serializer[object]):
    """A limit with its use."""

    bank = serializers.UUIDField(source="limit.organisation.uuid")
    dimension = serializers.CharField(source="limit.dimension")
    key = serializers.CharField(source="limit.key")
    name = serializers.CharField()
    cap = serializers.DecimalField(source="limit.cap", max_digits=18, decimal_places=2)
    warn_percent = serializers.DecimalField(source="limit.warn_percent", max_digits=5, decimal_places=2)
    used = money()
    left = money()
    percent = serializers.DecimalField(max_digits=9, decimal_places=1)
    state = serializers.ChoiceField(choices=["open", "near", "full"])


class LimitAskedOut(serializers.Serializer[object]):
    """What waits at the approval desk."""

    approval = serializers.UUIDField(source="uuid")
    summary = serializers.CharField()
    state = serializers.CharField()


class Limits(APIView):
    """How much a bank lends to one sector, state, product or connected group."""

    permission_classes = (HasCapability,)
    capability = Capability.VIEW_PORTFOLIO

    @extend_schema(responses=LimitOut(many=True), operation_id="lending_limits", tags=["lending"])
    def get(self, request: Request) -> Response:
        """Every limit with what is lent and reserved under it."""
        return Response(LimitOut(selectors.limits_of(signed_in(request)), many=True).data)

    @extend_schema(request=LimitIn, responses={202: LimitAskedOut}, operation_id="lending_limit_ask", tags=["lending"])
    def post(self, request: Request) -> Response:
        """Ask for a limit; a second person agrees at the approval desk (POST approvals/{id}/approve)."""
        by = signed_in(request)
        require(by, Capability.SANCTION)
        asked = LimitIn(data=request.data)
        asked.is_valid(raise_exception=True)
        values = dict(asked.validated_data)
        bank = values.pop("bank")
        made = services.ask_exposure_limit(organisation_id=bank, asked=services.Cap(**values), by=by, at=now())
        return Response(LimitAskedOut(made).data, status=202)
