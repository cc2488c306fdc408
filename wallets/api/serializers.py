"""What strangers may send and what they get back."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models.businesses import BusinessSize
from creditiq.kernel.clock import now
from wallets.models import RECORD_MODELS, Upload
from wallets.models.uploads import UploadMode
from wallets.selectors import Side, Sought, accounts_told, known_before, reading_job, told_sums
from wallets.selectors.reconciliations import SIDES
from wallets.services.uploads import KINDS


class UploadIn(serializers.Serializer[object]):
    gstin = serializers.CharField(help_text="GSTIN of the business the evidence belongs to.")
    kind = serializers.ChoiceField(choices=KINDS, help_text="How the file is written: a kind of record or a format.")
    mode = serializers.ChoiceField(choices=UploadMode.choices, default=UploadMode.ALL_OR_NOTHING)
    file = serializers.FileField(help_text="CSV, XLSX or Parquet after the template; else the official file.")


class UploadProgressOut(serializers.Serializer[object]):
    phase = serializers.CharField()
    done = serializers.IntegerField(help_text="Lines read.")
    total = serializers.IntegerField()


class ConsumerSumOut(serializers.Serializer[object]):
    month = serializers.CharField(help_text="Month of the return, YYYY-MM.")
    place_of_supply = serializers.IntegerField()
    rate = serializers.CharField(help_text="Percent.")
    declared = serializers.CharField(help_text="Rupees, the sum in the GSTR-1.")
    told_singly = serializers.CharField(help_text="Rupees, sales and notes that other files tell one by one.")
    counted = serializers.CharField(help_text="Rupees of the sum that are counted beside those.")
    excess = serializers.CharField(help_text="Rupees told one by one beyond the declared sum: a discrepancy.")


class BankAccountOut(serializers.Serializer[object]):
    account = serializers.CharField(help_text="Covered but for its end, unless the caller is an owner.")
    kind = serializers.CharField(help_text="SAVINGS, CURRENT …; empty: not told.")
    facility = serializers.CharField(help_text="OD, CC or empty.")
    status = serializers.CharField()
    ifsc = serializers.CharField()
    currency = serializers.CharField()
    opened_on = serializers.DateField(allow_null=True)
    balance = serializers.CharField(allow_null=True, help_text="Rupees, as the summary says.")
    balance_at = serializers.DateTimeField(allow_null=True)
    overdraft_limit = serializers.CharField(allow_null=True)
    drawing_limit = serializers.CharField(allow_null=True)
    pending = serializers.CharField(allow_null=True, help_text="Rupees that the balance will gain or lose.")
    holder_is_business = serializers.BooleanField(allow_null=True, help_text="A holder has the PAN of the business.")
    gap = serializers.CharField(
        allow_null=True, help_text="Rupees of the summary beyond the last entry before it; 0 when both agree."
    )


class UploadOut(serializers.Serializer[object]):
    """An upload for the person in `context["user"]`."""

    id = serializers.UUIDField(source="uuid")
    gstin = serializers.CharField(source="business.gstin")
    format = serializers.CharField(help_text="How the file is written.")
    kind = serializers.CharField(help_text="The kind of record it holds.")
    mode = serializers.CharField()
    filename = serializers.CharField()
    sha256 = serializers.CharField()
    state = serializers.CharField()
    received_at = serializers.DateTimeField()
    rows = serializers.IntegerField()
    accepted = serializers.IntegerField()
    duplicates = serializers.IntegerField()
    superseded = serializers.IntegerField(help_text="Records that a newer version in this file replaced.")
    rejected = serializers.IntegerField()
    note = serializers.CharField()
    origin = serializers.CharField(help_text="The official source it was fetched from; empty: somebody sent it.")
    progress = serializers.SerializerMethodField(help_text="While a large file is read.")
    discrepancies = serializers.SerializerMethodField(
        help_text="Invoices of this file that another file had told with other values."
    )

    consumer_sums = serializers.SerializerMethodField(
        help_text="Sums of a GSTR-1 that hold sales which another file tells one by one; none of them counts twice."
    )

    accounts = serializers.SerializerMethodField(help_text="Bank accounts that the file describes.")

    @extend_schema_field(BankAccountOut(many=True))
    def get_accounts(self, upload: Upload) -> list[dict[str, object]]:
        return list(BankAccountOut(accounts_told(upload, user=self.context["user"], as_of=now()), many=True).data)

    @extend_schema_field(ConsumerSumOut(many=True))
    def get_consumer_sums(self, upload: Upload) -> list[dict[str, object]]:
        return list(ConsumerSumOut(told_sums(upload, user=self.context["user"], at=now()), many=True).data)

    @extend_schema_field(int)
    def get_discrepancies(self, upload: Upload) -> int:
        return known_before(upload).differing

    @extend_schema_field(UploadProgressOut(allow_null=True))
    def get_progress(self, upload: Upload) -> dict[str, object] | None:
        job = reading_job(upload)
        return None if job is None else UploadProgressOut(job).data


class RejectionOut(serializers.Serializer[object]):
    line = serializers.IntegerField(help_text="In JSON and XML the number of the record.")
    pointer = serializers.CharField(help_text="Where in a JSON or XML document; else empty.")
    field = serializers.CharField()
    rule = serializers.CharField()
    message = serializers.CharField()
    value = serializers.CharField()


class BulkIn(serializers.Serializer[object]):
    gstin = serializers.CharField(max_length=15, help_text="GSTIN of the business the rows belong to.")


class BulkReasonOut(serializers.Serializer[object]):
    field = serializers.CharField()
    rule = serializers.CharField()
    message = serializers.CharField()


class BulkResultOut(serializers.Serializer[object]):
    line = serializers.IntegerField()
    state = serializers.ChoiceField(choices=["accepted", "duplicate", "rejected"])
    reasons = BulkReasonOut(many=True)


class BulkOut(serializers.Serializer[object]):
    upload = serializers.UUIDField()
    kind = serializers.CharField()
    rows = serializers.IntegerField()
    accepted = serializers.IntegerField()
    rejected = serializers.IntegerField()
    duplicates = serializers.IntegerField()
    superseded = serializers.IntegerField()
    results = BulkResultOut(many=True)


class BusinessesIn(serializers.Serializer[object]):
    q = serializers.CharField(
        default="", allow_blank=True, max_length=60, help_text="The beginning of a GSTIN, or part of a name."
    )
    sector = serializers.CharField(default="", allow_blank=True, max_length=40)
    state = serializers.IntegerField(required=False, min_value=1, max_value=99, help_text="State code of the GSTIN.")
    size = serializers.ChoiceField(default="", choices=BusinessSize.values, allow_blank=True)

    @property
    def sought(self) -> Sought:
        """The filter as the selector takes it."""
        values = self.validated_data
        return Sought(values["q"], values["sector"], values.get("state"), values["size"])


class ListedBusinessOut(serializers.Serializer[object]):
    id = serializers.UUIDField(source="business.uuid")
    name = serializers.CharField(source="business.trade_name")
    gstin = serializers.CharField(source="masked_gstin", help_text="Masked.")
    sector = serializers.CharField(source="business.sector")
    state = serializers.IntegerField(source="business.state_code")
    size = serializers.CharField(source="business.size")
    constitution = serializers.CharField(source="business.constitution")
    registered_on = serializers.DateField(source="business.registered_on")
    kinds = serializers.ListField(child=serializers.CharField(), help_text="Kinds of evidence the caller may read.")
    until = serializers.DateTimeField(allow_null=True, help_text="When the consent to read them ends.")


class BusinessPageOut(serializers.Serializer[object]):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = ListedBusinessOut(many=True)


class RecordsIn(serializers.Serializer[object]):
    gstin = serializers.CharField(max_length=15)
    kind = serializers.ChoiceField(choices=list(RECORD_MODELS))


class SourceDifferenceOut(serializers.Serializer[object]):
    column = serializers.CharField()
    stands = serializers.CharField(help_text="The value on record, as it was first told.")
    told = serializers.CharField(help_text="The value in the other file.")


class TellingOut(serializers.Serializer[object]):
    upload = serializers.UUIDField(source="upload.uuid")
    format = serializers.CharField(source="upload.format")
    differences = SourceDifferenceOut(many=True)


class RecordOut(serializers.Serializer[object]):
    id = serializers.UUIDField(source="record.id")
    occurred_at = serializers.DateTimeField(source="record.occurred_at")
    received_at = serializers.DateTimeField(source="record.received_at")
    upload = serializers.UUIDField(source="upload.uuid", default=None, allow_null=True, help_text="Null: no file.")
    consent = serializers.UUIDField(source="consent.uuid", default=None, allow_null=True, help_text="Received under.")
    values = serializers.DictField(
        source="fields", help_text="Values by column; rupees as strings, personal values masked."
    )
    also_in = TellingOut(source="tellings", many=True, help_text="Further files that hold the same invoice.")


class RecordPageOut(serializers.Serializer[object]):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = RecordOut(many=True)


class ReconciliationIn(serializers.Serializer[object]):
    gstin = serializers.CharField(max_length=15)
    offset = serializers.IntegerField(default=0, min_value=0, max_value=10_000_000, help_text="Unmatched to skip.")
    limit = serializers.IntegerField(default=100, min_value=1, max_value=1000, help_text="Unmatched listed per side.")


class AgeOut(serializers.Serializer[object]):
    bucket = serializers.CharField()
    count = serializers.IntegerField()
    rupees = serializers.DecimalField(max_digits=20, decimal_places=2)


class UnmatchedOut(serializers.Serializer[object]):
    number = serializers.CharField()
    party = serializers.CharField(help_text="Buyer or payer; masked for everybody but the owner.")
    rupees = serializers.DecimalField(max_digits=20, decimal_places=2)
    occurred_at = serializers.DateTimeField(source="on")
    age_days = serializers.IntegerField()
    bucket = serializers.CharField()
    missing = serializers.CharField()


class SideOut(serializers.Serializer[Side]):
    name = serializers.ChoiceField(choices=list(SIDES))
    total = serializers.IntegerField(help_text="Documents for which a match is looked for.")
    matched = serializers.IntegerField()
    open = serializers.IntegerField(help_text="Documents that miss something.")
    rupees = serializers.DecimalField(max_digits=20, decimal_places=2, help_text="Value of those.")
    ageing = AgeOut(many=True)
    unmatched = serializers.SerializerMethodField()

    @extend_schema_field(UnmatchedOut(many=True))
    def get_unmatched(self, side: Side) -> object:
        """The slice asked for."""
        return UnmatchedOut(side.lines(self.context["offset"], self.context["limit"]), many=True).data


class ReconciliationOut(serializers.Serializer[object]):
    gstin = serializers.CharField(source="business.gstin")
    as_of = serializers.DateTimeField()
    closed = serializers.ListField(child=serializers.CharField(), help_text="Kinds the caller may not read.")
    sides = SideOut(many=True)
