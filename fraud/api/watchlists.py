"""Watchlists, screening runs, matches and verdicts over the API."""

from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import Capability, HasCapability, signed_in
from creditiq.kernel.cards import FREE_TEXT
from creditiq.kernel.clock import now
from creditiq.kernel.pages import KeyedPages, in_pages, page_of
from fraud import selectors, services
from fraud.api.serializers import PartyOut
from fraud.api.states import chosen_state
from fraud.models import Match, Verdict
from fraud.selectors.watchlists import TABS

STATE = OpenApiParameter("state", str, enum=[code for code, _ in TABS], default="open")


class WatchlistOut(serializers.Serializer[object]):
    name = serializers.CharField()
    version = serializers.CharField(help_text="First letters of the SHA-256 of its files.")
    digest = serializers.CharField()
    loaded_at = serializers.DateTimeField()
    entities = serializers.IntegerField()


class WatchlistsIn(serializers.Serializer[object]):
    files = serializers.ListField(
        child=serializers.FileField(), min_length=1, max_length=12, help_text="List files; ALT and ADD with their SDN."
    )


class DeltaOut(serializers.Serializer[object]):
    name = serializers.CharField(source="source.name")
    version = serializers.CharField()
    loaded_at = serializers.DateTimeField()
    added = serializers.ListField(child=serializers.CharField())
    changed = serializers.ListField(child=serializers.CharField())
    removed = serializers.ListField(child=serializers.CharField())


class RunOut(serializers.Serializer[object]):
    id = serializers.UUIDField(source="uuid")
    business = serializers.UUIDField(source="business.uuid", default=None, allow_null=True)
    at = serializers.DateTimeField()
    algorithm = serializers.CharField()
    threshold = serializers.FloatField()
    lists = serializers.DictField(child=serializers.CharField())
    subjects = serializers.IntegerField()
    hits = serializers.IntegerField()


class MatchOut(serializers.Serializer[object]):
    id = serializers.UUIDField(source="match.uuid")
    business = PartyOut(source="party")
    asked = serializers.CharField(source="match.asked")
    matched = serializers.CharField(source="match.matched")
    entity = serializers.CharField(source="match.entity.key")
    list = serializers.CharField(source="match.entity.source.name")
    probability = serializers.FloatField(source="match.probability")
    margin = serializers.FloatField(source="match.margin", help_text="Log-odds; orders the queue where floats tie.")
    features = serializers.DictField(source="match.features", help_text="measured, parts of the log-odds, words.")
    state = serializers.CharField(source="match.state")
    note = serializers.CharField(source="match.note")
    second_note = serializers.CharField(source="match.second_note")


class MatchPageOut(serializers.Serializer[object]):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = MatchOut(many=True)


class VerdictIn(serializers.Serializer[object]):
    verdict = serializers.ChoiceField(choices=Verdict.choices)
    note = serializers.CharField(validators=FREE_TEXT, max_length=2000)


class LikeliestFirst(KeyedPages):
    """Pages of matches."""

    ordering = ("-margin", "-pk")
    reads = float


class Watchlists(APIView):
    """The lists in force."""

    permission_classes = (HasCapability,)
    parser_classes = (MultiPartParser,)

    @property
    def capability(self) -> Capability:
        return Capability.WORK_FRAUD if self.request.method == "POST" else Capability.VIEW_FRAUD

    @extend_schema(responses=WatchlistOut(many=True), operation_id="fraud_watchlists_list", tags=["fraud"])
    def get(self, request: Request) -> Response:
        """By name."""
        return Response(WatchlistOut(selectors.watchlists(), many=True).data)

    @extend_schema(
        request={"multipart/form-data": WatchlistsIn}, responses={201: DeltaOut(many=True)},
        operation_id="fraud_watchlists_load", tags=["fraud"],
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """Takes files into force and answers what changed. Customers are held against what is new."""
        asked = WatchlistsIn(data=request.data)
        asked.is_valid(raise_exception=True)
        files = [(file.name, file.read()) for file in asked.validated_data["files"]]
        deltas = services.load_watchlists(files=files, at=now(), by=signed_in(request))
        return Response(DeltaOut(deltas, many=True).data, status=201)


class Runs(APIView):
    """When customers were held against lists."""

    permission_classes = (HasCapability,)
    capability = Capability.VIEW_FRAUD

    @extend_schema(responses=page_of(RunOut), operation_id="fraud_name_runs_list", tags=["fraud"])
    def get(self, request: Request) -> Response:
        """The latest fifty that concern businesses one may see, or everybody."""
        return in_pages(request, selectors.runs(user=signed_in(request), limit=1_000), RunOut)


class Matches(APIView):
    """Names that answer to a list."""

    permission_classes = (HasCapability,)
    capability = Capability.VIEW_FRAUD

    @extend_schema(parameters=[STATE], responses=MatchPageOut, operation_id="fraud_matches_list", tags=["fraud"])
    def get(self, request: Request) -> Response:
        """Likeliest first, in cursor pages of 50."""
        user = signed_in(request)
        rows = Match.objects.visible_to(user).in_state(chosen_state(request, TABS))
        pages = LikeliestFirst()
        shown = pages.paginate_queryset(rows.select_related("entity__source"), request, self) or []
        found = selectors.match_rows(list(shown), user)
        return pages.get_paginated_response(MatchOut(found, many=True).data)


class OneMatch(APIView):
    """A match with its explanation."""

    permission_classes = (HasCapability,)
    capability = Capability.VIEW_FRAUD

    @extend_schema(responses=MatchOut, operation_id="fraud_match_read", tags=["fraud"])
    def get(self, request: Request, match_id: UUID) -> Response:
        """Word by word, and what each kind of evidence adds to the log-odds."""
        return Response(MatchOut(selectors.match_view(user=signed_in(request), match_id=match_id)).data)


class Verdicts(APIView):
    """What people make of a match."""

    permission_classes = (HasCapability,)
    capability = Capability.WORK_FRAUD

    @extend_schema(request=VerdictIn, responses=MatchOut, operation_id="fraud_match_decide", tags=["fraud"])
    def post(self, request: Request, match_id: UUID) -> Response:
        """One person's verdict. true and false take a second, different person who agrees."""
        user = signed_in(request)
        selectors.match_view(user=user, match_id=match_id)
        asked = VerdictIn(data=request.data)
        asked.is_valid(raise_exception=True)
        verdict = Verdict(asked.validated_data["verdict"])
        services.decide_match(match_id=match_id, verdict=verdict, note=asked.validated_data["note"], by=user, at=now())
        return Response(MatchOut(selectors.match_view(user=user, match_id=match_id)).data)
