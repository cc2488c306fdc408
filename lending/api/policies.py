"""Policy versions over the API."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import Capability, HasCapability, signed_in
from creditiq.kernel.clock import now
from creditiq.kernel.moments import MomentField
from lending import selectors, services
from lending.selectors.policy_versions import SECTIONS


class PolicyIn(serializers.Serializer[object]):
    """A whole document of one section."""

    section = serializers.ChoiceField(choices=list(SECTIONS))
    document = serializers.DictField()


class PublishIn(serializers.Serializer[object]):
    live_from = MomentField(required=False, help_text="Moment with zone; now when left out.")


class PolicyChangeOut(serializers.Serializer[object]):
    path = serializers.CharField()
    before = serializers.JSONField(allow_null=True)
    after = serializers.JSONField(allow_null=True)


class PolicyVersionOut(serializers.Serializer[object]):
    """One version with what it changes of the one before."""

    section = serializers.CharField()
    version = serializers.IntegerField()
    state = serializers.CharField(help_text="draft, scheduled, live or retired.")
    author = serializers.CharField()
    approver = serializers.CharField()
    live_from = serializers.DateTimeField(allow_null=True)
    retired_at = serializers.DateTimeField(allow_null=True)
    changed = PolicyChangeOut(many=True)
    document = serializers.DictField()


class PolicySectionOut(serializers.Serializer[object]):
    code = serializers.CharField()
    title = serializers.CharField()
    live = serializers.IntegerField(help_text="Version in force, 0 for the built-in one.")
    versions = PolicyVersionOut(many=True)


class SimulationOut(serializers.Serializer[object]):
    """What a document would do to the portfolio; money in rupees."""

    businesses = serializers.IntegerField()
    changed = serializers.IntegerField(help_text="Businesses that change band.")
    moves = serializers.ListField(child=serializers.ListField(), help_text="Band before, band after, businesses.")
    applications = serializers.IntegerField()
    flips = serializers.ListField(
        child=serializers.ListField(child=serializers.CharField()), help_text="Number, outcome before, outcome after."
    )
    sampled = serializers.IntegerField()
    effect = serializers.DecimalField(max_digits=20, decimal_places=0)
    low = serializers.DecimalField(max_digits=20, decimal_places=0)
    high = serializers.DecimalField(max_digits=20, decimal_places=0)


class Policies(APIView):
    """Versions of every section."""

    permission_classes = (HasCapability,)

    @property
    def capability(self) -> Capability:
        """Who may look, and who may change something."""
        return Capability.WRITE_POLICY if self.request.method == "POST" else Capability.VIEW_POLICIES

    @extend_schema(responses=PolicySectionOut(many=True), operation_id="policies_list", tags=["policies"])
    def get(self, request: Request) -> Response:
        """Every section with its versions, the newest first."""
        sections = selectors.policy_sections(user=signed_in(request), at=now())
        return Response(PolicySectionOut(sections, many=True).data)

    @extend_schema(
        request=PolicyIn, responses={201: PolicyVersionOut}, operation_id="policies_draft", tags=["policies"]
    )
    def post(self, request: Request) -> Response:
        """Draft the next version; 422 names the entry that is wrong."""
        asked, at, person = PolicyIn(data=request.data), now(), signed_in(request)
        asked.is_valid(raise_exception=True)
        made = services.write_policy(by=person, at=at, **asked.validated_data)
        row = selectors.policy_version(section=made.section, version=made.version, user=person, at=at)
        return Response(PolicyVersionOut(row).data, status=201)


class PolicySimulation(APIView):
    """A document held against the portfolio."""

    permission_classes = (HasCapability,)
    capability = Capability.VIEW_POLICIES

    @extend_schema(request=PolicyIn, responses=SimulationOut, operation_id="policies_simulate", tags=["policies"])
    def post(self, request: Request) -> Response:
        """How many businesses change band, which open applications change verdict, the effect; nothing is stored."""
        asked = PolicyIn(data=request.data)
        asked.is_valid(raise_exception=True)
        found = services.simulate_policy(by=signed_in(request), at=now(), **asked.validated_data)
        return Response(SimulationOut(found).data)


class PolicyPublication(APIView):
    """A draft goes live."""

    permission_classes = (HasCapability,)
    capability = Capability.WRITE_POLICY

    @extend_schema(request=PublishIn, responses=PolicyVersionOut, operation_id="policies_publish", tags=["policies"])
    def post(self, request: Request, section: str, version: int) -> Response:
        """Publish a draft of somebody else's, now or later; 409 for one's own."""
        asked, at, person = PublishIn(data=request.data), now(), signed_in(request)
        asked.is_valid(raise_exception=True)
        live_from = asked.validated_data.get("live_from") or at
        services.publish_version(section=section, version=version, by=person, live_from=live_from, at=at)
        row = selectors.policy_version(section=section, version=version, user=person, at=at)
        return Response(PolicyVersionOut(row).data)
