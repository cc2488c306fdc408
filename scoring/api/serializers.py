"""What strangers may send and what they get back."""

from rest_framework import serializers


class ScoreIn(serializers.Serializer[object]):
    """Whom to score."""

    gstin = serializers.CharField(max_length=40, help_text="GSTIN of a business you may see.")


class ScoreTaskOut(serializers.Serializer[object]):
    """The task that the score arrives under."""

    task_id = serializers.UUIDField(source="uuid")
    gstin = serializers.CharField()
    status = serializers.CharField(source="state")


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
    as_of = serializers.DateTimeField(required=False, help_text="Moment with zone; now when left out.")


class VectorOut(serializers.Serializer[object]):
    """The measured features of one business as known at a moment; missing is null."""

    gstin = serializers.CharField()
    as_of = serializers.DateTimeField()
    lock = serializers.CharField()
    features = serializers.DictField(child=serializers.FloatField(allow_null=True))
    notes = serializers.ListField(child=serializers.CharField())
