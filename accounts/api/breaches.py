"""Breaches of personal data, for the programs of the platform's administrators."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models.breaches import BreachState
from accounts.permissions import Capability, HasCapability, require_step_up, signed_in
from accounts.selectors.breaches import BreachPage, breach_page, breaches
from accounts.services import breaches as acts
from creditiq.kernel.cards import FREE_TEXT
from creditiq.kernel.clock import now
from creditiq.kernel.moments import MomentField
from creditiq.kernel.pages import in_pages, page_of

TAGS = ["admin"]
FACTS = tuple(acts.BreachFacts.__dataclass_fields__)
ACTS = {
    "tell_people": acts.tell_affected,
    "tell_board": acts.tell_board,
    "report": acts.report_breach,
    "close": acts.close_breach,
}


def _text(length: int, *, required: bool = True) -> serializers.CharField:
    return serializers.CharField(max_length=length, required=required, allow_blank=not required, validators=FREE_TEXT)


class BreachFactsIn(serializers.Serializer[object]):
    title = _text(120)
    nature = _text(2000)
    happened_at = MomentField()
    place = _text(200)
    impact = _text(2000)
    measures = _text(2000)
    advice = _text(1000)
    contact = _text(200)
    cause = _text(2000, required=False)
    prevention = _text(2000, required=False)


class BreachIn(BreachFactsIn):
    noticed_at = MomentField(help_text="72 hours run from here")


class BreachPeopleIn(serializers.Serializer[object]):
    emails = serializers.ListField(
        child=serializers.CharField(max_length=254), min_length=1, help_text="* is everybody"
    )


class BreachActIn(serializers.Serializer[object]):
    act = serializers.ChoiceField(choices=list(ACTS))


class BreachListOut(serializers.Serializer[object]):
    id = serializers.UUIDField(source="uuid")
    title = serializers.CharField()
    state = serializers.ChoiceField(choices=BreachState.choices)
    noticed_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(help_text="72 hours after it was noticed")
    board_told_at = serializers.DateTimeField(allow_null=True)
    reported_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)


class BreachOut(serializers.Serializer[object]):
    breach = BreachListOut()
    people = serializers.IntegerField()
    told = serializers.IntegerField()
    hours_left = serializers.IntegerField()
    is_late = serializers.BooleanField()
    missing = serializers.ListField(child=serializers.CharField(), help_text="what must be done before the report")
    report = serializers.DictField(help_text="what the Board gets")
    report_digest = serializers.CharField()


class BreachPeopleOut(serializers.Serializer[object]):
    named = serializers.IntegerField()


def _shown(page: BreachPage) -> dict[str, object]:
    found = page.breach
    more = {"missing": acts.missing_of(found), "report": acts.report_of(found), "report_digest": found.report_digest}
    return {**BreachOut({**vars(page), **more}).data}


class Breaches(APIView):
    permission_classes = (HasCapability,)
    capability = Capability.VIEW_ADMIN

    @extend_schema(responses=page_of(BreachListOut), operation_id="breaches_list", tags=TAGS)
    def get(self, request: Request) -> Response:
        """Every breach, the newest first."""
        return in_pages(request, breaches(), BreachListOut)

    @extend_schema(request=BreachIn, responses={201: BreachOut}, operation_id="breach_record", tags=TAGS)
    def post(self, request: Request) -> Response:
        """Put a breach on record; the clock starts."""
        form = BreachIn(data=request.data)
        form.is_valid(raise_exception=True)
        facts = acts.BreachFacts(**{name: form.validated_data[name] for name in FACTS if name in form.validated_data})
        noticed = form.validated_data["noticed_at"]
        made = acts.record_breach(facts=facts, noticed_at=noticed, by=signed_in(request), at=now())
        return Response(_shown(breach_page(breach_id=made.uuid, at=now())), status=201)


class OneBreach(APIView):
    permission_classes = (HasCapability,)
    capability = Capability.VIEW_ADMIN

    @extend_schema(responses=BreachOut, operation_id="breach_read", tags=TAGS)
    def get(self, request: Request, breach_id: UUID) -> Response:
        """One of them with its clock and the report as it stands."""
        return Response(_shown(breach_page(breach_id=breach_id, at=now())))

    @extend_schema(request=BreachFactsIn(partial=True), responses=BreachOut, operation_id="breach_correct", tags=TAGS)
    def patch(self, request: Request, breach_id: UUID) -> Response:
        """Say more, or better, before the report."""
        kept = breach_page(breach_id=breach_id, at=now()).breach
        form = BreachFactsIn(data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        facts = acts.BreachFacts(**{**{name: getattr(kept, name) for name in FACTS}, **form.validated_data})
        acts.correct_breach(breach_id=breach_id, facts=facts, by=signed_in(request), at=now())
        return Response(_shown(breach_page(breach_id=breach_id, at=now())))


class AffectedPeople(APIView):
    permission_classes = (HasCapability,)
    capability = Capability.CONFIGURE

    @extend_schema(request=BreachPeopleIn, responses=BreachPeopleOut, operation_id="breach_people", tags=TAGS)
    def post(self, request: Request, breach_id: UUID) -> Response:
        """Say whom it touches."""
        form = BreachPeopleIn(data=request.data)
        form.is_valid(raise_exception=True)
        emails = form.validated_data["emails"]
        named = acts.name_affected(breach_id=breach_id, emails=emails, by=signed_in(request), at=now())
        return Response(BreachPeopleOut({"named": named}).data)


class BreachActs(APIView):
    permission_classes = (HasCapability,)
    capability = Capability.CONFIGURE

    @extend_schema(request=BreachActIn, responses=BreachOut, operation_id="breach_act", tags=TAGS)
    def post(self, request: Request, breach_id: UUID) -> Response:
        """Tell the people, tell the Board, report (confirm that it is you first), close."""
        form = BreachActIn(data=request.data)
        form.is_valid(raise_exception=True)
        if form.validated_data["act"] == "report":
            require_step_up(request, now())
        ACTS[form.validated_data["act"]](breach_id=breach_id, by=signed_in(request), at=now())
        return Response(_shown(breach_page(breach_id=breach_id, at=now())))
