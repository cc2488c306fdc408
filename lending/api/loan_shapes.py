"""Loans as the API writes them. Money is a string with two decimals."""

from decimal import Decimal

from rest_framework import serializers

from creditiq.kernel.cards import FREE_TEXT
from lending.engine.allocation import Component
from lending.engine.revisions import Keep
from lending.models import LoanState, ProposalState, ReceiptMode
from lending.services import Paid, Wish

NOTHING = Decimal(0)
PURPOSES = [(name, name) for name in ("dues", "prepay", "foreclose", "cool_off", "recover")]


def money(*, allow_null: bool = False) -> serializers.DecimalField:
    """Rupees and paise."""
    return serializers.DecimalField(max_digits=18, decimal_places=2, allow_null=allow_null)


def no_money() -> serializers.DecimalField:
    """Rupees and paise, none when left out."""
    return serializers.DecimalField(max_digits=18, decimal_places=2, default=NOTHING)


class LoanOut(serializers.Serializer[object]):
    """A loan as it stands."""

    id = serializers.UUIDField(source="uuid")
    account_no = serializers.CharField()
    gstin = serializers.CharField(source="business.gstin")
    product = serializers.CharField(source="product.code")
    state = serializers.ChoiceField(choices=LoanState.choices)
    closed_as = serializers.CharField()
    sanctioned = money()
    rate = serializers.DecimalField(source="percent", max_digits=7, decimal_places=4)
    through = serializers.DateField()
    next_due = serializers.DateField(allow_null=True)
    oldest_due = serializers.DateField(allow_null=True)
    dpd = serializers.IntegerField()
    sma = serializers.CharField()
    asset_class = serializers.CharField()
    npa_date = serializers.DateField(allow_null=True)
    trigger = serializers.CharField()
    principal = money()
    accrued = money()
    interest_due = money()
    fee_due = money()
    penal_due = money()
    unallocated = money()
    suspended = money()
    provision = money()


class LoanPageOut(serializers.Serializer[object]):
    """A cursor page."""

    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    results = LoanOut(many=True)


class DueOut(serializers.Serializer[object]):
    """An amount asked for."""

    due = serializers.DateField()
    component = serializers.CharField()
    amount = money()
    paid = no_money()


class ScheduleRowOut(serializers.Serializer[object]):
    """An instalment; `unpaid` is null while it is still to come."""

    due = serializers.DateField()
    principal = money()
    interest = money()
    amount = money()
    unpaid = money(allow_null=True)


class ProvisionOut(serializers.Serializer[object]):
    """Both computations, the floor, and what is held."""

    on = serializers.DateField()
    outstanding = money()
    stage = serializers.IntegerField()
    irac = money()
    ecl = money()
    floor = money()
    held = money()


class LoanViewOut(serializers.Serializer[object]):
    """One loan with everything about it."""

    loan = LoanOut()
    drawn = money()
    undrawn = money()
    due_now = money()
    dues = DueOut(many=True)
    schedule = ScheduleRowOut(many=True)
    provision = ProvisionOut(allow_null=True)


class StatementRowOut(serializers.Serializer[object]):
    """One change of what is owed."""

    on = serializers.DateField()
    text = serializers.CharField()
    charged = money()
    paid = money()
    balance = money()


class PayoffOut(serializers.Serializer[object]):
    """What closes a loan."""

    principal = money()
    interest = money()
    fees = money()
    penal = money()
    held = money()
    total = money()


class ReceiptIn(serializers.Serializer[object]):
    """A payment as it came in."""

    amount = money()
    on = serializers.DateField()
    mode = serializers.ChoiceField(choices=ReceiptMode.choices)
    utr = serializers.CharField(max_length=40)
    purpose = serializers.ChoiceField(choices=PURPOSES, default="dues")
    keep = serializers.ChoiceField(choices=[keep.value for keep in Keep], default=Keep.TENOR.value)
    payer = serializers.CharField(max_length=120, default="", allow_blank=True)
    third_party = serializers.BooleanField(default=False)


class ReceiptOut(serializers.Serializer[object]):
    """A booked payment."""

    id = serializers.UUIDField(source="uuid")
    utr = serializers.CharField()
    on = serializers.DateField()
    amount = money()
    mode = serializers.CharField()


class PreviewIn(serializers.Serializer[object]):
    """A payment of today."""

    amount = money()


class OptionOut(serializers.Serializer[object]):
    """One order of payment."""

    orientation = serializers.CharField()
    applies = serializers.BooleanField()
    paid = DueOut(many=True)
    left = DueOut(many=True)
    kept = money()
    dpd = serializers.IntegerField(source="standing.dpd")
    sma = serializers.CharField(source="standing.sma", allow_null=True)
    asset_class = serializers.CharField(source="standing.asset_class")


