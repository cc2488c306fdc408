"""Programs are counted as they come and go; their people read what was counted."""

import re
import time
from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import selectors
from accounts.models import ApiKey
from accounts.permissions import Capability, can, require, signed_in
from accounts.services import usage as counting
from creditiq.kernel.clock import IST, now

Answer = Callable[[HttpRequest], HttpResponseBase]
OVERSEE = Capability.OVERSEE_KEYS
LONGEST_OPERATION = 160
PLACE = re.compile(r"<(?:\w+:)?(\w+)>")
"""A place in a path, which the description writes in braces."""


class CountedCalls:
    """Counts every call that came with a good key, refused ones too."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began = time.perf_counter()
        response = self.get_response(request)
        key = getattr(request, "auth", None)
        if isinstance(key, ApiKey):
            self._count(key, request, response, (time.perf_counter() - began) * 1000)
        return response

    @staticmethod
    def _count(key: ApiKey, request: HttpRequest, response: HttpResponseBase, took: float) -> None:
        if key.is_test:
            response["Sandbox"] = "true"
        if request.resolver_match is not None:
            path = PLACE.sub(r"{\1}", request.resolver_match.route)
            operation = f"{request.method} /{path}"[:LONGEST_OPERATION]
            today = now().astimezone(IST).date()
            counting.count_call(call=counting.Call(key.pk, today, operation, response.status_code, took))


class TallyOut(serializers.Serializer[object]):
    name = serializers.CharField(help_text="the day or the operation; empty for the total")
    calls = serializers.IntegerField()
    client_errors = serializers.IntegerField(help_text="answered 4xx")
    server_errors = serializers.IntegerField(help_text="answered 5xx")
    p50_ms = serializers.IntegerField(allow_null=True, help_text="upper bound, milliseconds")
    p95_ms = serializers.IntegerField(allow_null=True)
    p99_ms = serializers.IntegerField(allow_null=True)


class UsedKeyOut(serializers.Serializer[object]):
    id = serializers.UUIDField(source="key.uuid")
    name = serializers.CharField(source="key.name")
    prefix = serializers.CharField(source="key.prefix")
    calls = serializers.IntegerField()
    last_used_at = serializers.DateTimeField(source="key.last_used_at", allow_null=True)


class UsageOut(serializers.Serializer[object]):
    since = serializers.DateField()
    until = serializers.DateField()
    total = TallyOut()
    days = TallyOut(many=True)
    operations = TallyOut(many=True)
    keys = UsedKeyOut(many=True)


class SpanIn(serializers.Serializer[object]):
    days = serializers.IntegerField(min_value=1, max_value=90, default=30)
    scope = serializers.ChoiceField(choices=["own", "all"], default="own")


DAYS = OpenApiParameter("days", int, description="1 to 90, today included; 30 when left out")
SCOPE = OpenApiParameter(
    "scope", enum=["own", "all"], description="all: every key of your organisation, for who oversees it"
)


class Analytics(APIView):
    @extend_schema(responses=UsageOut, operation_id="analytics_read", tags=["keys"], parameters=[DAYS, SCOPE])
    def get(self, request: Request) -> Response:
        """What your keys did, by day and operation; counted within a quarter of a minute."""
        asked = SpanIn(data=request.query_params)
        asked.is_valid(raise_exception=True)
        span, everybody = asked.validated_data["days"], asked.validated_data["scope"] == "all"
        if everybody:
            require(request.user, OVERSEE)
        used = selectors.usage(user=signed_in(request), at=now(), days=span, oversees=everybody)
        return Response(UsageOut(used).data)


class KeyAnalytics(APIView):
    @extend_schema(responses=UsageOut, operation_id="analytics_of_key", tags=["keys"], parameters=[DAYS])
    def get(self, request: Request, key_id: UUID) -> Response:
        """What one key did."""
        asked = SpanIn(data=request.query_params)
        asked.is_valid(raise_exception=True)
        person, span = signed_in(request), asked.validated_data["days"]
        used = selectors.usage(user=person, at=now(), days=span, key_id=key_id, oversees=can(person, OVERSEE))
        return Response(UsageOut(used).data)
