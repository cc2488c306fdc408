"""What strangers may send and what they get back."""

from rest_framework import serializers

from wallets.models.uploads import UploadMode
from wallets.services.uploads import KINDS


class UploadIn(serializers.Serializer[object]):
    gstin = serializers.CharField(help_text="GSTIN of the business the evidence belongs to.")
    kind = serializers.ChoiceField(choices=KINDS)
    mode = serializers.ChoiceField(choices=UploadMode.choices, default=UploadMode.ALL_OR_NOTHING)
    file = serializers.FileField(help_text="CSV, UTF-8, with the template's header.")


class UploadOut(serializers.Serializer[object]):
    id = serializers.UUIDField(source="uuid")
    gstin = serializers.CharField(source="business.gstin")
    kind = serializers.CharField()
    mode = serializers.CharField()
    filename = serializers.CharField()
    sha256 = serializers.CharField()
    state = serializers.CharField()
    received_at = serializers.DateTimeField()
    rows = serializers.IntegerField()
    accepted = serializers.IntegerField()
    duplicates = serializers.IntegerField()
    rejected = serializers.IntegerField()


class RejectionOut(serializers.Serializer[object]):
    line = serializers.IntegerField()
    field = serializers.CharField()
    rule = serializers.CharField()
    message = serializers.CharField()
    value = serializers.CharField()
