"""What a loan would cost, over the API: the same figures as `manage.py quote`."""

from datetime import date, timedelta, timezone
from decimal import Decimal

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import Capability, HasCapability
from creditiq.kernel.clock import now
from creditiq.kernel.errors import InvalidInput
from lending.engine.apr import NoRate
from lending.engine.days import DayCount
from lending.engine.quotation import quote
from lending.engine.rounding import Rounding, RoundingRule
from lending.engine.terms import Grace, Method, Moratorium, Step, Terms, UnsoundTerms, loan_dates

ROUNDINGS = [(rule.value, rule.value) for rule in RoundingRule]
INDIA = timezone(timedelta(hours=5, minutes=30))


class QuoteIn(serializers.Serializer[object]):
    """The terms of a loan; only principal, rate and months are needed."""

    principal = serializers.DecimalField(max_digits=14, decimal_places=2, help_text="Rupees.")
    rate = serializers.DecimalField(max_digits=8, decimal_places=4, help_text="Per cent a year.")
    months = serializers.IntegerField(help_text="The whole tenor, a moratorium included.")
    method = serializers.ChoiceField(choices=[*Method], default=Method.EMI)
    day_count = serializers.ChoiceField(choices=[*DayCount], default=DayCount.SAME_AS_PERIOD)
    disbursed = serializers.DateField(default=None, help_text="A period before first_due when left out, else today.")
    first_due = serializers.DateField(default=None, help_text="A period after the disbursal when left out.")
    rounding = serializers.ChoiceField(choices=ROUNDINGS, default=RoundingRule.HALF_UP)
    interest_rounding = serializers.ChoiceField(choices=ROUNDINGS, default=None, help_text="As rounding.")
    multiple = serializers.DecimalField(max_digits=8, decimal_places=2, default=Decimal("0.01"))
    fee = serializers.DecimalField(max_digits=14, decimal_places=2, default=Decimal(0), min_value=Decimal(0))
    every = serializers.IntegerField(default=1, help_text="Months between instalments: 1, 3, 6 or 12.")
    instalment = serializers.DecimalField(max_digits=14, decimal_places=2, default=None)
    moratorium = serializers.IntegerField(default=0, min_value=0, help_text="First months without principal.")
    moratorium_interest = serializers.ChoiceField(choices=[*Grace], default=Grace.CAPITALISED)
    step_percent = serializers.DecimalField(max_digits=6, decimal_places=2, default=None)
    step_every = serializers.IntegerField(default=12, min_value=1)

    def terms(self, today: date) -> Terms:
        """The checked values as terms. Raises UnsoundTerms."""
        values = self.validated_data
        disbursed, first_due = loan_dates(
            disbursed=values["disbursed"], first_due=values["first_due"], every=values["every"], today=today
        )
        return Terms(
            principal=values["principal"],
            percent=values["rate"],
            months=values["months"],
            disbursed=disbursed,
            first_due=first_due,
            method=Method(values["method"]),
            day_count=DayCount(values["day_count"]),
            rounding=Rounding(
                RoundingRule(values["rounding"]),
                RoundingRule(values["interest_rounding"] or values["rounding"]),
                values["multiple"],
            ),
            moratorium=_moratorium(values["moratorium"], values["moratorium_interest"]),
            step=Step(values["step_percent"], values["step_every"]) if values["step_percent"] is not None else None,
            every=values["every"],
            instalment=values["instalment"],
        )


class InstalmentOut(serializers.Serializer[object]):
    n = serializers.IntegerField()
    due = serializers.DateField()
    principal = serializers.DecimalField(max_digits=16, decimal_places=2)
    interest = serializers.DecimalField(max_digits=16, decimal_places=2)
    capitalised = serializers.DecimalField(max_digits=16, decimal_places=2)
    amount = serializers.DecimalField(max_digits=16, decimal_places=2)
    balance = serializers.DecimalField(max_digits=16, decimal_places=2)


class QuoteOut(serializers.Serializer[object]):
    emi = serializers.DecimalField(max_digits=16, decimal_places=2)
    last_emi = serializers.DecimalField(max_digits=16, decimal_places=2)
    total_interest = serializers.DecimalField(max_digits=18, decimal_places=2)
    apr = serializers.DecimalField(max_digits=12, decimal_places=2, help_text="Per cent: monthly internal rate x 12.")
    irr_monthly = serializers.DecimalField(max_digits=12, decimal_places=6, help_text="Per cent.")
    effective_rate = serializers.DecimalField(max_digits=16, decimal_places=4, help_text="Per cent, compounded.")
    net_disbursed = serializers.DecimalField(max_digits=16, decimal_places=2)
    schedule = InstalmentOut(many=True)


class Quotes(APIView):
    """The cost of a loan with its schedule; nothing is stored."""

    permission_classes = (HasCapability,)
    capability = Capability.VIEW_SCORE

    @extend_schema(request=QuoteIn, responses=QuoteOut, operation_id="lending_quote", tags=["lending"])
    def post(self, request: Request) -> Response:
        """Instalments, interest and annual rate of the terms."""
        asked = QuoteIn(data=request.data)
        asked.is_valid(raise_exception=True)
        try:
            quotation = quote(asked.terms(now().astimezone(INDIA).date()), asked.validated_data["fee"])
        except UnsoundTerms as refusal:
            raise InvalidInput(refusal.message, field=refusal.field, rule=f"terms.{refusal.field}") from refusal
        except NoRate as refusal:
            raise InvalidInput(str(refusal), field="fee", rule="terms.fee") from refusal
        return Response(QuoteOut(quotation.written()).data)


def _moratorium(months: int, grace: str) -> Moratorium | None:
    return Moratorium(months, Grace(grace)) if months else None
