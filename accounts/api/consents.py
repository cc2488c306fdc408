"""Consents over the API: ask, answer, take back, and see who looked."""

from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import selectors, services
from accounts.api.serializers import ConsentGrantIn, ConsentOut, ConsentRequestIn, ConsentUseOut, ConsentUsePageOut
from accounts.permissions import Capability, HasCapability, can, signed_in
from creditiq.kernel.clock import now
from creditiq.kernel.pages import KeyedPages, page_of


class SeesOrAsks(BasePermission):
    """Whoever has consents may list them; a loan officer may ask for one."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """By capability; which consents is the selector's business."""
        needed = Capability.REQUEST_CONSENT if request.method == "POST" else Capability.VIEW_CONSENTS
        return can(request.user, needed)


class ConsentPages(KeyedPages):
    ordering = "-pk"
    reads = staticmethod(int)


class Consents(APIView):
    permission_classes = (SeesOrAsks,)

    @extend_schema(responses=page_of(ConsentOut), operation_id="consents_list", tags=["consent"])
    def get(self, request: Request) -> Response:
        """Consents the caller may see, newest first."""
        pages = ConsentPages()
        rows = pages.paginate_queryset(selectors.consents_visible_to(signed_in(request)), request, self)
        return pages.get_paginated_response(ConsentOut(rows, many=True).data)

    @extend_schema(
        request=ConsentRequestIn, responses={201: ConsentOut}, operation_id="consent_request", tags=["consent"]
    )
    def post(self, request: Request) -> Response:
        """Ask a business to let your bank read its evidence; its owner answers."""
        asked = ConsentRequestIn(data=request.data)
        asked.is_valid(raise_exception=True)
        consent = services.request_consent(by=signed_in(request), at=now(), **asked.validated_data)
        return Response(ConsentOut(consent).data, status=201)


class Artefact(APIView):
    permission_classes = (HasCapability,)
    capability = Capability.VIEW_CONSENTS

    @extend_schema(responses=OpenApiTypes.OBJECT, operation_id="consent_artefact", tags=["consent"])
    def get(self, request: Request, consent_id: UUID) -> Response:
        """The consent as its receipt, in the words of the Account Aggregator consent detail."""
        return Response(selectors.consent_artefact(user=signed_in(request), consent_id=consent_id, at=now()))


class GrantConsent(APIView):
    permission_classes = (HasCapability,)
    capability = Capability.GRANT_CONSENT

    @extend_schema(request=ConsentGrantIn, responses=ConsentOut, operation_id="consent_grant", tags=["consent"])
    def post(self, request: Request, consent_id: UUID) -> Response:
        """Say yes to a request, or to less; an earlier consent to the same bank for the same purpose gives way."""
        given = ConsentGrantIn(data=request.data)
        given.is_valid(raise_exception=True)
        consent = services.grant_request(consent_id=consent_id, by=signed_in(request), at=now(), **given.validated_data)
        return Response(ConsentOut(consent).data)


class DenyConsent(APIView):
    permission_classes = (HasCapability,)
    capability = Capability.GRANT_CONSENT

    @extend_schema(request=None, responses=ConsentOut, operation_id="consent_deny", tags=["consent"])
    def post(self, request: Request, consent_id: UUID) -> Response:
        """Say no to a request."""
        consent = services.deny_request(consent_id=consent_id, by=signed_in(request), at=now())
        return Response(ConsentOut(consent).data)


class WithdrawConsent(APIView):
    permission_classes = (HasCapability,)
    capability = Capability.GRANT_CONSENT

    @extend_schema(request=None, responses=ConsentOut, operation_id="consent_withdraw", tags=["consent"])
    def post(self, request: Request, consent_id: UUID) -> Response:
        """Take a consent back, at once."""
        consent = services.withdraw_consent(consent_id=consent_id, by=signed_in(request), at=now())
        return Response(ConsentOut(consent).data)


class NewestUses(KeyedPages):
    """Pages of uses."""

    ordering = ("-at", "-pk")


class ConsentUses(APIView):
    permission_classes = (HasCapability,)
    capability = Capability.VIEW_CONSENTS

    @extend_schema(responses=ConsentUsePageOut, operation_id="consent_uses", tags=["consent"])
    def get(self, request: Request, consent_id: UUID) -> Response:
        """Every act that read evidence under the consent, newest first, in cursor pages of 50."""
        uses = selectors.consent_uses(user=signed_in(request), consent_id=consent_id)
        pages = NewestUses()
        rows = pages.paginate_queryset(uses, request, self)
        return pages.get_paginated_response(ConsentUseOut(rows, many=True).data)
