"""Rules, their versions and steps over the API."""

from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import Capability, HasCapability, signed_in
from creditiq.kernel.cards import FREE_TEXT
from creditiq.kernel.clock import now
from creditiq.kernel.pages import in_pages, page_of
from fraud import selectors, services
from fraud.models import Severity
from fraud.services import RuleDraft

LAST_VERSION = 32_767
STEPS = ("submit", "shadow", "publish", "retire")
MOST_RULES = 1_000
VERSION = OpenApiParameter("version", int, description="The newest when absent.")


class RuleVersionOut(serializers.Serializer[object]):
    version = serializers.IntegerField()
    state = serializers.CharField(help_text="draft, review, shadow, live or retired.")
    severity = serializers.ChoiceField(choices=Severity.choices)
    expression = serializers.JSONField()
    cases = serializers.JSONField()
    note = serializers.CharField()
    author = serializers.CharField(source="author.get_full_name")
    publisher = serializers.CharField(source="publisher.get_full_name", default=None, allow_null=True)
    written_at = serializers.DateTimeField()
    live_from = serializers.DateTimeField(allow_null=True)
    retired_at = serializers.DateTimeField(allow_null=True)


class RuleRowOut(serializers.Serializer[object]):
    id = serializers.UUIDField(source="rule.uuid")
    slug = serializers.CharField(source="rule.slug")
    title = serializers.CharField(source="rule.title")
    newest = serializers.IntegerField(source="newest.version")
    state = serializers.CharField(source="newest.state")
    live = serializers.IntegerField(source="live.version", default=None, allow_null=True)
    hits = serializers.IntegerField(help_text="Businesses you may see that it held of.")
    shadow_hits = serializers.IntegerField()


class ChangeOut(serializers.Serializer[object]):
    kind = serializers.ChoiceField(choices=("added", "removed", "kept"))
    text = serializers.CharField(trim_whitespace=False)


class CaseResultOut(serializers.Serializer[object]):
    name = serializers.CharField()
    expected = serializers.BooleanField()
    found = serializers.BooleanField()
    passed = serializers.BooleanField()


class BacktestResultOut(serializers.Serializer[object]):
    since = serializers.DateField()
    until = serializers.DateField()
    ran_at = serializers.DateTimeField()
    ran_by = serializers.CharField(source="ran_by.get_full_name")
    screened = serializers.IntegerField()
    hits = serializers.IntegerField()
    decided = serializers.IntegerField()
    approved = serializers.IntegerField()
    approved_hit = serializers.IntegerField()
    effect = serializers.DecimalField(source="effect_rupees", max_digits=18, decimal_places=2, help_text="Rupees.")
    approval_rate = serializers.FloatField(allow_null=True)
    approval_rate_difference = serializers.FloatField(allow_null=True)


class RuleOut(serializers.Serializer[object]):
    id = serializers.UUIDField(source="rule.uuid")
    slug = serializers.CharField(source="rule.slug")
    title = serializers.CharField(source="rule.title")
    version = RuleVersionOut()
    live = serializers.IntegerField(source="live.version", default=None, allow_null=True)
    versions = RuleVersionOut(many=True)
    changes = ChangeOut(many=True, help_text="Lines of the live version and of this one.")
    results = CaseResultOut(many=True)
    unready = serializers.CharField(help_text="Why it cannot be reviewed yet; empty when it can.")
    backtests = BacktestResultOut(many=True)
    hits = serializers.IntegerField()
    steps = serializers.ListField(child=serializers.CharField(), help_text="What you can do now.")


class RuleIn(serializers.Serializer[object]):
    slug = serializers.SlugField(max_length=60)
    title = serializers.CharField(max_length=120)
    expression = serializers.JSONField()
    cases = serializers.JSONField()
    severity = serializers.ChoiceField(choices=Severity.choices)
    note = serializers.CharField(validators=FREE_TEXT, max_length=2000, default="", allow_blank=True)


class RuleActIn(serializers.Serializer[object]):
    act = serializers.ChoiceField(choices=STEPS)
    version = serializers.IntegerField(min_value=1, max_value=LAST_VERSION)


class Rules(APIView):
    """Rules as data."""

    permission_classes = (HasCapability,)

    @property
    def capability(self) -> Capability:
        return Capability.WORK_FRAUD if self.request.method == "POST" else Capability.VIEW_FRAUD

    @extend_schema(responses=page_of(RuleRowOut), operation_id="fraud_rules_list", tags=["fraud"])
    def get(self, request: Request) -> Response:
        """By title, in cursor pages of 50."""
        return in_pages(request, selectors.rule_list(user=signed_in(request), most=MOST_RULES).rows, RuleRowOut)

    @extend_schema(request=RuleIn, responses={201: RuleOut}, operation_id="fraud_rule_write", tags=["fraud"])
    def post(self, request: Request) -> Response:
        """A new draft; a known slug gets a new version."""
        asked = RuleIn(data=request.data)
        asked.is_valid(raise_exception=True)
        user = signed_in(request)
        made = services.write_rule(draft=RuleDraft(**asked.validated_data), by=user, at=now())
        view = selectors.rule_view(user=user, rule_id=made.rule.uuid, version=made.version)
        return Response(RuleOut(view).data, status=201)


class OneRule(APIView):
    """A rule with its versions, cases and back-tests."""

    permission_classes = (HasCapability,)
    capability = Capability.VIEW_FRAUD

    @extend_schema(parameters=[VERSION], responses=RuleOut, operation_id="fraud_rule_read", tags=["fraud"])
    def get(self, request: Request, rule_id: UUID) -> Response:
        """One version, what it changes against the live one, and what its cases say."""
        named = request.query_params.get("version")
        number = None
        if named is not None:
            number = serializers.IntegerField(min_value=1, max_value=LAST_VERSION).run_validation(named)
        return Response(RuleOut(selectors.rule_view(user=signed_in(request), rule_id=rule_id, version=number)).data)


class RuleActs(APIView):
    """Steps of a version."""

    permission_classes = (HasCapability,)
    capability = Capability.WORK_FRAUD

    @extend_schema(request=RuleActIn, responses=RuleOut, operation_id="fraud_rule_act", tags=["fraud"])
    def post(self, request: Request, rule_id: UUID) -> Response:
        """submit by its author; shadow and publish by somebody else; retire."""
        asked = RuleActIn(data=request.data)
        asked.is_valid(raise_exception=True)
        user, values = signed_in(request), asked.validated_data
        services.rule_act(rule_id=rule_id, by=user, at=now(), **values)
        return Response(RuleOut(selectors.rule_view(user=user, rule_id=rule_id, version=values["version"])).data)
