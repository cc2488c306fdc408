"""What the operations of a case take and give."""

from decimal import Decimal

from rest_framework import serializers

from creditiq.kernel.cards import FREE_TEXT
from lending.api.loan_shapes import money
from lending.api.serializers import ApplicationOut
from lending.models import DocumentKind, PaymentOrder


class CaseClaimIn(serializers.Serializer[object]):
    version = serializers.IntegerField(min_value=0, max_value=99_999_999, help_text="As the application showed it.")


class TakenOut(ApplicationOut):
    """An application with who has it."""

    officer = serializers.CharField(source="officer.get_full_name", default=None, allow_null=True)


class AssignIn(serializers.Serializer[object]):
    applications = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=50)
    officer = serializers.UUIDField(help_text="Public id of a loan officer of the bank.")


class AssignedOut(serializers.Serializer[object]):
    assigned = serializers.IntegerField()


class MemoIn(serializers.Serializer[object]):
    note = serializers.CharField(validators=FREE_TEXT, max_length=2000)


class TrialIn(serializers.Serializer[object]):
    """A changed request."""

    amount = serializers.DecimalField(max_digits=12, decimal_places=2, min_value=Decimal(1))
    months = serializers.IntegerField(min_value=1, max_value=360)
    collateral = serializers.DecimalField(
        max_digits=12, decimal_places=2, min_value=Decimal(0), default=Decimal(0),
        help_text="Security in rupees, after the bank's haircut.",
    )  # fmt: skip


class TrialOut(serializers.Serializer[object]):
    """The policy's answer to it."""

    amount = money()
    months = serializers.IntegerField()
    collateral = money()
    outcome = serializers.CharField()
    reasons = serializers.ListField(child=serializers.CharField())
    limit = money()
    basis = serializers.CharField()
    rate = serializers.DecimalField(max_digits=6, decimal_places=2, allow_null=True)
    instalment = serializers.DecimalField(source="service", max_digits=18, decimal_places=2, allow_null=True)
    coverage = serializers.DecimalField(max_digits=8, decimal_places=2, allow_null=True)


class ConditionIn(serializers.Serializer[object]):
    text = serializers.CharField(validators=FREE_TEXT, max_length=300)


class ConditionOut(serializers.Serializer[object]):
    id = serializers.UUIDField(source="uuid")
    text = serializers.CharField()
    at = serializers.DateTimeField()
    met_at = serializers.DateTimeField(allow_null=True)
    met_by = serializers.CharField(source="met_by.get_full_name", default=None, allow_null=True)


class PaperIn(serializers.Serializer[object]):
    kind = serializers.ChoiceField(choices=DocumentKind.choices)
    file = serializers.FileField()


class CasePaperOut(serializers.Serializer[object]):
    id = serializers.UUIDField(source="uuid")
    kind = serializers.CharField()
    name = serializers.CharField()
    media_type = serializers.CharField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField()
    at = serializers.DateTimeField()
    verified_at = serializers.DateTimeField(allow_null=True)
    verified_by = serializers.CharField(source="verified_by.get_full_name", default=None, allow_null=True)


class PaymentIn(serializers.Serializer[object]):
    holder = serializers.CharField(max_length=120, help_text="Account holder, as the receiving bank names them.")
    account_tail = serializers.RegexField(r"^\d{4}$", help_text="Last four digits of the account.")
    utr = serializers.CharField(max_length=40)
    amount = serializers.DecimalField(
        max_digits=12, decimal_places=2, min_value=Decimal(1), default=None, allow_null=True,
        help_text="A first part, when the loan is paid out in parts; null pays all of it.",
    )  # fmt: skip


class OrderedPaymentOut(serializers.Serializer[object]):
    id = serializers.UUIDField(source="uuid")
    state = serializers.ChoiceField(choices=PaymentOrder.State.choices)
    beneficiary = serializers.CharField()
    account_tail = serializers.CharField()
    utr = serializers.CharField()
    amount = serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True)
    name_match = serializers.DecimalField(max_digits=4, decimal_places=3)
    at = serializers.DateTimeField()
    maker = serializers.CharField(source="maker.get_full_name")
    checker = serializers.CharField(source="checker.get_full_name", default=None, allow_null=True)
    answered_at = serializers.DateTimeField(allow_null=True)
    note = serializers.CharField()


class PaymentAnswerIn(serializers.Serializer[object]):
    release = serializers.BooleanField(help_text="True pays out, false sends it back.")
    note = serializers.CharField(validators=FREE_TEXT, max_length=300, allow_blank=True, default="")
