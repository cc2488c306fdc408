"""Official sources over the API: what may be asked, and how far a connection is."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from wallets.models import FetchedPart, Source
from wallets.selectors import SourceCard


class SourcesIn(serializers.Serializer[object]):
    gstin = serializers.CharField(help_text="GSTIN of the business.")


class SourceConnectIn(SourcesIn):
    provider = serializers.ChoiceField(choices=Source.choices)
    handle = serializers.CharField(
        max_length=120, help_text="User name at the GST portal, or address at the Account Aggregator."
    )
    months = serializers.IntegerField(min_value=1, max_value=24, default=12, help_text="How far back to fetch.")


class SourceCodeIn(serializers.Serializer[object]):
    code = serializers.CharField(max_length=8, help_text="The code that the source sent; used once, kept nowhere.")


class SourceProgressOut(serializers.Serializer[object]):
    phase = serializers.CharField()
    done = serializers.IntegerField(help_text="Documents that are here.")
    total = serializers.IntegerField()


class FetchedPartOut(serializers.Serializer[FetchedPart]):
    format = serializers.CharField(help_text="How the document is written.")
    period = serializers.CharField(help_text="A month as MMYYYY, or two days with / between.")
    upload_id = serializers.UUIDField(
        source="upload.uuid", allow_null=True, default=None, help_text="None: the source has nothing for the period."
    )


class SourceConnectionOut(serializers.Serializer[SourceCard]):
    id = serializers.UUIDField(source="connection.uuid")
    provider = serializers.ChoiceField(source="source", choices=Source.choices)
    state = serializers.CharField(help_text="waiting, fetching, stopped, done, failed or ended.")
    trouble = serializers.CharField(source="connection.trouble", help_text="Name of what went wrong; else empty.")
    message = serializers.CharField(source="trouble", help_text="The same as a sentence.")
    first_day = serializers.DateField(source="connection.first_day")
    last_day = serializers.DateField(source="connection.last_day")
    ends_at = serializers.DateTimeField(source="connection.ends_at", help_text="When the source stops knowing us.")
    approve_at = serializers.CharField(source="page", help_text="Page where the owner approves, if there is one.")
    progress = SourceProgressOut(source="job", allow_null=True, help_text="While documents are fetched.")
    parts = FetchedPartOut(many=True)


class OfficialSourceOut(serializers.Serializer[SourceCard]):
    provider = serializers.ChoiceField(source="source", choices=Source.choices)
    set_up = serializers.SerializerMethodField(help_text="Whether this house has a provider for it.")
    missing_settings = serializers.ListField(source="missing", child=serializers.CharField())
    consented = serializers.BooleanField(help_text="Whether the owner shares something that it gives.")
    connection = serializers.SerializerMethodField(help_text="The latest one.")

    def get_set_up(self, card: SourceCard) -> bool:
        return not card.missing

    @extend_schema_field(SourceConnectionOut(allow_null=True))
    def get_connection(self, card: SourceCard) -> object:
        return SourceConnectionOut(card).data if card.connection else None


class OfficialSourcesOut(serializers.Serializer[object]):
    gstin = serializers.CharField(source="business.gstin")
    sources = OfficialSourceOut(source="cards", many=True)