class PreviewOut(serializers.Serializer[object]):
    """What a payment would do."""

    on = serializers.DateField()
    amount = money()
    due = money()
    differs = serializers.BooleanField()
    options = OptionOut(many=True)


class WishIn(serializers.Serializer[object]):
    """What is asked of a second person; a kind reads only what it needs."""

    kind = serializers.ChoiceField(
        choices=[
            "correct",
            "return",
            "fee",
            "waive",
            "restructure",
            "settle",
            "write_off",
            "refund",
            "reset",
            "declare_loss",
            "draw",
        ]
    )
    note = serializers.CharField(validators=FREE_TEXT, max_length=500)
    amount = no_money()
    tax = no_money()
    component = serializers.ChoiceField(choices=[part.value for part in Component], default="", allow_blank=True)
    percent = serializers.DecimalField(max_digits=6, decimal_places=3, default=NOTHING)
    months = serializers.IntegerField(min_value=0, max_value=360, default=0)
    first_due = serializers.DateField(default=None, allow_null=True)
    reference = serializers.CharField(max_length=40, default="", allow_blank=True)
    keep = serializers.ChoiceField(choices=[keep.value for keep in Keep], default=Keep.TENOR.value)
    payment = ReceiptIn(default=None, allow_null=True)

    @property
    def wish(self) -> Wish:
        """As the service takes it."""
        values = {name: value for name, value in self.validated_data.items() if name not in ("note", "payment")}
        given = self.validated_data["payment"]
        return Wish(**values, paid=Paid(**{**given, "keep": Keep(given["keep"])}) if given else None)


class LoanFigureOut(serializers.Serializer[object]):
    """One figure without and with the act."""

    name = serializers.CharField()
    before = serializers.CharField()
    after = serializers.CharField()


class ProposalOut(serializers.Serializer[object]):
    """What waits for, or got, a second person's answer."""

    id = serializers.UUIDField(source="uuid")
    kind = serializers.CharField()
    state = serializers.ChoiceField(choices=ProposalState.choices)
    note = serializers.CharField()
    effect = LoanFigureOut(many=True)
    answer = serializers.CharField()


class AnswerIn(serializers.Serializer[object]):
    """Yes or no."""

    approve = serializers.BooleanField()
    answer = serializers.CharField(validators=FREE_TEXT, max_length=500, default="", allow_blank=True)


class ShareOut(serializers.Serializer[object]):
    """One share of the portfolio."""

    name = serializers.CharField()
    loans = serializers.IntegerField()
    outstanding = money()
    bad = money()
    bad_percent = serializers.DecimalField(max_digits=6, decimal_places=1)


class LoanMoveOut(serializers.Serializer[object]):
    """Loans that moved from one standing to another in a month."""

    month = serializers.CharField()
    start = serializers.CharField()
    end = serializers.CharField()
    loans = serializers.IntegerField()


class AppetiteOut(serializers.Serializer[object]):
    """Expected loss of performing loans against what the policy bears."""

    name = serializers.CharField()
    loans = serializers.IntegerField()
    expected = money()
    budget = money()
    percent = serializers.DecimalField(max_digits=9, decimal_places=1)
    above = serializers.IntegerField()


class BridgeOut(serializers.Serializer[object]):
    """One class under IRAC and under expected loss."""

    name = serializers.CharField()
    loans = serializers.IntegerField()
    outstanding = money()
    irac = money()
    ecl = money()
    floor = money()
    held = money()
    gap = money()


class LoanShockOut(serializers.Serializer[object]):
    """What a shock would cost, in expected loss of a year."""

    name = serializers.CharField()
    before = money()
    after = money()
    more = money()


class PortfolioOut(serializers.Serializer[object]):
    """The book of loans on a day."""

    on = serializers.DateField()
    snapshot = serializers.CharField()
    loans = serializers.IntegerField()
    outstanding = money()
    overdue = money()
    non_performing = money()
    irac = money()
    ecl = money()
    held = money()
    expected_loss = money()
    standings = ShareOut(many=True)
    bands = ShareOut(many=True)
    sectors = ShareOut(many=True)
    states = ShareOut(many=True)
    products = ShareOut(many=True)
    vintages = ShareOut(many=True)
    moves = LoanMoveOut(many=True)
    appetites = AppetiteOut(many=True)
    bridge = BridgeOut(source="bridge_rows", many=True)
    shocks = LoanShockOut(many=True)
