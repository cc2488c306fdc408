"""A stored score asked further: reasons in a language, waterfall, difference, history."""

from uuid import UUID

from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import Capability, HasCapability, signed_in
from creditiq.kernel.clock import now
from creditiq.kernel.pages import in_pages, page_of
from scoring import selectors, services

LONGEST_HISTORY = 1_000


class LanguageIn(serializers.Serializer[object]):
    language = serializers.CharField(
        required=False, max_length=10, help_text="en, hi, mr, ta, te or kn; the caller's language when left out."
    )


class ToldReasonOut(serializers.Serializer[object]):
    """One reason in words."""

    code = serializers.CharField()
    feature = serializers.CharField()
    title = serializers.CharField()
    sentence = serializers.CharField()
    advice = serializers.CharField()
    points = serializers.FloatField()
    direction = serializers.CharField()
    top = serializers.BooleanField()


class ToldRefusalOut(serializers.Serializer[object]):
    """The text that goes with an adverse decision: at most four reasons, each proven on the model."""

    above = serializers.CharField()
    reasons = ToldReasonOut(many=True)
    below = serializers.CharField()


class ReasonsOut(serializers.Serializer[object]):
    """Every reason of a score, and those an adverse decision may name."""

    language = serializers.CharField()
    reasons = ToldReasonOut(many=True)
    adverse_action = ToldRefusalOut()


class ToldPartOut(serializers.Serializer[object]):
    """One bar of the waterfall; percentile among healthy firms of the sector.

    `estimated` where similar businesses stand in for a missing value of a thin GST file: `value_text` says so.
    """

    feature = serializers.CharField()
    title = serializers.CharField()
    value_text = serializers.CharField()
    peer_text = serializers.CharField()
    points = serializers.FloatField()
    direction = serializers.CharField()
    percentile = serializers.IntegerField(allow_null=True)
    estimated = serializers.BooleanField()
    spread_text = serializers.CharField(help_text="How far the similar businesses differ; empty unless estimated.")


class WaterfallOut(serializers.Serializer[object]):
    """base_points + Σ points of parts = points; `percentile` of the score among the sector's firms."""

    language = serializers.CharField()
    base_points = serializers.FloatField()
    points = serializers.FloatField()
    score = serializers.IntegerField()
    percentile = serializers.IntegerField(allow_null=True)
    parts = ToldPartOut(many=True)


class ToldChangeOut(serializers.Serializer[object]):
    """A feature with its value before and after, and its share of the points."""

    feature = serializers.CharField()
    title = serializers.CharField()
    now_text = serializers.CharField()
    goal_text = serializers.CharField()
    points = serializers.FloatField()


class MoveOut(serializers.Serializer[object]):
    """time, evidence, model, policy or rounding; base + Σ points of changes = points."""

    kind = serializers.CharField()
    points = serializers.FloatField()
    base = serializers.FloatField()
    changes = ToldChangeOut(many=True)


class ScoreDifferenceOut(serializers.Serializer[object]):
    """Σ points of moves = total = second − first."""

    language = serializers.CharField()
    first = serializers.IntegerField()
    second = serializers.IntegerField()
    total = serializers.IntegerField()
    moves = MoveOut(many=True)


class PastOut(serializers.Serializer[object]):
    """One answer of the past; `events` name what else was new: model, policy, band."""

    score_id = serializers.UUIDField(source="uuid")
    as_of = serializers.DateTimeField()
    score = serializers.IntegerField(allow_null=True)
    band = serializers.CharField()
    model_version = serializers.CharField()
    change = serializers.IntegerField(allow_null=True)
    events = serializers.ListField(child=serializers.CharField())


class HistoryIn(serializers.Serializer[object]):
    business = serializers.UUIDField(help_text="A business you may see.")


class _Asked(APIView):
    """A score the caller may see."""

    permission_classes = (HasCapability,)
    capability = Capability.VIEW_SCORE


def _language(request: Request) -> str:
    asked = LanguageIn(data=request.query_params)
    asked.is_valid(raise_exception=True)
    return selectors.spoken(asked.validated_data.get("language") or get_language())


class Scores(_Asked):
    """The scores of a business."""

    @extend_schema(parameters=[HistoryIn], responses=page_of(PastOut), operation_id="scores_list", tags=["score"])
    def get(self, request: Request) -> Response:
        """The newest 24 answers with what was new at each."""
        asked = HistoryIn(data=request.query_params)
        asked.is_valid(raise_exception=True)
        business = selectors.visible_business(user=signed_in(request), business_id=asked.validated_data["business"])
        return in_pages(request, selectors.history(business.pk, most=LONGEST_HISTORY), PastOut, key="score_id")


class Reasons(_Asked):
    """Reasons in words."""

    @extend_schema(parameters=[LanguageIn], responses=ReasonsOut, operation_id="scores_reasons", tags=["score"])
    def get(self, request: Request, score_id: UUID) -> Response:
        """In one of six languages, with the adverse-action text. 409 while there is no number."""
        run, language = selectors.visible_run(user=signed_in(request), run_id=score_id), _language(request)
        refusal = selectors.told_refusal(run, services.refusal_reasons(run), language)
        told = {"language": language, "reasons": selectors.told_reasons(run, language), "adverse_action": refusal}
        return Response(ReasonsOut(told).data)


class Waterfall(_Asked):
    """Parts in words."""

    @extend_schema(parameters=[LanguageIn], responses=WaterfallOut, operation_id="scores_waterfall", tags=["score"])
    def get(self, request: Request, score_id: UUID) -> Response:
        """Every part of the score with the peers beside it. 409 while there is no number."""
        run, language = selectors.visible_run(user=signed_in(request), run_id=score_id), _language(request)
        parts = selectors.told_parts(run, language, services.percentiles(run))
        told = {
            "language": language,
            "base_points": run.base_points,
            "points": run.points,
            "score": run.score,
            "percentile": selectors.score_percentile(run),
            "parts": parts,
        }
        return Response(WaterfallOut(told).data)


class Difference(_Asked):
    """Two scores of one business."""

    @extend_schema(parameters=[LanguageIn], responses=ScoreDifferenceOut, operation_id="scores_diff", tags=["score"])
    def get(self, request: Request, score_id: UUID, against_id: UUID) -> Response:
        """Why the later differs from the earlier: time, evidence, model, policy, rounding, to the point."""
        first = selectors.visible_run(user=signed_in(request), run_id=score_id)
        second = selectors.visible_run(user=signed_in(request), run_id=against_id)
        language = _language(request)
        found = services.compare_runs(first, second, at=now())
        told = {
            "language": language,
            "first": found.first,
            "second": found.second,
            "total": found.total,
            "moves": selectors.told_difference(found, language),
        }
        return Response(ScoreDifferenceOut(told).data)
