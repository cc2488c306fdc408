"""What strangers may send and what they get back. Money is a string with two decimals."""

from decimal import Decimal

from drf_spectacular.utils import inline_serializer
from rest_framework import serializers

from creditiq.kernel.cards import FREE_TEXT
from creditiq.kernel.moments import MomentField
from lending.models import DecisionOutcome


# A field called `label` cannot be declared in a class body: serializers have a label of their own.
def source_rows() -> serializers.Serializer[object]:
    return inline_serializer(
        "SourceOut",
        {
            "kind": serializers.CharField(),
            "label": serializers.CharField(),
            "consented": serializers.BooleanField(),
            "last_at": serializers.DateTimeField(allow_null=True),
            "rows": serializers.IntegerField(),
        },
        many=True,
    )


def part_rows() -> serializers.Serializer[object]:
    return inline_serializer(
        "PartOut",
        {
            "feature": serializers.CharField(),
            "label": serializers.CharField(),
            "value": serializers.FloatField(allow_null=True),
            "points": serializers.FloatField(),
            "direction": serializers.ChoiceField(choices=["increases_risk", "decreases_risk"]),
            "estimate": inline_serializer(
                "StandInOut",
                {"value": serializers.FloatField(), "spread": serializers.FloatField()},
                required=False,
                help_text="Similar businesses stand in for a missing value of a thin GST file.",
            ),
        },
        many=True,
    )


def paper_reading() -> serializers.Serializer[object]:
    return inline_serializer(
        "ScorecardOut",
        {
            "score": serializers.IntegerField(),
            "low": serializers.IntegerField(help_text="the points table's own 90 % interval"),
            "high": serializers.IntegerField(),
            "band": serializers.CharField(),
            "pd": serializers.FloatField(),
            "points": serializers.FloatField(),
            "reasons": serializers.ListField(child=serializers.DictField()),
        },
        allow_null=True,
    )


def missing_rows() -> serializers.Serializer[object]:
    return inline_serializer(
        "MissingOut",
        {"kind": serializers.CharField(), "label": serializers.CharField(), "use": serializers.CharField()},
        many=True,
    )


class MadeByOut(serializers.Serializer[object]):
    """What answered: `scorecard` is the points table, in the place of a suspended model."""

    kind = serializers.CharField(help_text="model or scorecard.")
    version = serializers.CharField()
    digest = serializers.CharField()


class FreshnessOut(serializers.Serializer[object]):
    as_of = serializers.DateTimeField()
    issued_at = serializers.DateTimeField()
    sources = source_rows()


class ScoreOut(serializers.Serializer[object]):
    """A score request and, once complete, its answer with what it allows."""

    task_id = serializers.UUIDField()
    gstin = serializers.CharField()
    status = serializers.ChoiceField(choices=["pending", "processing", "complete", "failed", "insufficient_evidence"])
    credit_score = serializers.IntegerField(allow_null=True)
    score_low = serializers.IntegerField(allow_null=True)
    score_high = serializers.IntegerField(allow_null=True)
    interval_coverage = serializers.FloatField(
        allow_null=True, help_text="measured share of unseen firms whose score such a 90 % interval holds"
    )
    pd = serializers.FloatField(allow_null=True)
    risk_band = serializers.CharField(allow_null=True)
    top_reasons = serializers.ListField(child=serializers.DictField())
    reasons = serializers.ListField(child=serializers.DictField())
    recommended_wc_amount = serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True)
    recommended_term_amount = serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True)
    binding_constraint = serializers.CharField(allow_null=True)
    msme_category = serializers.CharField(allow_null=True)
    cgtmse_eligible = serializers.BooleanField(allow_null=True)
    mudra_eligible = serializers.BooleanField(allow_null=True)
    fraud_flag = serializers.BooleanField(allow_null=True)
    fraud_details = serializers.DictField(allow_null=True)
    shap_waterfall = part_rows()
    base_points = serializers.FloatField(allow_null=True)
    score_freshness = FreshnessOut(allow_null=True)
    estimated_wait_seconds = serializers.FloatField(allow_null=True)
    data_maturity_months = serializers.IntegerField(allow_null=True)
    coverage = serializers.FloatField(allow_null=True)
    model_version = serializers.CharField(allow_null=True)
    model = MadeByOut(allow_null=True)
    scorecard = paper_reading()
    missing = missing_rows()
    error = serializers.CharField()


class ApplicationIn(serializers.Serializer[object]):
    gstin = serializers.CharField(max_length=15)
    bank = serializers.UUIDField(help_text="Public id of a bank with your live consent.")
    product = serializers.CharField(max_length=24)
    amount = serializers.DecimalField(max_digits=12, decimal_places=2, min_value=1)
    months = serializers.IntegerField(min_value=1, max_value=360)
    purpose = serializers.CharField(max_length=200)


class ApplicationOut(serializers.Serializer[object]):
    id = serializers.UUIDField(source="uuid")
    number = serializers.CharField()
    gstin = serializers.CharField(source="business.gstin")
    business = serializers.UUIDField(source="business.uuid")
    bank = serializers.UUIDField(source="organisation.uuid")
    product = serializers.CharField(source="product.code")
    amount = serializers.DecimalField(max_digits=14, decimal_places=2)
    months = serializers.IntegerField()
    purpose = serializers.CharField()
    state = serializers.CharField()
    version = serializers.IntegerField(help_text="Counts the changes; a claim names the one it read.")
    opened_at = serializers.DateTimeField()


