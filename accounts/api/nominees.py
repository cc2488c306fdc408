"""One's nominee, for programs of one's own session."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import signed_in
from accounts.services import nominees
from creditiq.kernel.cards import FREE_TEXT
from creditiq.kernel.clock import now


class NomineeIn(serializers.Serializer[object]):
    name = serializers.CharField(max_length=120, validators=FREE_TEXT)
    relation = serializers.CharField(max_length=60, validators=FREE_TEXT, help_text="such as spouse")
    contact = serializers.CharField(max_length=200, validators=FREE_TEXT, help_text="e-mail, phone or address")


class NomineeOut(serializers.Serializer[object]):
    name = serializers.CharField()
    relation = serializers.CharField()
    contact = serializers.CharField()


class KeptNomineeOut(serializers.Serializer[object]):
    nominee = NomineeOut(allow_null=True)
    since = serializers.DateTimeField(allow_null=True)


class OwnNominee(APIView):
    @extend_schema(responses=KeptNomineeOut, operation_id="nominee_read", tags=["account life"])
    def get(self, request: Request) -> Response:
        """Who exercises your rights over your data when you cannot."""
        person = signed_in(request)
        kept = {"nominee": nominees.nominee_of(person), "since": person.nominee_since}
        return Response(KeptNomineeOut(kept).data)

    @extend_schema(request=NomineeIn, responses=KeptNomineeOut, operation_id="nominee_name", tags=["account life"])
    def put(self, request: Request) -> Response:
        """Name somebody, in the place of whoever was named before."""
        form = NomineeIn(data=request.data)
        form.is_valid(raise_exception=True)
        named = nominees.Nominee(**form.validated_data)
        person = nominees.name_nominee(user=signed_in(request), nominee=named, at=now())
        return Response(KeptNomineeOut({"nominee": named, "since": person.nominee_since}).data)

    @extend_schema(request=None, responses={204: None}, operation_id="nominee_withdraw", tags=["account life"])
    def delete(self, request: Request) -> Response:
        """Name nobody."""
        nominees.withdraw_nominee(user=signed_in(request), at=now())
        return Response(status=204)
