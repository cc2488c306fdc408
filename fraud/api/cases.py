"""Cases over the API: the read model of the pages, one act per request."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from accounts.permissions import Capability, HasCapability, can, signed_in
from creditiq.kernel.clock import now
from creditiq.kernel.errors import InvalidInput
from creditiq.kernel.pages import KeyedPages
from fraud import selectors, services
from fraud.api import work_serializers as shapes
from fraud.models import Case, CaseOutcome


@dataclass(frozen=True)
class Move:
    """One act in a case as it was asked for; which fields count depends on the act."""

    act: str
    text: str = ""
    target: str = ""
    until: datetime | None = None
    outcome: str = ""


class MostUrgentFirst(KeyedPages):
    """Pages of cases and disputes by the moment they are due."""

    ordering = ("due_at", "pk")


class NewestOpenedFirst(KeyedPages):
    """Pages of alerts."""

    ordering = ("-opened_at", "-pk")


class Alerts(APIView):
    """Alerts of both kinds."""

    permission_classes = (HasCapability,)
    capability = Capability.VIEW_FRAUD

    @extend_schema(responses=shapes.AlertPageOut, operation_id="fraud_alerts_list", tags=["fraud"])
    def get(self, request: Request) -> Response:
        """Newest first, in cursor pages of 50: of rings, and about businesses with a pattern or a rule."""
        pages = NewestOpenedFirst()
        rows = selectors.visible_alerts(signed_in(request)).select_related("ring", "business")
        shown = pages.paginate_queryset(rows, request, self) or []
        told = selectors.alert_rows(list(shown), signed_in(request))
        return pages.get_paginated_response(shapes.AlertOut(told, many=True).data)


class OneAlert(APIView):
    """An alert about a business."""

    permission_classes = (HasCapability,)
    capability = Capability.VIEW_FRAUD

    @extend_schema(responses=shapes.AlertDetailOut, operation_id="fraud_alert_read", tags=["fraud"])
    def get(self, request: Request, alert_id: UUID) -> Response:
        """What was found, its figures and the rows behind it; that of a ring is read with the ring."""
        view = services.inspect_alert(alert_id=alert_id, by=signed_in(request), at=now())
        return Response(shapes.AlertDetailOut(view).data)


class CapabilityByMethod(BasePermission):
    """Reading takes `capability`, writing takes `writing`."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        wanted = getattr(view, "capability" if request.method in SAFE_METHODS else "writing", None)
        return isinstance(wanted, Capability) and can(request.user, wanted)


class Cases(APIView):
    """Cases of one's organisation."""

    permission_classes = (CapabilityByMethod,)
    capability = Capability.VIEW_FRAUD
    writing = Capability.WORK_FRAUD

    @extend_schema(responses=shapes.FraudCasePageOut, operation_id="fraud_cases_list", tags=["fraud"])
    def get(self, request: Request) -> Response:
        """Most urgent first, in cursor pages of 50."""
        pages = MostUrgentFirst()
        rows = Case.objects.visible_to(signed_in(request)).select_related("assignee", "ring", "business", "person")
        shown = pages.paginate_queryset(rows, request, self) or []
        return pages.get_paginated_response(shapes.FraudCaseOut(shown, many=True).data)

    @extend_schema(
        request=shapes.FraudCaseIn, responses={201: shapes.FraudCaseOut}, operation_id="fraud_case_open", tags=["fraud"]
    )
    def post(self, request: Request) -> Response:
        """Open a case about a ring or a business; an unfinished one about the same ring is the answer."""
        asked = shapes.FraudCaseIn(data=request.data)
        asked.is_valid(raise_exception=True)
        about = services.About(asked.validated_data.get("ring"), asked.validated_data.get("business"))
        return Response(
            shapes.FraudCaseOut(services.open_case(about=about, by=signed_in(request), at=now())).data, status=201
        )


class NextCase(APIView):
    """The most urgent case nobody works on."""

    permission_classes = (HasCapability,)
    capability = Capability.WORK_FRAUD

    @extend_schema(request=None, responses=shapes.FraudCaseOut, operation_id="fraud_case_next", tags=["fraud"])
    def post(self, request: Request) -> Response:
        """Take it, or open one from the next alert; a conflict when nothing waits."""
        return Response(shapes.FraudCaseOut(services.take_next(by=signed_in(request), at=now())).data)


class OneCase(APIView):
    """One case."""

    permission_classes = (HasCapability,)
    capability = Capability.VIEW_FRAUD

    @extend_schema(responses=shapes.FraudCaseDetailOut, operation_id="fraud_case_read", tags=["fraud"])
    def get(self, request: Request, case_id: UUID) -> Response:
        """The case with its trail and links."""
        view = selectors.case_view(user=signed_in(request), case_id=case_id, at=now())
        return Response(shapes.FraudCaseDetailOut(view).data)


class CaseActs(APIView):
    """What people do in a case."""

    permission_classes = (HasCapability,)
    capability = Capability.WORK_FRAUD

    @extend_schema(
        request=shapes.CaseActIn, responses=shapes.FraudCaseOut, operation_id="fraud_case_act", tags=["fraud"]
    )
    def post(self, request: Request, case_id: UUID) -> Response:
        """Take, assign to a colleague, note, link, snooze, propose to close, confirm the closing or send it back."""
        asked = shapes.CaseActIn(data=request.data)
        asked.is_valid(raise_exception=True)
        by, at = signed_in(request), now()
        move = Move(**asked.validated_data)
        ACTS[move.act](case_id, move, by, at)
        return Response(shapes.FraudCaseOut(selectors.case_view(user=by, case_id=case_id, at=at).case).data)


def _take(case_id: UUID, _: Move, by: User, at: datetime) -> object:
    return services.assign_case(case_id=case_id, to=by.uuid, by=by, at=at)


def _assign(case_id: UUID, move: Move, by: User, at: datetime) -> object:
    try:
        to = UUID(move.target)
    except ValueError as problem:
        raise InvalidInput("Name the person by id.", field="target", rule="case.assignee") from problem
    return services.assign_case(case_id=case_id, to=to, by=by, at=at)


def _note(case_id: UUID, move: Move, by: User, at: datetime) -> object:
    return services.note_in_case(case_id=case_id, text=move.text, by=by, at=at)


def _link(case_id: UUID, move: Move, by: User, at: datetime) -> object:
    return services.link_case(case_id=case_id, target=move.target, why=move.text, by=by, at=at)


def _snooze(case_id: UUID, move: Move, by: User, at: datetime) -> object:
    return services.snooze_case(case_id=case_id, until=move.until or at, reason=move.text, by=by, at=at)


def _propose(case_id: UUID, move: Move, by: User, at: datetime) -> object:
    closing = services.Closing(CaseOutcome(move.outcome), move.text)
    return services.propose_closing(case_id=case_id, closing=closing, by=by, at=at)


def _answer(case_id: UUID, move: Move, by: User, at: datetime) -> object:
    agreed = move.act == "agree"
    return services.answer_closing(case_id=case_id, agreed=agreed, note=move.text, by=by, at=at)


ACTS: Mapping[str, Callable[[UUID, Move, User, datetime], object]] = {
    "take": _take, "assign": _assign, "note": _note, "link": _link, "snooze": _snooze, "propose": _propose,
    "agree": _answer, "return": _answer,
}  # fmt: skip
