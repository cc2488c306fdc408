"""Shapes of cases, disputes, reports and papers. Money is a string with two decimals; times carry their zone."""

from rest_framework import serializers

from creditiq.kernel.cards import FREE_TEXT
from creditiq.kernel.moments import MomentField
from fraud.models import CaseOutcome, DisputeSubject

Shape = serializers.Serializer[object]


class BusinessIn(Shape):
    business = serializers.UUIDField()


class BinOut(Shape):
    value_from = serializers.IntegerField(source="low_rupees", help_text="Included.")
    value_to = serializers.IntegerField(source="high_rupees", help_text="Not included.")
    bills = serializers.IntegerField()
    expected = serializers.FloatField(allow_null=True, help_text="Null: too few bills to say.")
    just_under = serializers.BooleanField()


class EwbOut(Shape):
    business = serializers.UUIDField(source="business.uuid")
    as_of = serializers.DateTimeField()
    bills = serializers.IntegerField(source="bills.found.bills")
    just_under = serializers.IntegerField(source="bills.found.under")
    share = serializers.FloatField(source="bills.found.share")
    z_score = serializers.FloatField(source="bills.found.index", allow_null=True)
    high = serializers.BooleanField(source="bills.high")
    bins = BinOut(source="bills.bins", many=True)


class MonthOut(Shape):
    month = serializers.DateField(source="start")
    invoiced = serializers.DecimalField(max_digits=18, decimal_places=2)
    received = serializers.DecimalField(max_digits=18, decimal_places=2)
    gap = serializers.FloatField(allow_null=True)


class GapOut(Shape):
    business = serializers.UUIDField(source="business.uuid")
    as_of = serializers.DateTimeField()
    gap = serializers.FloatField(source="receipts.gap", allow_null=True)
    months = MonthOut(source="receipts.months", many=True)


class AlertOut(Shape):
    id = serializers.UUIDField(source="alert.uuid")
    title = serializers.CharField()
    topic = serializers.CharField(source="alert.topic", help_text="Empty for a ring.")
    severity = serializers.CharField(source="alert.severity")
    state = serializers.CharField(source="alert.state")
    ring = serializers.UUIDField(source="alert.ring.uuid", default=None, allow_null=True)
    business = serializers.UUIDField(source="alert.business.uuid", default=None, allow_null=True)
    opened_at = serializers.DateTimeField(source="alert.opened_at")


class FindingOut(Shape):
    typology = serializers.CharField()
    severity = serializers.CharField()
    score = serializers.FloatField()
    figures = serializers.DictField(child=serializers.FloatField(allow_null=True))
    found_at = serializers.DateTimeField()


class EvidenceRowOut(Shape):
    kind = serializers.CharField()
    key = serializers.CharField()


class EvidenceMomentOut(Shape):
    at = serializers.DateTimeField()
    kind = serializers.CharField()
    key = serializers.CharField()
    inward = serializers.BooleanField()
    address = serializers.CharField(help_text="Of the other side, covered; empty where there is none.")
    amount = serializers.DecimalField(18, 2)
    passed_on = serializers.FloatField(allow_null=True, help_text="What left ÷ what had come in, of payments.")


class AlertDetailOut(Shape):
    alert = AlertOut(source="row")
    findings = FindingOut(many=True, help_text="Newest first, at most five.")
    evidence = EvidenceRowOut(many=True, help_text="Rows behind the latest, at most 60.")
    rows_total = serializers.IntegerField()
    timeline = EvidenceMomentOut(many=True, help_text="Of the rows those a consent lets you read, oldest first.")
    case = serializers.UUIDField(source="case.uuid", default=None, allow_null=True, help_text="The unfinished one.")


class AlertPageOut(Shape):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = AlertOut(many=True)


class FraudCaseIn(Shape):
    ring = serializers.UUIDField(required=False)
    business = serializers.UUIDField(required=False)


class FraudCaseOut(Shape):
    id = serializers.UUIDField(source="uuid")
    number = serializers.CharField()
    title = serializers.CharField()
    state = serializers.CharField()
    outcome = serializers.CharField(help_text="Empty while nothing was proposed.")
    finding = serializers.CharField()
    ring = serializers.UUIDField(source="ring.uuid", default=None, allow_null=True)
    person = serializers.UUIDField(
        source="person.uuid", default=None, allow_null=True, help_text="Whose wallet meets a list of sanctions."
    )
    assignee = serializers.UUIDField(source="assignee.uuid", default=None, allow_null=True)
    opened_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()
    closed_at = serializers.DateTimeField(allow_null=True)


class FraudCasePageOut(Shape):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = FraudCaseOut(many=True)


class FraudCaseEventOut(Shape):
    act = serializers.CharField()
    at = serializers.DateTimeField()
    by = serializers.UUIDField(source="by.uuid", default=None, allow_null=True, help_text="Null: the house itself.")
    text = serializers.CharField()


