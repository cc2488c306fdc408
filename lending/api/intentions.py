"""What a borrower is about to pay, over the API: no money moves by it."""

from decimal import Decimal
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import Capability, HasCapability, signed_in
from creditiq.kernel.clock import now
from lending import selectors, services
from lending.api.loan_shapes import money
from lending.selectors.intentions import Intention, intentions_of


class IntentionIn(serializers.Serializer[object]):
    amount = serializers.DecimalField(max_digits=14, decimal_places=2, min_value=Decimal(1))


class IntentionOut(serializers.Serializer[object]):
    """Pay from your own bank to the lender's, with the reference; the bank books it when it has arrived."""

    id = serializers.UUIDField(source="row.uuid")
    amount = money()
    reference = serializers.CharField(source="row.reference")
    at = serializers.DateTimeField(source="row.at")
    upi_link = serializers.CharField(source="link", help_text="Opens a UPI app; empty where the bank gave no address.")
    arrived = serializers.BooleanField(help_text="A payment of this amount was booked since.")


class Intentions(APIView):
    """Payments a borrower said they would make."""

    permission_classes = (HasCapability,)
    capability = Capability.VIEW_OWN_LOANS

    @extend_schema(responses=IntentionOut(many=True), operation_id="lending_payment_intentions", tags=["lending"])
    def get(self, request: Request, loan_id: UUID) -> Response:
        """The newest first."""
        loan = selectors.visible_loan(user=signed_in(request), loan_id=loan_id)
        return Response(IntentionOut(intentions_of(loan), many=True).data)

    @extend_schema(
        request=IntentionIn, responses={201: IntentionOut}, operation_id="lending_payment_intend", tags=["lending"]
    )
    def post(self, request: Request, loan_id: UUID) -> Response:
        """Keep what is about to be paid, and get the way to pay it. Nothing is booked before the money is there."""
        loan = selectors.visible_loan(user=signed_in(request), loan_id=loan_id)
        asked = IntentionIn(data=request.data)
        asked.is_valid(raise_exception=True)
        amount = asked.validated_data["amount"]
        made = services.intend_payment(loan_id=loan.uuid, amount=amount, by=signed_in(request), at=now())
        return Response(IntentionOut(Intention(made, arrived=False)).data, status=201)
