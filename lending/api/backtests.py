"""Back-tests of fraud rules over the API: they need what was decided, so their door is here."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import Capability, HasCapability, signed_in
from creditiq.kernel.clock import now
from lending import services


class BacktestIn(serializers.Serializer[object]):
    version = serializers.IntegerField(min_value=1, max_value=32_767)
    since = serializers.DateField()
    until = serializers.DateField(help_text="Inclusive, like the first; days of Indian time.")


class BacktestOut(serializers.Serializer[object]):
    version = serializers.IntegerField(source="version.version")
    since = serializers.DateField()
    until = serializers.DateField()
    screened = serializers.IntegerField(help_text="Businesses you may see that were screened in the period.")
    hits = serializers.IntegerField(help_text="Of these, the version matches.")
    decided = serializers.IntegerField()
    approved = serializers.IntegerField()
    approved_hit = serializers.IntegerField(help_text="Approved although the version matches.")
    effect = serializers.DecimalField(source="effect_rupees", max_digits=18, decimal_places=2, help_text="Rupees.")
    approval_rate = serializers.FloatField(allow_null=True)
    approval_rate_difference = serializers.FloatField(allow_null=True)


class Backtests(APIView):
    """A version of a rule against past screenings and decisions."""

    permission_classes = (HasCapability,)
    capability = Capability.WORK_FRAUD

    @extend_schema(request=BacktestIn, responses={201: BacktestOut}, operation_id="fraud_rule_backtest", tags=["fraud"])
    def post(self, request: Request, rule_id: UUID) -> Response:
        """Hits, rupees they would have touched, and how far the approval rate would have fallen."""
        asked = BacktestIn(data=request.data)
        asked.is_valid(raise_exception=True)
        values = asked.validated_data
        made = services.backtest_rule(
            rule_id=rule_id,
            version=values["version"],
            days=(values["since"], values["until"]),
            by=signed_in(request),
            at=now(),
        )
        return Response(BacktestOut(made).data, status=201)
