"""What people do with an application besides its steps and decisions: take it, read it, conditions, papers, payment."""

from collections.abc import Mapping
from typing import ClassVar
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import Capability, HasCapability, may_call, require_step_up, signed_in
from creditiq.kernel.clock import now
from creditiq.kernel.errors import NotVisible
from lending import selectors
from lending.api import casework_shapes as shapes
from lending.api.serializers import ApplicationOut
from lending.models import LoanApplication
from lending.selectors.casework import casework, visible_order, what_if
from lending.selectors.followed import followed, paper_of
from lending.services import papers, paying_out, reviewing

_C = Capability


class ByMethod(BasePermission):
    """The view names in `capabilities` who may call each method; any one of them is enough."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Which applications is the selectors' business."""
        table: Mapping[str, tuple[Capability, ...]] = getattr(view, "capabilities", {})
        method = request.method or ""
        return any(may_call(request.user, one, method) for one in table.get(method, ()))


class Claims(APIView):
    """Take a case."""

    permission_classes = (HasCapability,)
    capability = _C.RECOMMEND

    @extend_schema(
        request=shapes.CaseClaimIn, responses=shapes.TakenOut, operation_id="applications_claim", tags=["lending"]
    )
    def post(self, request: Request, application_id: UUID) -> Response:
        """Take a case nobody has, as it was at the version read. 409 when somebody was quicker."""
        seen = _seen(request, application_id)
        asked = shapes.CaseClaimIn(data=request.data)
        asked.is_valid(raise_exception=True)
        version = asked.validated_data["version"]
        taken = reviewing.claim(application_id=seen.uuid, version=version, by=signed_in(request), at=now())
        return Response(shapes.TakenOut(taken).data)


class Assignments(APIView):
    """Give cases to an officer."""

    permission_classes = (HasCapability,)
    capability = _C.VIEW_QUEUE

    @extend_schema(
        request=shapes.AssignIn, responses=shapes.AssignedOut, operation_id="applications_assign", tags=["lending"]
    )
    def post(self, request: Request) -> Response:
        """Give up to fifty open cases to a loan officer of the bank, all or none."""
        asked = shapes.AssignIn(data=request.data)
        asked.is_valid(raise_exception=True)
        values = asked.validated_data
        count = reviewing.assign(
            application_ids=values["applications"], to=values["officer"], by=signed_in(request), at=now()
        )
        return Response(shapes.AssignedOut({"assigned": count}).data)


class CreditReviews(APIView):
    """A credit analyst's memo."""

    permission_classes = (HasCapability,)
    capability = _C.REVIEW_CREDIT

    @extend_schema(
        request=shapes.MemoIn, responses={201: ApplicationOut}, operation_id="applications_review", tags=["lending"]
    )
    def post(self, request: Request, application_id: UUID) -> Response:
        """Read a recommended case for the person who decides."""
        seen = _seen(request, application_id)
        asked = shapes.MemoIn(data=request.data)
        asked.is_valid(raise_exception=True)
        note = asked.validated_data["note"]
        read = reviewing.review_credit(application_id=seen.uuid, note=note, by=signed_in(request), at=now())
        return Response(ApplicationOut(read).data, status=201)


class WhatIfs(APIView):
    """Another amount, term or security."""

    permission_classes = (HasCapability,)
    capability = _C.VIEW_QUEUE

    @extend_schema(
        request=shapes.TrialIn, responses=shapes.TrialOut, operation_id="applications_what_if", tags=["lending"]
    )
    def post(self, request: Request, application_id: UUID) -> Response:
        """What the policy would say; nothing is stored."""
        seen = _seen(request, application_id)
        asked = shapes.TrialIn(data=request.data)
        asked.is_valid(raise_exception=True)
        return Response(shapes.TrialOut(what_if(application=seen, at=now(), **asked.validated_data)).data)


