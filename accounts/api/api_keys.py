"""One's own API keys, for programs that are signed in as a person: a key makes no keys."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import selectors, services
from accounts.permissions import KEY_SCOPES, require_step_up, signed_in
from creditiq.kernel.clock import now
from creditiq.kernel.pages import in_pages, page_of

SCOPES = [(scope.value, scope.value.replace("_", " ")) for scope in KEY_SCOPES]


class ApiKeyIn(serializers.Serializer[object]):
    name = serializers.CharField(max_length=60)
    sandbox = serializers.ChoiceField(
        choices=["", *services.STAND_INS],
        required=False,
        default="",
        help_text="a test key: who of the sandbox it acts as",
    )
    scopes = serializers.ListField(child=serializers.CharField(max_length=30), help_text="names of capabilities")
    days = serializers.IntegerField(required=False, default=90, help_text="until it runs out, 1 to 365")
    quota_per_day = serializers.IntegerField(required=False, default=10_000, help_text="calls per Indian day")
    addresses = serializers.ListField(
        child=serializers.CharField(max_length=43),
        required=False,
        default=list,
        help_text="addresses or networks that may use it; none: any",
    )


class ApiKeyOut(serializers.Serializer[object]):
    id = serializers.UUIDField(source="key.uuid")
    name = serializers.CharField(source="key.name")
    prefix = serializers.CharField(source="key.prefix")
    is_test = serializers.BooleanField(source="key.is_test", help_text="opens the sandbox and nothing else")
    scopes = serializers.ListField(source="key.scopes", child=serializers.CharField())
    addresses = serializers.ListField(source="key.addresses", child=serializers.CharField())
    quota_per_day = serializers.IntegerField(source="key.quota_per_day")
    calls_today = serializers.IntegerField(allow_null=True, help_text="null when the counter cannot be reached")
    is_live = serializers.BooleanField()
    created_at = serializers.DateTimeField(source="key.created_at")
    expires_at = serializers.DateTimeField(source="key.expires_at")
    revoked_at = serializers.DateTimeField(source="key.revoked_at", allow_null=True)
    last_used_at = serializers.DateTimeField(source="key.last_used_at", allow_null=True)


class MadeKeyOut(serializers.Serializer[object]):
    id = serializers.UUIDField(source="key.uuid")
    prefix = serializers.CharField(source="key.prefix")
    key = serializers.CharField(source="secret", help_text="the whole key; shown this once")
    expires_at = serializers.DateTimeField(source="key.expires_at")


def _once(made: services.MadeKey) -> Response:
    return Response(MadeKeyOut(made).data, status=201, headers={"Cache-Control": "no-store"})


class ApiKeys(APIView):
    keeps_answers = False

    @extend_schema(responses=page_of(ApiKeyOut), operation_id="keys_list", tags=["keys"])
    def get(self, request: Request) -> Response:
        """Your keys, the newest first, ended ones too; never the keys themselves."""
        return in_pages(request, selectors.own_keys(user=signed_in(request), at=now()), ApiKeyOut)

    @extend_schema(request=ApiKeyIn, responses={201: MadeKeyOut}, operation_id="keys_create", tags=["keys"])
    def post(self, request: Request) -> Response:
        """Make a key; confirm that it is you first."""
        form = ApiKeyIn(data=request.data)
        form.is_valid(raise_exception=True)
        require_step_up(request, now())
        given = form.validated_data
        terms = services.KeyTerms(**given | {"scopes": tuple(given["scopes"]), "addresses": tuple(given["addresses"])})
        return _once(services.create_key(terms=terms, by=signed_in(request), at=now()))


class OneApiKey(APIView):
    @extend_schema(responses={204: None}, operation_id="keys_revoke", tags=["keys"])
    def delete(self, request: Request, key_id: UUID) -> Response:
        """The key opens nothing from now on."""
        selectors.own_key(user=signed_in(request), key_id=key_id, at=now())
        require_step_up(request, now())
        services.revoke_key(key_id=key_id, by=signed_in(request), at=now())
        return Response(status=204)


class RotateApiKey(APIView):
    keeps_answers = False

    @extend_schema(request=None, responses={201: MadeKeyOut}, operation_id="keys_rotate", tags=["keys"])
    def post(self, request: Request, key_id: UUID) -> Response:
        """A new key on the same terms; the old one opens for 24 hours more."""
        selectors.own_key(user=signed_in(request), key_id=key_id, at=now())
        require_step_up(request, now())
        return _once(services.rotate_key(key_id=key_id, by=signed_in(request), at=now()))