class FraudCaseLinkOut(Shape):
    name = serializers.CharField(source="label")
    why = serializers.CharField(source="link.why")
    at = serializers.DateTimeField(source="link.at")


class FraudCaseDetailOut(Shape):
    case = FraudCaseOut()
    late = serializers.BooleanField(source="row.late")
    events = FraudCaseEventOut(many=True, help_text="Newest first.")
    links = FraudCaseLinkOut(many=True)


class CaseActIn(Shape):
    act = serializers.ChoiceField(choices=["take", "assign", "note", "link", "snooze", "propose", "agree", "return"])
    text = serializers.CharField(validators=FREE_TEXT, required=False, default="", allow_blank=True, max_length=4000)
    target = serializers.CharField(
        required=False, default="", allow_blank=True, help_text="link: C-000123, a GSTIN or a ring's id."
    )
    until = MomentField(required=False, help_text="snooze: its end.")
    outcome = serializers.ChoiceField(choices=CaseOutcome.choices, required=False, help_text="propose")

    def validate(self, attrs: dict[str, object]) -> dict[str, object]:
        """A snooze needs its end, a proposal its outcome."""
        for act, field in (("snooze", "until"), ("propose", "outcome")):
            if attrs["act"] == act and field not in attrs:
                raise serializers.ValidationError({field: f"{act} needs it."})
        return attrs


class DisputeIn(Shape):
    subject = serializers.ChoiceField(choices=DisputeSubject.choices)
    reference = serializers.CharField(required=False, default="", allow_blank=True, max_length=120)
    text = serializers.CharField(validators=FREE_TEXT, max_length=4000)


class DisputeOut(Shape):
    id = serializers.UUIDField(source="uuid")
    number = serializers.CharField()
    business = serializers.UUIDField(source="business.uuid")
    subject = serializers.CharField()
    reference = serializers.CharField()
    state = serializers.CharField()
    opened_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()
    outcome = serializers.CharField()
    resolved_at = serializers.DateTimeField(allow_null=True)


class DisputePageOut(Shape):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = DisputeOut(many=True)


class MessageOut(Shape):
    at = serializers.DateTimeField(source="message.at")
    from_owner = serializers.BooleanField(source="message.from_owner")
    text = serializers.CharField(source="message.text")
    documents = serializers.ListField(source="names", child=serializers.CharField(), help_text="Their names.")


class DisputeDetailOut(Shape):
    dispute = DisputeOut()
    late = serializers.BooleanField(source="row.late")
    thread = MessageOut(source="turns", many=True)


class ReplyIn(Shape):
    act = serializers.ChoiceField(choices=["reply", "withdraw"])
    text = serializers.CharField(validators=FREE_TEXT, required=False, default="", allow_blank=True, max_length=4000)


class DisputeActIn(Shape):
    act = serializers.ChoiceField(choices=["take", "ask", "uphold", "reject"])
    text = serializers.CharField(validators=FREE_TEXT, required=False, default="", allow_blank=True, max_length=2000)


class StrIn(Shape):
    case = serializers.UUIDField()


class StrOut(Shape):
    id = serializers.UUIDField(source="uuid")
    number = serializers.CharField()
    case = serializers.UUIDField(source="case.uuid")
    state = serializers.CharField()
    drafted_at = serializers.DateTimeField()
    filed_at = serializers.DateTimeField(allow_null=True)
    xml_sha256 = serializers.CharField(source="xml_hash")


class StrPageOut(Shape):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = StrOut(many=True)


class SentenceOut(Shape):
    text = serializers.CharField()
    evidence = serializers.ListField(child=serializers.CharField())


class FieldOut(Shape):
    name = serializers.CharField()
    value = serializers.CharField()


class StrDetailOut(Shape):
    report = StrOut()
    grounds = SentenceOut(source="sentences", many=True)
    indicators = serializers.ListField(source="report.indicators", child=serializers.CharField())
    fields_of_the_form = FieldOut(source="fields", many=True)
    annex = serializers.DictField(source="report.annex", help_text="facts and transactions, each row with its id.")


class StrActIn(Shape):
    act = serializers.ChoiceField(choices=["edit", "file"])
    grounds = serializers.CharField(required=False, default="", allow_blank=True, max_length=60_000)


class PeriodIn(Shape):
    since = serializers.DateField()
    until = serializers.DateField()


class FigureOut(Shape):
    section = serializers.CharField()
    name = serializers.CharField()
    value = serializers.CharField()


class MonitoringOut(Shape):
    id = serializers.UUIDField(source="uuid", help_text="The snapshot's id.")
    since = serializers.DateField()
    until = serializers.DateField()
    made_at = serializers.DateTimeField()
    sha256 = serializers.CharField(source="digest")
    figures = FigureOut(many=True)


class MonitoringPageOut(Shape):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = MonitoringOut(many=True)