class ApplicationPageOut(serializers.Serializer[object]):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = ApplicationOut(many=True)


class StepOut(serializers.Serializer[object]):
    """A decision as the applicant is told of it: the letter, no names and no notes."""

    id = serializers.UUIDField(source="decision.uuid")
    outcome = serializers.CharField(source="decision.outcome")
    at = serializers.DateTimeField(source="decision.at")
    statements = serializers.ListField(source="letter", child=serializers.CharField())


class DecisionIn(serializers.Serializer[object]):
    outcome = serializers.ChoiceField(choices=DecisionOutcome.choices)
    reasons = serializers.ListField(child=serializers.CharField(max_length=40), min_length=1, max_length=12)
    note = serializers.CharField(validators=FREE_TEXT, max_length=2000, allow_blank=True, default="")
    amount = serializers.DecimalField(
        max_digits=12, decimal_places=2, min_value=Decimal(1), default=None, allow_null=True,
        help_text="counter: the other amount.",
    )  # fmt: skip
    months = serializers.IntegerField(
        min_value=1, max_value=360, default=None, allow_null=True, help_text="counter: the other term."
    )

    def validate(self, attrs: dict[str, object]) -> dict[str, object]:
        """A counter-offer has its terms."""
        for name in ("amount", "months"):
            if attrs["outcome"] == DecisionOutcome.COUNTER and attrs[name] is None:
                raise serializers.ValidationError({name: "A counter-offer needs its terms."})
        return attrs


class DecisionOut(serializers.Serializer[object]):
    id = serializers.UUIDField(source="uuid")
    application = serializers.UUIDField(source="application.uuid")
    outcome = serializers.CharField()
    reasons = serializers.ListField(child=serializers.CharField())
    note = serializers.CharField()
    by = serializers.CharField(source="by.get_full_name")
    at = serializers.DateTimeField()
    supersedes = serializers.UUIDField(source="supersedes.uuid", default=None, allow_null=True)
    snapshot_sha256 = serializers.CharField(source="sha256")
    amount = serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True)
    months = serializers.IntegerField(allow_null=True)


class BoundOut(serializers.Serializer[object]):
    name = serializers.CharField()
    amount = serializers.DecimalField(max_digits=20, decimal_places=2, allow_null=True)
    basis = serializers.CharField()
    binds = serializers.BooleanField()


class FacilityOut(serializers.Serializer[object]):
    facility = serializers.CharField(source="code")
    amount = serializers.DecimalField(max_digits=20, decimal_places=2)
    months = serializers.IntegerField()
    rate = serializers.DecimalField(max_digits=6, decimal_places=2, allow_null=True)
    bounds = BoundOut(many=True)


class CheckOut(serializers.Serializer[object]):
    rule = serializers.CharField()
    answer = serializers.CharField()
    evidence = serializers.CharField()


class VerdictOut(serializers.Serializer[object]):
    outcome = serializers.CharField()
    reasons = serializers.ListField(source="reason_codes", child=serializers.CharField())
    checks = CheckOut(many=True)
    facilities = FacilityOut(many=True)
    policy_version = serializers.IntegerField()


class OwnCaseOut(serializers.Serializer[object]):
    """An application as its owner sees it."""

    application = ApplicationOut()
    decisions = StepOut(many=True)


class StaffDecisionOut(serializers.Serializer[object]):
    decision = DecisionOut()
    statements = serializers.ListField(source="letter", child=serializers.CharField())


class CaseOut(serializers.Serializer[object]):
    """An application as bank staff see it."""

    application = ApplicationOut()
    verdict = VerdictOut()
    decisions = StaffDecisionOut(many=True)
    steps = serializers.ListField(child=serializers.CharField())


class ReplayIn(serializers.Serializer[object]):
    """Exactly one of: decision_id · score_id · business and as_of."""

    decision_id = serializers.UUIDField(required=False)
    score_id = serializers.UUIDField(required=False)
    business = serializers.UUIDField(required=False, help_text="Public id of the business, together with as_of.")
    as_of = MomentField(required=False)

    def validate(self, attrs: dict[str, object]) -> dict[str, object]:
        """One subject, named completely."""
        named = {frozenset({"decision_id"}), frozenset({"score_id"}), frozenset({"business", "as_of"})}
        if frozenset(attrs) not in named:
            raise serializers.ValidationError("Name one of: decision_id; score_id; business with as_of.")
        return attrs


class DifferenceOut(serializers.Serializer[object]):
    path = serializers.CharField()
    stored = serializers.JSONField(allow_null=True)
    rebuilt = serializers.JSONField(allow_null=True)


class ReplayOut(serializers.Serializer[object]):
    kind = serializers.ChoiceField(choices=["decision", "score"])
    subject = serializers.UUIDField()
    identical = serializers.BooleanField()
    stored_sha256 = serializers.CharField()
    rebuilt_sha256 = serializers.CharField()
    differences = DifferenceOut(many=True)
