"""Quotes on a running loan over the API: nothing is booked."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import signed_in
from creditiq.kernel.clock import IST, now
from creditiq.kernel.errors import InvalidInput
from lending import selectors
from lending.api.loan_shapes import money
from lending.api.loans import SeesLoans
from lending.engine.book import NotPossible
from lending.models import Loan


class PrepayIn(serializers.Serializer[object]):
    amount = serializers.DecimalField(max_digits=18, decimal_places=2, min_value=Decimal("0.01"))


class RateIn(serializers.Serializer[object]):
    percent = serializers.DecimalField(
        max_digits=6, decimal_places=3, min_value=Decimal("0.001"), max_value=Decimal(100)
    )


class QuoteRowOut(serializers.Serializer[object]):
    """An instalment to come."""

    n = serializers.IntegerField(source="number")
    due = serializers.DateField()
    principal = money()
    interest = money()


class WayOut(serializers.Serializer[object]):
    """One way: `keep` is tenor or instalment, empty for the loan as it is."""

    keep = serializers.CharField()
    instalment = money()
    rows = serializers.IntegerField()
    last_due = serializers.DateField()
    last = money()
    interest = money()
    saved = money()
    schedule = QuoteRowOut(many=True)


class LoanQuoteOut(serializers.Serializer[object]):
    """The loan as it is, and both ways it could be."""

    on = serializers.DateField()
    due = money()
    total = money()
    today = WayOut()
    ways = WayOut(many=True)


class PrepayQuotes(APIView):
    """A part prepayment."""

    permission_classes = (SeesLoans,)

    @extend_schema(request=PrepayIn, responses=LoanQuoteOut, operation_id="lending_prepay_quote", tags=["lending"])
    def post(self, request: Request, loan_id: UUID) -> Response:
        """Same end with smaller instalments, or same instalment with an earlier end, from today."""
        loan, asked = _loan(request, loan_id), PrepayIn(data=request.data)
        asked.is_valid(raise_exception=True)
        amount = asked.validated_data["amount"]
        return _answer("amount", lambda: selectors.prepay_quote(loan=loan, amount=amount, on=_today()))


class RateQuotes(APIView):
    """A new rate."""

    permission_classes = (SeesLoans,)

    @extend_schema(request=RateIn, responses=LoanQuoteOut, operation_id="lending_rate_quote", tags=["lending"])
    def post(self, request: Request, loan_id: UUID) -> Response:
        """Same end with another instalment, or same instalment with another end, from today."""
        loan, asked = _loan(request, loan_id), RateIn(data=request.data)
        asked.is_valid(raise_exception=True)
        percent = asked.validated_data["percent"]
        return _answer("percent", lambda: selectors.rate_quote(loan=loan, percent=percent, on=_today()))


def _answer(field: str, quote: Callable[[], selectors.LoanQuote]) -> Response:
    try:
        return Response(LoanQuoteOut(quote()).data)
    except NotPossible as refusal:
        raise InvalidInput(str(refusal), field=field, rule=f"quote.{field}") from refusal


def _loan(request: Request, loan_id: UUID) -> Loan:
    return selectors.visible_loan(user=signed_in(request), loan_id=loan_id)


def _today() -> date:
    return now().astimezone(IST).date()
