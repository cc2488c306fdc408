"""What the fraud API answers. Money is a string with two decimals; parties without consent have no id."""

from datetime import date
from decimal import Decimal

from rest_framework import serializers

from fraud.selectors.layers import KINDS
from fraud.selectors.topology import LEVELS


class PartyOut(serializers.Serializer[object]):
    id = serializers.UUIDField(source="uuid", allow_null=True, help_text="Null: a business you may not see.")
    name = serializers.CharField(help_text="The trade name, or a pseudonym.")
    gstin = serializers.CharField(allow_null=True)


class RingOut(serializers.Serializer[object]):
    id = serializers.UUIDField(source="ring.uuid")
    state = serializers.CharField(source="alert.state", default="watch", help_text="watch: never passed policy.")
    confidence = serializers.FloatField(source="ring.confidence")
    suspect = serializers.BooleanField(source="ring.suspect")
    recurrence = serializers.FloatField(source="ring.recurrence", help_text="Laps by weight, 90 days.")
    retention = serializers.FloatField(source="ring.retention")
    hop_hours = serializers.FloatField(source="ring.hop_hours")
    concentration = serializers.FloatField(source="ring.concentration")
    externality = serializers.FloatField(source="ring.externality")
    goods_support = serializers.FloatField(source="ring.goods_support")
    p_value = serializers.FloatField(source="ring.p_value", allow_null=True)
    q_value = serializers.FloatField(source="ring.q_value", allow_null=True)
    value = serializers.DecimalField(max_digits=18, decimal_places=2)
    velocity_per_day = serializers.DecimalField(source="velocity", max_digits=18, decimal_places=2)
    first_seen_at = serializers.DateTimeField(source="ring.first_seen_at")
    screened_at = serializers.DateTimeField(source="ring.screened_at")
    members = PartyOut(many=True)


class RingPageOut(serializers.Serializer[object]):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = RingOut(many=True)


class MemberOut(serializers.Serializer[object]):
    party = PartyOut()
    confidence = serializers.FloatField(source="member.confidence")
    recurrence = serializers.FloatField(source="member.recurrence")
    retention = serializers.FloatField(source="member.retention")
    concentration = serializers.FloatField(source="member.concentration")
    suspect = serializers.BooleanField(source="member.suspect")
    velocity_per_day = serializers.DecimalField(source="velocity", max_digits=18, decimal_places=2)


class PaymentOut(serializers.Serializer[object]):
    at = serializers.DateTimeField()
    payer = PartyOut()
    payee = PartyOut()
    amount = serializers.DecimalField(max_digits=18, decimal_places=2)
    rail = serializers.CharField()
    reference = serializers.CharField()


class LapOut(serializers.Serializer[object]):
    started_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField()
    hours = serializers.FloatField()
    came_back = serializers.FloatField()
    value = serializers.DecimalField(max_digits=18, decimal_places=2)
    payments = PaymentOut(many=True, help_text="Those that touch a party you may see.")
    hidden = serializers.IntegerField(help_text="Payments between two parties you may not see: left out.")


class ConfidencePartOut(serializers.Serializer[object]):
    quantity = serializers.CharField(source="label")
    value = serializers.CharField()
    log_odds = serializers.FloatField()


class RingDetailOut(serializers.Serializer[object]):
    id = serializers.UUIDField(source="ring.uuid")
    state = serializers.CharField(source="alert.state", default="watch")
    confidence = serializers.FloatField(source="ring.confidence")
    confidence_parts = ConfidencePartOut(source="parts", many=True)
    p_value = serializers.FloatField(source="ring.p_value", allow_null=True)
    q_value = serializers.FloatField(source="ring.q_value", allow_null=True)
    value = serializers.DecimalField(max_digits=18, decimal_places=2)
    velocity_per_day = serializers.DecimalField(source="velocity", max_digits=18, decimal_places=2)
    members = MemberOut(many=True)
    outsiders = PartyOut(many=True, help_text="Members who are addresses nobody verified, masked.")
    laps = LapOut(many=True, help_text="The latest laps, newest first.")
    laps_total = serializers.IntegerField(source="page.paginator.count")


