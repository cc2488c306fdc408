"""Operations of scoring."""

from uuid import UUID

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import ByKey, Capability, HasCapability, signed_in
from creditiq.kernel.clock import now
from scoring import selectors, services
from scoring.api.serializers import AsOfIn, RegistryOut, ScoreIn, ScoreTaskOut, VectorOut
from scoring.engine.features import catalogue


class RequestScore(APIView):
    """Ask for a score."""

    permission_classes = (HasCapability,)
    capability = Capability.REQUEST_SCORE

    @extend_schema(request=ScoreIn, responses={202: ScoreTaskOut}, operation_id="score_request", tags=["score"])
    def post(self, request: Request) -> Response:
        """Queue a fresh score; poll, stream or listen for its task. 422 names the rule a GSTIN breaks."""
        asked = ScoreIn(data=request.data)
        asked.is_valid(raise_exception=True)
        task = services.request_score_of_gstin(by=signed_in(request), at=now(), **asked.validated_data)
        address = reverse("api-score", args=[task.uuid])
        return Response(ScoreTaskOut(task).data, status=202, headers={"Location": address})


class RequestScoreByKey(RequestScore):
    """Ask for a score, as a program with an API key; the way in that older programs know."""

    permission_classes = (ByKey,)

    @extend_schema(request=ScoreIn, responses={202: ScoreTaskOut}, operation_id="score_request_by_key", tags=["score"])
    def post(self, request: Request) -> Response:
        """The same as POST score."""
        return super().post(request)


class Registry(APIView):
    """The catalogue of features."""

    permission_classes = (HasCapability,)
    capability = Capability.VIEW_SCORE

    @extend_schema(responses=RegistryOut, operation_id="features_list", tags=["features"])
    def get(self, request: Request) -> Response:
        """Every feature with its definition, unit, direction of risk and digest."""
        return Response(RegistryOut({"lock": catalogue.lock_digest(), "features": catalogue.entries()}).data)


class BusinessFeatures(APIView):
    """The vector of one business."""

    permission_classes = (HasCapability,)
    capability = Capability.VIEW_EVIDENCE

    @extend_schema(parameters=[AsOfIn], responses=VectorOut, operation_id="features_read", tags=["features"])
    def get(self, request: Request, business_id: UUID) -> Response:
        """Measured from the evidence that was known at `as_of`, under the consent live then."""
        asked = AsOfIn(data=request.query_params)
        asked.is_valid(raise_exception=True)
        business = selectors.visible_business(user=signed_in(request), business_id=business_id)
        at = now()
        as_of = asked.validated_data.get("as_of") or at
        measured = services.read_features(business=business, as_of=as_of, by=signed_in(request), at=at)
        return Response(VectorOut(measured).data)
