"""Official sources over the API: connect, prove, watch, stop, end."""

from uuid import UUID

from axes.helpers import get_client_ip_address
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import Capability, HasCapability, require, signed_in
from accounts.selectors import visible_business
from creditiq.kernel.clock import now
from wallets import selectors, services
from wallets.api.connecting_serializers import (
    OfficialSourcesOut,
    SourceCodeIn,
    SourceConnectIn,
    SourceConnectionOut,
    SourcesIn,
)
from wallets.models import SourceConnection


def _told(connection: SourceConnection, status: int = 200) -> Response:
    return Response(SourceConnectionOut(selectors.source_card(connection, at=now())).data, status=status)


class Sources(APIView):
    """The official sources of a business."""

    permission_classes = (HasCapability,)
    capability = Capability.SHARE_EVIDENCE

    @extend_schema(
        parameters=[SourcesIn], responses=OfficialSourcesOut, operation_id="evidence_sources", tags=["evidence"]
    )
    def get(self, request: Request) -> Response:
        """Which sources this house has set up, and the latest connection to each."""
        asked = SourcesIn(data=request.query_params)
        asked.is_valid(raise_exception=True)
        by = signed_in(request)
        business = visible_business(user=by, gstin=asked.validated_data["gstin"])
        require(by, Capability.SHARE_EVIDENCE, business)
        return Response(OfficialSourcesOut(selectors.sources_page(business=business, at=now())).data)

    @extend_schema(
        request=SourceConnectIn,
        responses={202: SourceConnectionOut},
        operation_id="evidence_source_connect",
        tags=["evidence"],
    )
    def post(self, request: Request) -> Response:
        """Ask a source to let the business in: it sends a code, or the owner approves at the aggregator."""
        asked = SourceConnectIn(data=request.data)
        asked.is_valid(raise_exception=True)
        values, by, at = asked.validated_data, signed_in(request), now()
        business = visible_business(user=by, gstin=values["gstin"])
        address = get_client_ip_address(request._request) or "127.0.0.1"
        span = selectors.last_months(values["months"], at)
        wanted = services.SourceSignIn(values["provider"], values["handle"], span, address)
        return _told(services.connect_source(business=business, wanted=wanted, by=by, at=at), status=202)


class OneSource(APIView):
    """One connection to a source."""

    permission_classes = (HasCapability,)
    capability = Capability.SHARE_EVIDENCE

    @extend_schema(responses=SourceConnectionOut, operation_id="evidence_source_read", tags=["evidence"])
    def get(self, request: Request, connection_id: UUID) -> Response:
        """How far it is, and what it brought."""
        return _told(selectors.visible_connection(user=signed_in(request), connection_id=connection_id))

    @extend_schema(responses=SourceConnectionOut, operation_id="evidence_source_end", tags=["evidence"])
    def delete(self, request: Request, connection_id: UUID) -> Response:
        """Forget the sign-in at the source; what was fetched stays."""
        return _told(services.end_connection(connection_id=connection_id, by=signed_in(request), at=now()))


class SourceCode(APIView):
    """The code of a sign-in."""

    permission_classes = (HasCapability,)
    capability = Capability.SHARE_EVIDENCE

    @extend_schema(
        request=SourceCodeIn,
        responses={202: SourceConnectionOut},
        operation_id="evidence_source_code",
        tags=["evidence"],
    )
    def post(self, request: Request, connection_id: UUID) -> Response:
        """Sign in with the code; fetching begins."""
        asked = SourceCodeIn(data=request.data)
        asked.is_valid(raise_exception=True)
        by, code = signed_in(request), asked.validated_data["code"]
        return _told(services.confirm_otp(connection_id=connection_id, code=code, by=by, at=now()), status=202)


class SourceApproved(APIView):
    """Back from the aggregator."""

    permission_classes = (HasCapability,)
    capability = Capability.SHARE_EVIDENCE

    @extend_schema(
        request=None, responses={202: SourceConnectionOut}, operation_id="evidence_source_approved", tags=["evidence"]
    )
    def post(self, request: Request, connection_id: UUID) -> Response:
        """Look whether the owner approved; then fetching begins."""
        made = services.return_from_consent(connection_id=connection_id, by=signed_in(request), at=now())
        return _told(made, status=202)


class SourceFetch(APIView):
    """Going on."""

    permission_classes = (HasCapability,)
    capability = Capability.SHARE_EVIDENCE

    @extend_schema(
        request=None, responses={202: SourceConnectionOut}, operation_id="evidence_source_fetch", tags=["evidence"]
    )
    def post(self, request: Request, connection_id: UUID) -> Response:
        """Go on with a fetching that was stopped or failed, where it was."""
        return _told(services.ask_fetch(connection_id=connection_id, by=signed_in(request), at=now()), status=202)


class SourceStop(APIView):
    """Stopping."""

    permission_classes = (HasCapability,)
    capability = Capability.SHARE_EVIDENCE

    @extend_schema(request=None, responses=SourceConnectionOut, operation_id="evidence_source_stop", tags=["evidence"])
    def post(self, request: Request, connection_id: UUID) -> Response:
        """Stop after the document that is under way; what is here stays."""
        return _told(services.stop_fetch(connection_id=connection_id, by=signed_in(request), at=now()))