class Conditions(APIView):
    """What has to be met before the payment."""

    permission_classes = (ByMethod,)
    capabilities: ClassVar = {"GET": (_C.VIEW_QUEUE, _C.APPLY), "POST": (_C.VIEW_QUEUE,)}

    @extend_schema(responses=shapes.ConditionOut(many=True), operation_id="applications_conditions", tags=["lending"])
    def get(self, request: Request, application_id: UUID) -> Response:
        """In the order they were set."""
        seen = _seen(request, application_id)
        return Response(shapes.ConditionOut(casework(seen, signed_in(request)).conditions, many=True).data)

    @extend_schema(
        request=shapes.ConditionIn,
        responses={201: shapes.ConditionOut},
        operation_id="applications_condition",
        tags=["lending"],
    )
    def post(self, request: Request, application_id: UUID) -> Response:
        """Set one; 409 once the application is decided."""
        seen = _seen(request, application_id)
        asked = shapes.ConditionIn(data=request.data)
        asked.is_valid(raise_exception=True)
        text = asked.validated_data["text"]
        made = reviewing.add_condition(application_id=seen.uuid, text=text, by=signed_in(request), at=now())
        return Response(shapes.ConditionOut(made).data, status=201)


class ConditionsMet(APIView):
    """A condition is met."""

    permission_classes = (HasCapability,)
    capability = _C.VIEW_QUEUE

    @extend_schema(
        request=None, responses=shapes.ConditionOut, operation_id="applications_condition_met", tags=["lending"]
    )
    def post(self, request: Request, condition_id: UUID) -> Response:
        """Say so; twice is harmless."""
        met = reviewing.meet_condition(condition_id=condition_id, by=signed_in(request), at=now())
        return Response(shapes.ConditionOut(met).data)


class Papers(APIView):
    """The papers of an application."""

    permission_classes = (ByMethod,)
    capabilities: ClassVar = {"GET": (_C.VIEW_QUEUE, _C.APPLY), "POST": (_C.APPLY,)}
    parser_classes = (MultiPartParser,)

    @extend_schema(responses=shapes.CasePaperOut(many=True), operation_id="applications_papers", tags=["lending"])
    def get(self, request: Request, application_id: UUID) -> Response:
        """Oldest first, each with its digest and who verified it."""
        seen = _seen(request, application_id)
        return Response(shapes.CasePaperOut(casework(seen, signed_in(request)).papers, many=True).data)

    @extend_schema(
        request={"multipart/form-data": shapes.PaperIn},
        responses={201: shapes.CasePaperOut},
        operation_id="applications_paper",
        tags=["lending"],
    )
    def post(self, request: Request, application_id: UUID) -> Response:
        """Keep a PDF, PNG or JPEG of up to 5 MB; the same file twice is one paper."""
        seen = _seen(request, application_id)
        asked = shapes.PaperIn(data=request.data)
        asked.is_valid(raise_exception=True)
        file = asked.validated_data["file"]
        kept = papers.attach_paper(
            application_id=seen.uuid, kind=asked.validated_data["kind"], name=file.name, content=file.read(),
            by=signed_in(request), at=now(),
        )  # fmt: skip
        return Response(shapes.CasePaperOut(kept).data, status=201)


class OnePaper(APIView):
    """A paper itself."""

    permission_classes = (ByMethod,)
    capabilities: ClassVar = {"GET": (_C.VIEW_QUEUE, _C.APPLY)}

    @extend_schema(
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
        operation_id="applications_paper_read",
        tags=["lending"],
    )
    def get(self, request: Request, paper_id: UUID) -> HttpResponse:
        """As it was given."""
        return paper_file(request, paper_id)


class PapersVerified(APIView):
    """A paper was held against its original."""

    permission_classes = (HasCapability,)
    capability = _C.RECOMMEND

    @extend_schema(
        request=None, responses=shapes.CasePaperOut, operation_id="applications_paper_verify", tags=["lending"]
    )
    def post(self, request: Request, paper_id: UUID) -> Response:
        """Say so; twice is harmless."""
        return Response(
            shapes.CasePaperOut(papers.verify_paper(paper_id=paper_id, by=signed_in(request), at=now())).data
        )


