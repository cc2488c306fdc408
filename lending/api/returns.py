"""Returns of the book, and a shock that is tried, over the API."""

from datetime import date
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import Capability, HasCapability, signed_in
from creditiq.kernel.clock import IST, now
from creditiq.kernel.pages import in_pages, page_of
from lending import selectors, services
from lending.api.loan_shapes import LoanShockOut
from lending.models import ReturnKind

LONGEST = 600


class ReturnIn(serializers.Serializer[object]):
    """A return to freeze."""

    kind = serializers.ChoiceField(choices=ReturnKind.choices)
    on = serializers.DateField(default=None, allow_null=True, help_text="cash: any day of a month that is over.")


class ReturnRowOut(serializers.Serializer[object]):
    """A return that is kept; `id` is the snapshot's."""

    id = serializers.UUIDField(source="uuid")
    kind = serializers.ChoiceField(choices=ReturnKind.choices)
    organisation = serializers.CharField(source="organisation.name")
    since = serializers.DateField()
    until = serializers.DateField()
    sha256 = serializers.CharField()
    made_at = serializers.DateTimeField()


class SheetOut(serializers.Serializer[object]):
    """One table."""

    title = serializers.CharField()
    columns = serializers.ListField(child=serializers.CharField())
    rows = serializers.ListField(child=serializers.ListField(child=serializers.CharField()))
    numbers = serializers.ListField(child=serializers.IntegerField(), help_text="Columns that hold numbers.")


class ReturnOut(ReturnRowOut):
    """With everything it says."""

    figures = serializers.ListField(
        source="document.figures", child=serializers.ListField(child=serializers.CharField())
    )
    sheets = SheetOut(source="document.sheets", many=True)


class ShockIn(serializers.Serializer[object]):
    """A shock to try."""

    gst_fall = serializers.DecimalField(
        max_digits=3, decimal_places=2, min_value=0, max_value=1, help_text="Share by which invoiced sales fall."
    )


class Returns(APIView):
    """The returns that are kept; one more."""

    permission_classes = (HasCapability,)
    capability = Capability.VIEW_PORTFOLIO

    @extend_schema(responses=page_of(ReturnRowOut), operation_id="lending_returns", tags=["lending"])
    def get(self, request: Request) -> Response:
        """Newest first."""
        return in_pages(request, selectors.returns_made(user=signed_in(request), most=LONGEST), ReturnRowOut)

    @extend_schema(request=ReturnIn, responses={201: ReturnOut}, operation_id="lending_return_freeze", tags=["lending"])
    def post(self, request: Request) -> Response:
        """Freeze one; what is kept of that day already is answered as it is."""
        asked = ReturnIn(data=request.data)
        asked.is_valid(raise_exception=True)
        frozen = services.make_return(**asked.validated_data, by=signed_in(request), at=now())
        return Response(ReturnOut(frozen).data, status=201)


class OneReturn(APIView):
    """One return."""

    permission_classes = (HasCapability,)
    capability = Capability.VIEW_PORTFOLIO

    @extend_schema(responses=ReturnOut, operation_id="lending_return", tags=["lending"])
    def get(self, request: Request, return_id: UUID) -> Response:
        """Its figures and tables, as they were frozen."""
        return Response(ReturnOut(selectors.visible_return(user=signed_in(request), return_id=return_id)).data)


class Stress(APIView):
    """What a shock would cost."""

    permission_classes = (HasCapability,)
    capability = Capability.VIEW_PORTFOLIO

    @extend_schema(request=ShockIn, responses=LoanShockOut(many=True), operation_id="lending_stress", tags=["lending"])
    def post(self, request: Request) -> Response:
        """Expected loss if invoiced sales fell, and under the fixed shocks; nothing is stored."""
        asked = ShockIn(data=request.data)
        asked.is_valid(raise_exception=True)
        fall = float(asked.validated_data["gst_fall"])
        book = selectors.portfolio(user=signed_in(request), on=_today(), fall=fall)
        return Response(LoanShockOut(book.shocks, many=True).data)


def _today() -> date:
    return now().astimezone(IST).date()
