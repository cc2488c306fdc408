"""Running loans over the API: read, pay, preview, what needs two people."""

from datetime import date
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import Capability, HasCapability, can, require, require_step_up, signed_in
from creditiq.kernel.clock import IST, now
from creditiq.kernel.errors import InvalidInput
from creditiq.kernel.pages import KeyedPages
from lending import selectors, services
from lending.api import loan_shapes as shapes
from lending.engine.book import NotPossible
from lending.engine.revisions import Keep
from lending.models import Loan


class SeesLoans(BasePermission):
    """Owners see their own, staff of a bank its loans."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """By capability; which loans is the selector's business."""
        return can(request.user, Capability.VIEW_LOANS) or can(request.user, Capability.VIEW_OWN_LOANS)


class NewestLoansFirst(KeyedPages):
    """Pages of loans."""

    ordering = ("-opened_at", "-pk")


class Loans(APIView):
    """The loans a person may see."""

    permission_classes = (SeesLoans,)

    @extend_schema(responses=shapes.LoanPageOut, operation_id="lending_loans", tags=["lending"])
    def get(self, request: Request) -> Response:
        """Newest first, in cursor pages of 50."""
        seen = Loan.objects.visible_to(signed_in(request)).select_related("business", "product")
        pages = NewestLoansFirst()
        rows = pages.paginate_queryset(seen, request, view=self)
        return pages.get_paginated_response(shapes.LoanOut(rows, many=True).data)


class OneLoan(APIView):
    """One loan with dues, schedule and provision."""

    permission_classes = (SeesLoans,)

    @extend_schema(responses=shapes.LoanViewOut, operation_id="lending_loan", tags=["lending"])
    def get(self, request: Request, loan_id: UUID) -> Response:
        """As of the last closed day and the payments since."""
        loan = _loan(request, loan_id)
        return Response(shapes.LoanViewOut(selectors.loan_view(loan=loan, user=signed_in(request))).data)


class Statements(APIView):
    """Every change of what is owed."""

    permission_classes = (SeesLoans,)

    @extend_schema(responses=shapes.StatementRowOut(many=True), operation_id="lending_loan_statement", tags=["lending"])
    def get(self, request: Request, loan_id: UUID) -> Response:
        """Oldest first, with the balance after each."""
        return Response(shapes.StatementRowOut(selectors.statement(_loan(request, loan_id)), many=True).data)


class Payoffs(APIView):
    """What closes a loan today."""

    permission_classes = (SeesLoans,)

    @extend_schema(responses=shapes.PayoffOut, operation_id="lending_loan_payoff", tags=["lending"])
    def get(self, request: Request, loan_id: UUID) -> Response:
        """Principal, interest to the day, charges, less what is kept already."""
        return Response(shapes.PayoffOut(selectors.payoff_quote(loan=_loan(request, loan_id), on=_today())).data)


class ClaimPacks(APIView):
    """What the guarantee trust asks for."""

    permission_classes = (HasCapability,)
    capability = Capability.VIEW_LOANS

    @extend_schema(
        responses={(200, "application/zip"): OpenApiTypes.BINARY}, operation_id="lending_claim_pack", tags=["lending"]
    )
    def get(self, request: Request, loan_id: UUID) -> HttpResponse:
        """A zip of the claim, the schedule, the statement, notices and contacts. 409 while nothing can be claimed."""
        require_step_up(request, now())
        name, content = services.claim_pack(loan_id=loan_id, by=signed_in(request), at=now())
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return HttpResponse(content, content_type="application/zip", headers=headers)


class Receipts(APIView):
    """Payments."""

    permission_classes = (HasCapability,)
    capability = Capability.SERVICE_LOANS

    @extend_schema(
        request=shapes.ReceiptIn, responses={201: shapes.ReceiptOut}, operation_id="lending_receipt", tags=["lending"]
    )
    def post(self, request: Request, loan_id: UUID) -> Response:
        """Book a payment of today; its reference is booked once."""
        asked = shapes.ReceiptIn(data=request.data)
        asked.is_valid(raise_exception=True)
        values = {**asked.validated_data, "keep": Keep(asked.validated_data["keep"])}
        made = services.record_receipt(loan_id=loan_id, paid=services.Paid(**values), by=signed_in(request), at=now())
        return Response(shapes.ReceiptOut(made).data, status=201)


class ReceiptPreviews(APIView):
    """What a payment would do."""

    permission_classes = (HasCapability,)
    capability = Capability.SERVICE_LOANS

    @extend_schema(
        request=shapes.PreviewIn, responses=shapes.PreviewOut, operation_id="lending_receipt_preview", tags=["lending"]
    )
    def post(self, request: Request, loan_id: UUID) -> Response:
        """Both orders of payment with the class each leaves; nothing is booked."""
        asked = shapes.PreviewIn(data=request.data)
        asked.is_valid(raise_exception=True)
        try:
            found = selectors.receipt_preview(loan=_loan(request, loan_id), on=_today(), **asked.validated_data)
        except NotPossible as refusal:
            raise InvalidInput(str(refusal), field="amount", rule="receipt.amount") from refusal
        return Response(shapes.PreviewOut(found).data)


class Requests(APIView):
    """Acts that need two people."""

    permission_classes = (HasCapability,)
    capability = Capability.SERVICE_LOANS

    @extend_schema(
        request=shapes.WishIn, responses={201: shapes.ProposalOut}, operation_id="lending_request", tags=["lending"]
    )
    def post(self, request: Request, loan_id: UUID) -> Response:
        """Ask for an act; the answer shows what it would change."""
        asked = shapes.WishIn(data=request.data)
        asked.is_valid(raise_exception=True)
        made = services.propose(
            loan_id=loan_id, wish=asked.wish, note=asked.validated_data["note"], by=signed_in(request), at=now()
        )
        return Response(shapes.ProposalOut(made).data, status=201)


class Answers(APIView):
    """The second person."""

    permission_classes = (HasCapability,)
    capability = Capability.APPROVE_LOAN_ACTS

    @extend_schema(
        request=shapes.AnswerIn, responses=shapes.ProposalOut, operation_id="lending_request_answer", tags=["lending"]
    )
    def post(self, request: Request, proposal_id: UUID) -> Response:
        """Approve, which carries the act out, or reject."""
        asked = shapes.AnswerIn(data=request.data)
        asked.is_valid(raise_exception=True)
        made = services.answer_proposal(
            proposal_id=proposal_id, **asked.validated_data, by=signed_in(request), at=now()
        )
        return Response(shapes.ProposalOut(made).data)


class Portfolio(APIView):
    """The book of loans as one."""

    permission_classes = (HasCapability,)
    capability = Capability.VIEW_PORTFOLIO

    @extend_schema(responses=shapes.PortfolioOut, operation_id="lending_portfolio", tags=["lending"])
    def get(self, request: Request) -> Response:
        """As of the last closed day, with the id of its snapshot."""
        return Response(shapes.PortfolioOut(selectors.portfolio(user=signed_in(request), on=_today())).data)


def _loan(request: Request, loan_id: UUID) -> Loan:
    person = signed_in(request)
    if not can(person, Capability.VIEW_OWN_LOANS):
        require(person, Capability.VIEW_LOANS)
    return selectors.visible_loan(user=person, loan_id=loan_id)


def _today() -> date:
    return now().astimezone(IST).date()