class StatementPaper(APIView):
    """The key fact statement on paper."""

    permission_classes = (ByMethod,)
    capabilities: ClassVar = {"GET": (_C.VIEW_QUEUE, _C.APPLY)}

    @extend_schema(
        responses={(200, "application/pdf"): OpenApiTypes.BINARY}, operation_id="applications_kfs_pdf", tags=["lending"]
    )
    def get(self, request: Request, application_id: UUID) -> HttpResponse:
        """The document that is accepted, as it was made."""
        require_step_up(request, now(), only_staff=True)
        view = followed(application=_seen(request, application_id), user=signed_in(request))
        if view.statement is None:
            raise NotVisible
        headers = {"Content-Disposition": f'attachment; filename="{view.statement.application.number}.pdf"'}
        return HttpResponse(bytes(view.statement.pdf), content_type="application/pdf", headers=headers)


class Payments(APIView):
    """The payment of an accepted offer."""

    permission_classes = (ByMethod,)
    capabilities: ClassVar = {"GET": (_C.VIEW_QUEUE,), "POST": (_C.SERVICE_LOANS,)}

    @extend_schema(
        responses=shapes.OrderedPaymentOut(many=True), operation_id="applications_payments", tags=["lending"]
    )
    def get(self, request: Request, application_id: UUID) -> Response:
        """Every payment prepared so far, newest first."""
        seen = _seen(request, application_id)
        return Response(shapes.OrderedPaymentOut(casework(seen, signed_in(request)).orders, many=True).data)

    @extend_schema(
        request=shapes.PaymentIn,
        responses={201: shapes.OrderedPaymentOut},
        operation_id="applications_payment",
        tags=["lending"],
    )
    def post(self, request: Request, application_id: UUID) -> Response:
        """Prepare it; somebody else releases it."""
        seen = _seen(request, application_id)
        asked = shapes.PaymentIn(data=request.data)
        asked.is_valid(raise_exception=True)
        to = paying_out.Beneficiary(**asked.validated_data)
        made = paying_out.order_payment(application_id=seen.uuid, to=to, by=signed_in(request), at=now())
        return Response(shapes.OrderedPaymentOut(made).data, status=201)


class PaymentAnswers(APIView):
    """The second person of a payment."""

    permission_classes = (HasCapability,)
    capability = _C.APPROVE_LOAN_ACTS

    @extend_schema(
        request=shapes.PaymentAnswerIn,
        responses=shapes.OrderedPaymentOut,
        operation_id="applications_payment_answer",
        tags=["lending"],
    )
    def post(self, request: Request, order_id: UUID) -> Response:
        """Release it through the gate (confirm yourself first), or send it back with a reason."""
        by, at = signed_in(request), now()
        visible_order(user=by, order_id=order_id, at=at)
        asked = shapes.PaymentAnswerIn(data=request.data)
        asked.is_valid(raise_exception=True)
        if asked.validated_data["release"]:
            require_step_up(request, at)
            paying_out.release_payment(order_id=order_id, by=by, at=at)
        else:
            paying_out.refuse_payment(order_id=order_id, note=asked.validated_data["note"], by=by, at=at)
        return Response(shapes.OrderedPaymentOut(visible_order(user=by, order_id=order_id, at=at)).data)


def paper_file(request: Request, paper_id: UUID) -> HttpResponse:
    """A paper the person may see; always to be saved, never shown inside our pages."""
    require_step_up(request, now(), only_staff=True)
    paper = paper_of(user=signed_in(request), paper_id=paper_id, at=now())
    headers = {"Content-Disposition": f'attachment; filename="{paper.file_name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(bytes(paper.content), content_type=paper.media_type, headers=headers)


def _seen(request: Request, application_id: UUID) -> LoanApplication:
    return selectors.visible_application(user=signed_in(request), application_id=application_id, at=now())
