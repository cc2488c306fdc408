"""What strangers may send and what they get back."""

from rest_framework import serializers

from creditiq.kernel.cards import FREE_TEXT
from creditiq.kernel.moments import MomentField


class ScoreIn(serializers.Serializer[object]):
    """Whom to score: a business, or a bundle of one's own wallets."""

    gstin = serializers.CharField(max_length=40, required=False, help_text="GSTIN of a business you may see.")
    wallets = serializers.ListField(
        child=serializers.UUIDField(), required=False, min_length=1, max_length=8, help_text="Ids of your wallets."
    )

    def validate(self, attrs: dict[str, object]) -> dict[str, object]:
        """One of the two."""
        if len(attrs) != 1:
            raise serializers.ValidationError({"gstin": "Name a GSTIN or your wallets, one of the two."})
        return attrs


class ScoreTaskOut(serializers.Serializer[object]):
    """The task that the score arrives under."""

    task_id = serializers.UUIDField(source="uuid")
    gstin = serializers.CharField(help_text="Empty for a bundle of wallets.")
    status = serializers.CharField(source="state")


class ScoreBatchIn(serializers.Serializer[object]):
    """Whom to score."""

    gstins = serializers.ListField(
        child=serializers.CharField(max_length=40), min_length=1, max_length=100, help_text="GSTINs you may see."
    )


class ScoreBatchRowOut(serializers.Serializer[object]):
    """What became of one GSTIN."""

    gstin = serializers.CharField(help_text="As it was sent.")
    task = ScoreTaskOut(allow_null=True)
    code = serializers.CharField(help_text="Why there is no task: the rule it breaks, or not_found; else empty.")
    detail = serializers.CharField(help_text="The same in a sentence.")


class FeatureOut(serializers.Serializer[object]):
    """One feature of the registry."""

    name = serializers.CharField()
    title = serializers.CharField(source="label")
    doc = serializers.CharField()
    family = serializers.CharField()
    unit = serializers.CharField()
    window_days = serializers.IntegerField(allow_null=True)
    risk = serializers.CharField(help_text="How risk moves when the value grows: rises, falls or neither.")
    actionable = serializers.BooleanField()
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    digest = serializers.CharField()


class RegistryOut(serializers.Serializer[object]):
    """All features in column order with the digest of their lock."""

    lock = serializers.CharField()
    features = FeatureOut(many=True)


class AsOfIn(serializers.Serializer[object]):
    as_of = MomentField(required=False, help_text="Moment with zone; now when left out.")


class EstimateOut(serializers.Serializer[object]):
    """What stands in for a missing value: median and standard deviation of similar businesses, in its unit."""

    value = serializers.FloatField()
    spread = serializers.FloatField()


class VectorOut(serializers.Serializer[object]):
    """The measured features of one business as known at a moment; missing is null.

    `imputed` are estimates for missing values of a thin GST file beside a rich UPI record; the features stay null.
    """

    gstin = serializers.CharField()
    as_of = serializers.DateTimeField()
    lock = serializers.CharField()
    features = serializers.DictField(child=serializers.FloatField(allow_null=True))
    notes = serializers.ListField(child=serializers.CharField())
    imputed = serializers.DictField(child=EstimateOut())


class PaperBinOut(serializers.Serializer[object]):
    """One bin of the points table."""

    text = serializers.CharField()
    points = serializers.FloatField()
    mine = serializers.BooleanField()


class PaperRowOut(serializers.Serializer[object]):
    """One column of the points table; `short` are the points to its best bin."""

    feature = serializers.CharField()
    title = serializers.CharField(source="label")
    value_text = serializers.CharField()
    points = serializers.FloatField()
    short = serializers.FloatField()
    bins = PaperBinOut(many=True)


class PaperOut(serializers.Serializer[object]):
    """What the points table says: base_points + Σ points of rows = points."""

    score = serializers.IntegerField()
    band = serializers.CharField()
    pd = serializers.FloatField()
    points = serializers.FloatField()
    base_points = serializers.FloatField()
    rows = PaperRowOut(many=True)
    reasons = PaperRowOut(many=True)


class VersionOut(serializers.Serializer[object]):
    """A model version in the list."""

    version = serializers.CharField()
    status = serializers.CharField()
    digest = serializers.CharField()
    lock = serializers.CharField()
    registered_at = serializers.DateTimeField()


class SampleOut(serializers.Serializer[object]):
    """Figures on one sample."""

    sample = serializers.CharField()
    title = serializers.CharField()
    rows = serializers.IntegerField()
    target_rate = serializers.FloatField()
    auc = serializers.FloatField(allow_null=True)
    gini = serializers.FloatField(allow_null=True)
    ks = serializers.FloatField(allow_null=True)
    brier = serializers.FloatField()
    ece = serializers.FloatField()


class VersionReportOut(VersionOut):
    """A model version with everything its card tells."""

    samples = SampleOut(many=True)
    interval_coverage = serializers.FloatField(allow_null=True)
    thin_coverage = serializers.FloatField(allow_null=True)
    table_coverage = serializers.FloatField(allow_null=True)
    assurance = serializers.DictField(
        help_text="pr_auc, intervals, comparison, oracle_gap, reliability, segments, fairness, proxy_rules, "
        "strongest_column, stability, thin_file."
    )
    drift = serializers.ListField(child=serializers.DictField(), help_text="feature, title, psi.")
    importance = serializers.ListField(child=serializers.DictField(), help_text="feature, title, points.")
    warnings = serializers.ListField(child=serializers.CharField())
    table = PaperRowOut(many=True)
    card = serializers.CharField(help_text="Model card in Markdown.")


class StepIn(serializers.Serializer[object]):
    """A step in the life of a version."""

    act = serializers.CharField(
        max_length=20,
        help_text="begin_validation, validate, send_back, approve, run_in_shadow, challenge, promote, retire, suspend.",
    )
    note = serializers.CharField(validators=FREE_TEXT, max_length=500, required=False, default="", allow_blank=True)
    split = serializers.FloatField(
        min_value=0.01, max_value=0.5, required=False, allow_null=True, default=None, help_text="For a challenger."
    )


class SignalOut(serializers.Serializer[object]):
    """A signal against its training."""

    name = serializers.CharField()
    title = serializers.CharField()
    family = serializers.CharField()
    psi = serializers.FloatField(allow_null=True)
    critical = serializers.FloatField(allow_null=True, help_text="What chance alone exceeds once in twenty.")
    verdict = serializers.CharField(help_text="stable, watch or act; empty before the first reading.")
    missing_then = serializers.FloatField(allow_null=True)
    missing_now = serializers.FloatField(allow_null=True)


class SignalFigureOut(serializers.Serializer[object]):
    """A figure of the score itself."""

    metric = serializers.CharField()
    value = serializers.FloatField(allow_null=True)
    critical = serializers.FloatField(allow_null=True)
    size = serializers.IntegerField()
    verdict = serializers.CharField()


class SignalsOut(serializers.Serializer[object]):
    """The newest reading of the model in service."""

    version = serializers.CharField()
    as_of = serializers.DateTimeField(allow_null=True)
    alarms = serializers.IntegerField()
    watched = serializers.IntegerField()
    figures = SignalFigureOut(many=True)
    signals = SignalOut(many=True)
