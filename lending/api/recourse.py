"""What would make a score better, and what that would be worth in rupees."""

from uuid import UUID

from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import Capability, HasCapability, signed_in
from creditiq.kernel.clock import now
from lending import selectors
from scoring import selectors as scoring
from scoring import services as scores


class SpokenIn(serializers.Serializer[object]):
    language = serializers.CharField(required=False, max_length=10, help_text="en, hi, mr, ta, te or kn.")


class WorthOut(serializers.Serializer[object]):
    """Rupees that could be borrowed by today's policy, now and then; an estimate, not an offer."""

    working_capital = serializers.DecimalField(max_digits=18, decimal_places=2)
    working_capital_after = serializers.DecimalField(max_digits=18, decimal_places=2)
    term_loan = serializers.DecimalField(max_digits=18, decimal_places=2)
    term_loan_after = serializers.DecimalField(max_digits=18, decimal_places=2)
    gain = serializers.DecimalField(max_digits=18, decimal_places=2)


class PlannedChangeOut(serializers.Serializer[object]):
    feature = serializers.CharField()
    title = serializers.CharField()
    now_text = serializers.CharField()
    goal_text = serializers.CharField()


class RecourseStepOut(serializers.Serializer[object]):
    """Changes that happen together; `gain` on top of the steps before."""

    changes = PlannedChangeOut(many=True)
    months = serializers.IntegerField()
    gain = serializers.FloatField()


class RecourseOut(serializers.Serializer[object]):
    """The smallest realistic changes that reach the next band, as scored again; no step in the top band."""

    language = serializers.CharField()
    score = serializers.IntegerField()
    score_after = serializers.IntegerField()
    band_after = serializers.CharField()
    target = serializers.CharField(allow_blank=True)
    target_score = serializers.IntegerField(allow_null=True)
    reaches = serializers.BooleanField()
    months = serializers.IntegerField()
    steps = RecourseStepOut(many=True)
    worth = WorthOut(allow_null=True)


class WhatIfIn(serializers.Serializer[object]):
    """Values of actionable features by name, each in its own unit."""

    values = serializers.DictField(child=serializers.FloatField(), allow_empty=True)
    language = serializers.CharField(required=False, max_length=10)


class TrialPartOut(serializers.Serializer[object]):
    feature = serializers.CharField()
    title = serializers.CharField()
    points = serializers.FloatField()


class ScoreWhatIfOut(serializers.Serializer[object]):
    """Scored again with the values that were set; Σ points of parts = gain. Nothing is stored."""

    score = serializers.IntegerField()
    score_after = serializers.IntegerField()
    low_after = serializers.IntegerField()
    high_after = serializers.IntegerField()
    band_after = serializers.CharField()
    pd_after = serializers.FloatField()
    gain = serializers.FloatField()
    parts = TrialPartOut(many=True)
    worth = WorthOut()


class Recourse(APIView):
    """The way to the next band."""

    permission_classes = (HasCapability,)
    capability = Capability.VIEW_SCORE

    @extend_schema(parameters=[SpokenIn], responses=RecourseOut, operation_id="scores_recourse", tags=["score"])
    def get(self, request: Request, score_id: UUID) -> Response:
        """Found on the model and proven by scoring again, with points, rupees and months. 409 without a number."""
        run = scoring.visible_run(user=signed_in(request), run_id=score_id)
        language = scoring.spoken(request.query_params.get("language") or get_language())
        plan = scores.plan_of(run)
        if plan is None:
            top = {"score": run.score, "score_after": run.score, "band_after": run.band, "target": ""}
            nothing = {"target_score": None, "reaches": True, "months": 0, "steps": (), "worth": None}
            return Response(RecourseOut({"language": language, **top, **nothing}).data)
        after = plan.after
        told = {
            "language": language,
            "score": plan.now.score,
            "score_after": after.score,
            "band_after": after.band,
            "target": plan.target,
            "target_score": plan.target_score,
            "reaches": plan.reaches,
            "months": plan.months,
            "steps": scoring.told_plan(plan, language),
            "worth": selectors.worth_of(run=run, score=after.score, pd=after.pd, band=after.band, at=now()),
        }
        return Response(RecourseOut(told).data)


class WhatIf(APIView):
    """What if."""

    permission_classes = (HasCapability,)
    capability = Capability.VIEW_SCORE

    @extend_schema(request=WhatIfIn, responses=ScoreWhatIfOut, operation_id="scores_what_if", tags=["score"])
    def post(self, request: Request, score_id: UUID) -> Response:
        """Score again with other values. 422 names a feature that nobody can set, or a value out of its range."""
        asked = WhatIfIn(data=request.data)
        asked.is_valid(raise_exception=True)
        run = scoring.visible_run(user=signed_in(request), run_id=score_id)
        language = scoring.spoken(asked.validated_data.get("language") or get_language())
        trial = scores.try_out(run, asked.validated_data["values"])
        after = trial.after
        told = {
            "score": trial.now.score,
            "score_after": after.score,
            "low_after": after.low,
            "high_after": after.high,
            "band_after": after.band,
            "pd_after": after.pd,
            "gain": trial.gain,
            "parts": scoring.told_parts_of_trial(trial.parts, language),
            "worth": selectors.worth_of(run=run, score=after.score, pd=after.pd, band=after.band, at=now()),
        }
        return Response(ScoreWhatIfOut(told).data)
