"""Operations of scoring."""

from collections.abc import Mapping
from uuid import UUID

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import Flag, FlagName, User
from accounts.permissions import ByKey, Capability, HasCapability, signed_in
from creditiq.kernel.clock import now
from creditiq.kernel.errors import NotVisible
from scoring import selectors, services
from scoring.api.serializers import (
    AsOfIn,
    PaperOut,
    RegistryOut,
    ScoreBatchIn,
    ScoreBatchRowOut,
    ScoreIn,
    ScoreTaskOut,
    SignalsOut,
    StepIn,
    VectorOut,
    VersionOut,
    VersionReportOut,
)
from scoring.engine.features import catalogue
from wallets import services as wallet_services


class RequestScore(APIView):
    """Ask for a score."""

    permission_classes = (HasCapability,)

    @property
    def capability(self) -> Capability:
        """To score a bundle of wallets is for those who link wallets; a business is for those who may ask."""
        body = self.request.data if isinstance(self.request.user, User) else {}
        about_wallets = isinstance(body, Mapping) and "wallets" in body
        return Capability.LINK_WALLETS if about_wallets else Capability.REQUEST_SCORE

    @extend_schema(request=ScoreIn, responses={202: ScoreTaskOut}, operation_id="score_request", tags=["score"])
    def post(self, request: Request) -> Response:
        """Queue a fresh score; poll, stream or listen for its task. 422 names the rule a GSTIN breaks.

        A bundle of wallets is scored at once; `Location` names the score, as under `onchain-scores`.
        """
        asked = ScoreIn(data=request.data)
        asked.is_valid(raise_exception=True)
        if "wallets" in asked.validated_data:
            return _of_wallets(request, asked.validated_data["wallets"])
        task = services.request_score_of_gstin(by=signed_in(request), at=now(), **asked.validated_data)
        address = reverse("api-score", args=[task.uuid])
        return Response(ScoreTaskOut(task).data, status=202, headers={"Location": address})


def _of_wallets(request: Request, wallets: list[UUID]) -> Response:
    if not Flag.objects.is_on(FlagName.BLOCKCHAIN):
        raise NotVisible
    made = wallet_services.score_wallets(wallet_ids=wallets, by=signed_in(request), at=now())
    address = reverse("api-onchain-score", args=[made.uuid])
    task = {"uuid": made.uuid, "gstin": "", "state": "complete" if made.value is not None else made.status}
    return Response(ScoreTaskOut(task).data, status=202, headers={"Location": address})


class RequestScoreByKey(RequestScore):
    """Ask for a score, as a program with an API key; the way in that older programs know."""

    permission_classes = (ByKey,)

    @extend_schema(request=ScoreIn, responses={202: ScoreTaskOut}, operation_id="score_request_by_key", tags=["score"])
    def post(self, request: Request) -> Response:
        """The same as POST score."""
        return super().post(request)


class RequestScores(APIView):
    """Ask for the scores of many."""

    permission_classes = (HasCapability,)
    capability = Capability.REQUEST_SCORE

    @extend_schema(
        request=ScoreBatchIn,
        responses={202: ScoreBatchRowOut(many=True)},
        operation_id="score_request_batch",
        tags=["score"],
    )
    def post(self, request: Request) -> Response:
        """At most 100, in the order asked; each is queued or refused by itself."""
        asked = ScoreBatchIn(data=request.data)
        asked.is_valid(raise_exception=True)
        rows = services.request_scores(by=signed_in(request), at=now(), **asked.validated_data)
        return Response(ScoreBatchRowOut(rows, many=True).data, status=202)


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
        """Measured from the evidence that was known at `as_of`, under the consents live then and now."""
        asked = AsOfIn(data=request.query_params)
        asked.is_valid(raise_exception=True)
        business = selectors.visible_business(user=signed_in(request), business_id=business_id)
        at = now()
        as_of = asked.validated_data.get("as_of") or at
        measured = services.read_features(business=business, as_of=as_of, by=signed_in(request), at=at)
        return Response(VectorOut(measured).data)


class BusinessPaper(APIView):
    """The points table's reading of one business."""

    permission_classes = (HasCapability,)
    capability = Capability.VIEW_SCORE

    @extend_schema(responses=PaperOut, operation_id="scorecard_read", tags=["score"])
    def get(self, request: Request, business_id: UUID) -> Response:
        """The newest score's vector read on the points table, bin by bin; 404 before the first number."""
        business = selectors.visible_business(user=signed_in(request), business_id=business_id)
        run = selectors.latest_run(business.pk)
        paper = selectors.paper_of(run) if run else None
        if paper is None:
            raise NotVisible
        return Response(PaperOut(paper).data)


class Versions(APIView):
    """Model versions."""

    permission_classes = (HasCapability,)
    capability = Capability.EXPLORE_SCORES

    @extend_schema(responses=VersionOut(many=True), operation_id="models_list", tags=["models"])
    def get(self, request: Request) -> Response:
        """Every version, the newest first."""
        return Response(VersionOut(selectors.versions(), many=True).data)


class Version(APIView):
    """One model version."""

    permission_classes = (HasCapability,)
    capability = Capability.EXPLORE_SCORES

    @extend_schema(responses=VersionReportOut, operation_id="models_read", tags=["models"])
    def get(self, request: Request, version: str) -> Response:
        """Figures, intervals, segments, fairness, drift, points table and card of a version."""
        return Response(VersionReportOut(selectors.version_report(version)).data)


class VersionSteps(APIView):
    """The life of a version."""

    permission_classes = (HasCapability,)
    capability = Capability.EXPLORE_SCORES

    @extend_schema(request=StepIn, responses=VersionOut, operation_id="models_step", tags=["models"])
    def post(self, request: Request, version: str) -> Response:
        """One step: 403 when the role lacks it, 409 when the state or the person does not allow it."""
        asked = StepIn(data=request.data)
        asked.is_valid(raise_exception=True)
        found = services.step_version(version=version, by=signed_in(request), at=now(), **asked.validated_data)
        return Response(VersionOut(found).data)


class Signals(APIView):
    """Signals against their training."""

    permission_classes = (HasCapability,)
    capability = Capability.EXPLORE_SCORES

    @extend_schema(responses=SignalsOut, operation_id="signals_list", tags=["models"])
    def get(self, request: Request) -> Response:
        """The newest weekly reading of the model in service, signal by signal."""
        return Response(SignalsOut(selectors.signal_page(family="")).data)
