"""One's own data, for programs: requests and a copy."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import selectors, services
from accounts.models import DataRequestKind, DataRequestState
from accounts.permissions import require_step_up, signed_in
from creditiq.kernel.cards import FREE_TEXT
from creditiq.kernel.clock import now
from creditiq.kernel.pages import in_pages, page_of


class DataRequestIn(serializers.Serializer[object]):
    kind = serializers.ChoiceField(choices=DataRequestKind.choices)
    text = serializers.CharField(validators=FREE_TEXT, max_length=1000, required=False, default="", allow_blank=True)


class DataRequestOut(serializers.Serializer[object]):
    id = serializers.UUIDField(source="uuid")
    kind = serializers.ChoiceField(choices=DataRequestKind.choices)
    text = serializers.CharField()
    state = serializers.ChoiceField(choices=DataRequestState.choices)
    answer = serializers.CharField()
    asked_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(help_text="an answer comes by then")
    answered_at = serializers.DateTimeField(allow_null=True)


class DataRequests(APIView):
    @extend_schema(responses=page_of(DataRequestOut), operation_id="data_requests_list", tags=["account life"])
    def get(self, request: Request) -> Response:
        """The newest 50 things you asked about your data."""
        return in_pages(request, selectors.own_data_requests(user=signed_in(request)), DataRequestOut)

    @extend_schema(
        request=DataRequestIn, responses={201: DataRequestOut}, operation_id="data_request_open", tags=["account life"]
    )
    def post(self, request: Request) -> Response:
        """Ask for a correction or an erasure, or complain; the clock starts."""
        form = DataRequestIn(data=request.data)
        form.is_valid(raise_exception=True)
        kind, text = DataRequestKind(form.validated_data["kind"]), form.validated_data["text"]
        asked = services.ask_about_data(kind=kind, text=text, by=signed_in(request), at=now())
        return Response(DataRequestOut(asked).data, status=201)


class CopyData(APIView):
    keeps_answers = False

    @extend_schema(request=None, responses={200: OpenApiTypes.OBJECT}, operation_id="data_copy", tags=["account life"])
    def post(self, request: Request) -> Response:
        """Everything kept about you; confirm that it is you first."""
        require_step_up(request, now())
        return Response(services.copy_of_own_data(by=signed_in(request), at=now()))
