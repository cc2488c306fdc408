"""Rings, the graph and screenings over the API."""

from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import Capability, HasCapability, signed_in
from creditiq.kernel.clock import now
from creditiq.kernel.pages import KeyedPages
from fraud import selectors
from fraud.api import serializers as shapes
from fraud.api.states import chosen_state
from fraud.models import Ring
from fraud.selectors.queue import TABS

STATE = OpenApiParameter("state", str, enum=[code for code, _ in TABS], default="open")


class SurestFirst(KeyedPages):
    """Pages of rings."""

    ordering = ("-confidence", "-pk")
    reads = float


class Rings(APIView):
    """Rings with a member one may see."""

    permission_classes = (HasCapability,)
    capability = Capability.VIEW_FRAUD

    @extend_schema(parameters=[STATE], responses=shapes.RingPageOut, operation_id="fraud_rings_list", tags=["fraud"])
    def get(self, request: Request) -> Response:
        """Surest first, in cursor pages of 50; `state` is the standing of the alert."""
        state = chosen_state(request, TABS)
        rings = Ring.objects.visible_to(signed_in(request)).in_state(state)
        pages = SurestFirst()
        shown = pages.paginate_queryset(rings, request, self) or []
        rows = selectors.rows_of(list(shown), signed_in(request))
        return pages.get_paginated_response(shapes.RingOut(rows, many=True).data)


class OneRing(APIView):
    """A ring with its evidence."""

    permission_classes = (HasCapability,)
    capability = Capability.VIEW_FRAUD

    @extend_schema(responses=shapes.RingDetailOut, operation_id="fraud_ring_read", tags=["fraud"])
    def get(self, request: Request, ring_id: UUID) -> Response:
        """Members, the parts of the confidence, and who paid whom when."""
        return Response(shapes.RingDetailOut(selectors.ring_view(user=signed_in(request), ring_id=ring_id)).data)


class Graph(APIView):
    """The payment network."""

    permission_classes = (HasCapability,)
    capability = Capability.VIEW_FRAUD

    @extend_schema(parameters=[shapes.GraphIn], responses=shapes.GraphOut, operation_id="fraud_graph", tags=["fraud"])
    def get(self, request: Request) -> Response:
        """Businesses and what they paid each other, surest first, at most 300; `community` opens one of the groups.

        `steps` cut the days into a replay: every link names the steps in which money (or goods) moved.
        `communities` are all groups that passed the filter, in pages of 150, with the payments between them.
        """
        asked = shapes.GraphIn(data=request.query_params)
        asked.is_valid(raise_exception=True)
        values = asked.validated_data
        shown = selectors.Shown(flagged_only=values.pop("flagged"), **values)
        picture = selectors.topology(user=signed_in(request), shown=shown, at=now())
        return Response(shapes.GraphOut(picture).data)


class BusinessScreening(APIView):
    """The latest screening of a business."""

    permission_classes = (HasCapability,)
    capability = Capability.VIEW_FRAUD

    @extend_schema(responses=shapes.ScreeningOut, operation_id="fraud_screening_read", tags=["fraud"])
    def get(self, request: Request, business_id: UUID) -> Response:
        """The nine network values (null: missing), whether the search was complete, and the standing."""
        view = selectors.latest_screening(user=signed_in(request), business_id=business_id)
        return Response(shapes.ScreeningOut(view).data)
