"""The analyst's comparisons over the API: signals together, two firms, two versions."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import Capability, HasCapability, signed_in
from creditiq.kernel.clock import now
from creditiq.kernel.errors import InvalidInput
from scoring import selectors, services
from scoring.engine.bands import NAMES
from scoring.engine.features import catalogue


class CohortIn(serializers.Serializer[object]):
    """Whom to look at; everybody the caller may see when left out."""

    band = serializers.ChoiceField(choices=[name for name, _ in NAMES], required=False)
    business = serializers.UUIDField(required=False, default=None, help_text="Adds what is said of this firm.")


class InteractionsIn(CohortIn):
    """Both signals of a pair, or neither for the strongest."""

    first = serializers.ChoiceField(choices=catalogue.names(), required=False)
    second = serializers.ChoiceField(choices=catalogue.names(), required=False)


class ComparisonIn(serializers.Serializer[object]):
    """Two businesses the caller may see."""

    one = serializers.UUIDField()
    other = serializers.UUIDField()


class PairEffectOut(serializers.Serializer[object]):
    """What two signals do together, in points; half of it is in the contribution of either."""

    first = serializers.CharField()
    first_title = serializers.CharField()
    second = serializers.CharField()
    second_title = serializers.CharField()
    mean_points = serializers.FloatField(help_text="Mean size over the cohort.")
    own_points = serializers.FloatField(allow_null=True, help_text="For the business asked for.")


class MeetingOut(serializers.Serializer[object]):
    """One firm of the pair looked at."""

    business = serializers.UUIDField(source="business_uuid")
    first_value = serializers.FloatField(allow_null=True)
    second_value = serializers.FloatField(allow_null=True)
    points = serializers.FloatField()


class InterplayOut(serializers.Serializer[object]):
    """Interaction values of the model in service."""

    version = serializers.CharField()
    firms = serializers.IntegerField()
    pairs = PairEffectOut(many=True)
    pair = PairEffectOut(allow_null=True)
    meetings = MeetingOut(many=True)


class ComparedPartOut(serializers.Serializer[object]):
    """One signal of two firms; `apart` is the second's points less the first's."""

    feature = serializers.CharField()
    title = serializers.CharField()
    one_text = serializers.CharField()
    other_text = serializers.CharField()
    one_points = serializers.FloatField()
    other_points = serializers.FloatField()
    apart = serializers.FloatField()


class ComparisonOut(serializers.Serializer[object]):
    """base_apart + Σ apart = unrounded points of the second less those of the first."""

    one_score = serializers.IntegerField(source="one.score")
    other_score = serializers.IntegerField(source="other.score")
    same_model = serializers.BooleanField()
    base_apart = serializers.FloatField()
    parts = ComparedPartOut(many=True)


class PartOfBothOut(serializers.Serializer[object]):
    """One signal under two versions."""

    feature = serializers.CharField()
    title = serializers.CharField()
    one_points = serializers.FloatField()
    other_points = serializers.FloatField()
    apart = serializers.FloatField()


class MoverOut(serializers.Serializer[object]):
    """One firm under two versions."""

    business = serializers.UUIDField(source="business_uuid")
    one = serializers.IntegerField()
    other = serializers.IntegerField()
    one_band = serializers.CharField()
    other_band = serializers.CharField()
    apart = serializers.IntegerField()


class ComparedSideOut(serializers.Serializer[object]):
    """The business asked for: starting points and parts add up to either's unrounded points."""

    mover = MoverOut()
    one_base = serializers.FloatField()
    other_base = serializers.FloatField()
    parts = PartOfBothOut(many=True)


class RivalsOut(serializers.Serializer[object]):
    """Two versions on one cohort."""

    one = serializers.CharField()
    other = serializers.CharField()
    firms = serializers.IntegerField()
    mean_apart = serializers.FloatField()
    mean_size = serializers.FloatField()
    agreement = serializers.FloatField(allow_null=True, help_text="Spearman's rank correlation.")
    moves = serializers.ListField(child=serializers.ListField(), help_text="Band of the first, of the second, firms.")
    movers = MoverOut(many=True)
    parts = PartOfBothOut(many=True, help_text="Mean size of each signal's effect over the cohort.")
    side = ComparedSideOut(allow_null=True)


class _Explored(APIView):
    permission_classes = (HasCapability,)
    capability = Capability.EXPLORE_SCORES


class Interactions(_Explored):
    """Signals together."""

    @extend_schema(
        parameters=[InteractionsIn], responses=InterplayOut, operation_id="interactions_list", tags=["models"]
    )
    def get(self, request: Request) -> Response:
        """Exact SHAP interaction values over a cohort, and firm by firm for one pair. 409 while no model serves."""
        asked = InteractionsIn(data=request.query_params)
        asked.is_valid(raise_exception=True)
        first, second = (asked.validated_data.get(name, "") for name in ("first", "second"))
        if bool(first) != bool(second):
            raise InvalidInput("Name both signals of a pair, or neither.", field="second", rule="pair.both")
        found = services.interplay(
            user=signed_in(request),
            band=asked.validated_data.get("band", ""),
            chosen=(first, second) if first else None,
            business_id=asked.validated_data["business"],
        )
        return Response(InterplayOut(found).data)


class FirmComparison(_Explored):
    """Two firms."""

    @extend_schema(parameters=[ComparisonIn], responses=ComparisonOut, operation_id="scores_compare", tags=["score"])
    def get(self, request: Request) -> Response:
        """The newest numbers of two businesses, signal by signal. 404 where one has none."""
        asked = ComparisonIn(data=request.query_params)
        asked.is_valid(raise_exception=True)
        found = selectors.comparison(user=signed_in(request), **asked.validated_data)
        return Response(ComparisonOut(found).data)


class VersionComparison(_Explored):
    """Two versions of the model."""

    @extend_schema(parameters=[CohortIn], responses=RivalsOut, operation_id="models_compare", tags=["models"])
    def get(self, request: Request, version: str, other: str) -> Response:
        """Both on the same stored vectors: who moves, by how much, which signals weigh more. 409 for other features."""
        asked = CohortIn(data=request.query_params)
        asked.is_valid(raise_exception=True)
        found = services.compare_versions(
            user=signed_in(request),
            one=version,
            other=other,
            at=now(),
            band=asked.validated_data.get("band", ""),
            business_id=asked.validated_data["business"],
        )
        return Response(RivalsOut(found).data)


class GroupTodayOut(serializers.Serializer[object]):
    """One group of today's newest numbers."""

    kind = serializers.CharField()
    group = serializers.CharField()
    firms = serializers.IntegerField()
    approved = serializers.FloatField(help_text="Share in the low-risk band or better.")
    air = serializers.FloatField(allow_null=True, help_text="Against the largest group of its kind.")
    flagged = serializers.BooleanField(help_text="Below four fifths.")


class FairnessOut(serializers.Serializer[object]):
    """Approvals by group."""

    version = serializers.CharField()
    firms = serializers.IntegerField()
    flagged = serializers.IntegerField()
    validated = serializers.ListField(
        child=serializers.DictField(),
        help_text="kind, group, rows, approved, air, equal_opportunity_gap, told, came, flagged of the last period.",
    )
    today = GroupTodayOut(many=True)


class Fairness(_Explored):
    """Fairness."""

    @extend_schema(responses=FairnessOut, operation_id="fairness_read", tags=["models"])
    def get(self, request: Request) -> Response:
        """Approvals by sector, size, state and constitution: at validation, and today."""
        return Response(FairnessOut(selectors.fairness_page(user=signed_in(request))).data)