class GraphIn(serializers.Serializer[object]):
    confidence = serializers.FloatField(min_value=0, max_value=1, default=0.0)
    amount = serializers.DecimalField(min_value=0, default=Decimal(0), max_digits=18, decimal_places=2)
    flagged = serializers.BooleanField(default=False)
    days = serializers.IntegerField(min_value=1, max_value=90, default=None, allow_null=True, help_text="Window.")
    community = serializers.IntegerField(min_value=1, default=None, allow_null=True, help_text="One community.")
    page = serializers.IntegerField(min_value=1, default=1, help_text="Page of communities.")
    since = serializers.DateField(default=None, allow_null=True, help_text="First day, instead of `days`.")
    until = serializers.DateField(default=None, allow_null=True, help_text="Last day; the screening's at the latest.")
    kind = serializers.ChoiceField(KINDS, default="", allow_blank=True, help_text="One layer; empty: all payments.")
    level = serializers.ChoiceField(LEVELS, default="", allow_blank=True, help_text="Empty: what can be drawn.")
    ring = serializers.UUIDField(default=None, allow_null=True, help_text="Its members and whom they deal with.")

    def validate(self, attrs: dict[str, object]) -> dict[str, object]:
        """The last day is not before the first."""
        since, until = attrs["since"], attrs["until"]
        if isinstance(since, date) and isinstance(until, date) and until < since:
            raise serializers.ValidationError({"until": "The last day is before the first. Change one of them."})
        return attrs


class NodeOut(serializers.Serializer[object]):
    party = PartyOut()
    confidence = serializers.FloatField()
    flagged = serializers.BooleanField()
    pagerank = serializers.FloatField()
    ring = serializers.UUIDField(allow_null=True)
    community = serializers.IntegerField()
    outside = serializers.BooleanField(help_text="An address nobody verified, in the ring of a business shown.")


class LinkOut(serializers.Serializer[object]):
    payer = PartyOut()
    payee = PartyOut()
    amount = serializers.DecimalField(max_digits=18, decimal_places=2)
    payments = serializers.IntegerField()
    steps = serializers.ListField(
        child=serializers.IntegerField(), help_text="Steps of the replay with a payment, from 0."
    )


class CommunityOut(serializers.Serializer[object]):
    number = serializers.IntegerField(help_text="Holds for one screening and window.")
    businesses = serializers.IntegerField()
    flagged = serializers.IntegerField()
    confidence = serializers.FloatField()


class FlowOut(serializers.Serializer[object]):
    payer = serializers.IntegerField(help_text="Number of a community.")
    payee = serializers.IntegerField()
    amount = serializers.DecimalField(max_digits=20, decimal_places=2)
    steps = serializers.ListField(
        child=serializers.IntegerField(), help_text="Steps of the replay with a payment, from 0."
    )


class GraphOut(serializers.Serializer[object]):
    as_of = serializers.DateTimeField(source="screening.as_of", default=None, allow_null=True)
    days = serializers.IntegerField()
    total = serializers.IntegerField()
    matching = serializers.IntegerField(help_text="Businesses that passed the filter; at most 300 are sent.")
    nodes = NodeOut(many=True)
    links = LinkOut(many=True)
    communities = CommunityOut(many=True, help_text="A page of 150, most suspected first.")
    flows = FlowOut(many=True, help_text="Payments between the communities of the page.")
    pages = serializers.IntegerField()
    steps = serializers.ListField(child=serializers.DateField(), help_text="The first day of each step of the replay.")


class NetworkOut(serializers.Serializer[object]):
    fraud_ring_flag = serializers.FloatField(allow_null=True)
    fraud_confidence = serializers.FloatField(allow_null=True)
    cycle_velocity = serializers.FloatField(allow_null=True)
    cycle_recurrence = serializers.FloatField(allow_null=True)
    counterparty_compliance_avg = serializers.FloatField(allow_null=True)
    counterparty_fraud_exposure = serializers.FloatField(allow_null=True)
    gst_upi_receivables_gap = serializers.FloatField(allow_null=True)
    ewb_smurfing_index = serializers.FloatField(allow_null=True)
    pagerank_score = serializers.FloatField(allow_null=True)


class ScreeningOut(serializers.Serializer[object]):
    business = serializers.UUIDField(source="business.uuid")
    gstin = serializers.CharField(source="business.gstin")
    as_of = serializers.DateTimeField(source="screening.as_of")
    population_as_of = serializers.DateTimeField(source="screening.population.as_of", default=None, allow_null=True)
    complete = serializers.BooleanField(source="screening.complete")
    window_hours = serializers.IntegerField(source="screening.window_hours")
    network = NetworkOut(source="screening")
    structuring_share = serializers.FloatField(source="screening.structuring_share", allow_null=True)
    held = serializers.BooleanField(source="standing.held")
    confirmed = serializers.BooleanField(source="standing.confirmed")
    ring = serializers.UUIDField(source="standing.ring_id", allow_null=True)
