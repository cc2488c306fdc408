"""What is filled in while a loan runs, and the question of a replay."""

from datetime import date
from decimal import Decimal

from django import forms
from django.http import QueryDict

from creditiq.kernel.cards import FREE_TEXT
from lending.engine.allocation import Component
from lending.engine.revisions import Keep
from lending.models import ReceiptMode
from lending.services import Paid, Subject, Wish

NOTHING = Decimal(0)


class ReceiptForm(forms.Form):
    """A payment as it came in."""

    amount = forms.DecimalField(label="Amount in rupees", min_value=Decimal("0.01"), max_digits=16, decimal_places=2)
    on = forms.DateField(label="Received on", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    mode = forms.ChoiceField(label="How", choices=ReceiptMode.choices)
    utr = forms.CharField(label="Reference (UTR)", max_length=40, required=False)
    purpose = forms.ChoiceField(
        label="For",
        choices=[
            ("dues", "What is due"), ("prepay", "A part prepayment"), ("foreclose", "Closing the loan"),
            ("cool_off", "Leaving within the cooling-off days"), ("recover", "Recovery after write-off"),
        ],
    )  # fmt: skip
    keep = forms.ChoiceField(
        label="After a prepayment", required=False,
        choices=[
            (Keep.TENOR.value, "Same end, smaller instalments"),
            (Keep.INSTALMENT.value, "Same instalment, earlier end"),
        ],
    )  # fmt: skip
    payer = forms.CharField(label="Who paid", max_length=120, required=False)
    third_party = forms.BooleanField(label="Somebody else than the borrower paid", required=False)

    @property
    def paid(self) -> Paid:
        """The payment as the service takes it."""
        values = self.cleaned_data
        return Paid(**{**values, "keep": Keep(values["keep"] or Keep.TENOR)})


class ProposalForm(forms.Form):
    """What is asked of a second person; only the fields of the chosen kind are read."""

    kind = forms.ChoiceField(
        label="What",
        choices=[
            ("correct", "Payment of an earlier day"), ("return", "Payment that came back"), ("fee", "Fee"),
            ("waive", "Waive charges or interest"), ("restructure", "New terms"), ("reset", "New rate"),
            ("settle", "Settle for less"), ("draw", "Pay out another part"), ("declare_loss", "Declare a loss asset"),
            ("write_off", "Write off"), ("refund", "Pay surplus back"),
        ],
    )  # fmt: skip
    note = forms.CharField(validators=FREE_TEXT, label="Why", max_length=500)
    amount = forms.DecimalField(
        label="Amount in rupees", min_value=Decimal("0.01"), max_digits=16, decimal_places=2, required=False,
        help_text="Of the payment, fee, waiver or refund.",
    )  # fmt: skip
    component = forms.ChoiceField(
        label="Waive", required=False,
        choices=[(part.value, part.value) for part in (Component.PENAL, Component.FEE, Component.INTEREST)],
    )  # fmt: skip
    reference = forms.CharField(label="Reference (UTR)", max_length=40, required=False, help_text="Of the payment.")
    on = forms.DateField(
        label="Received on", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    mode = forms.ChoiceField(label="How", choices=ReceiptMode.choices, required=False)
    percent = forms.DecimalField(
        label="New rate, % a year", min_value=Decimal(0), max_value=Decimal(100), max_digits=6, decimal_places=3,
        required=False,
    )  # fmt: skip
    keep = forms.ChoiceField(
        label="After a new rate", required=False,
        choices=[(Keep.TENOR.value, "Same end"), (Keep.INSTALMENT.value, "Same instalment")],
    )  # fmt: skip
    months = forms.IntegerField(label="New months", min_value=1, max_value=360, required=False)
    first_due = forms.DateField(
        label="New first due date", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, data: QueryDict | None, *, today: date) -> None:
        super().__init__(data)
        self._today = today

    @property
    def wish(self) -> Wish:
        """What is asked for, as the service takes it."""
        values = self.cleaned_data
        kind, amount = values["kind"], values["amount"] or NOTHING
        paid = None
        if kind in ("correct", "settle"):
            on = values["on"] if kind == "correct" and values["on"] else self._today
            paid = Paid(amount=amount, on=on, mode=values["mode"] or "neft", utr=values["reference"])
        return Wish(
            kind=kind,
            amount=amount,
            component=values["component"],
            percent=values["percent"] or NOTHING,
            months=values["months"] or 0,
            first_due=values["first_due"],
            paid=paid,
            reference=values["reference"].strip(),
            keep=values["keep"] or Keep.TENOR.value,
        )


class QuoteForm(forms.Form):
    """A part prepayment or a new rate, to see what it would do."""

    prepay = forms.DecimalField(
        label="Paid ahead, in rupees", min_value=Decimal("0.01"), max_digits=16, decimal_places=2, required=False
    )
    percent = forms.DecimalField(
        label="New rate, % a year", min_value=Decimal("0.001"), max_value=Decimal(100), max_digits=6, decimal_places=3,
        required=False,
    )  # fmt: skip


class AnswerForm(forms.Form):
    """A second person's yes or no."""

    verdict = forms.ChoiceField(choices=[("approve", "Approve"), ("reject", "Reject")])
    answer = forms.CharField(validators=FREE_TEXT, label="Note", max_length=500, required=False)


class ContactForm(forms.Form):
    """A contact about arrears, with a promise when there was one."""

    channel = forms.ChoiceField(
        label="How", choices=[("call", "Call"), ("visit", "Visit"), ("message", "Message"), ("letter", "Letter")]
    )
    note = forms.CharField(validators=FREE_TEXT, label="What was said", max_length=500)
    promised = forms.DecimalField(
        label="Promised, in rupees", min_value=Decimal("0.01"), max_digits=16, decimal_places=2, required=False
    )
    promised_on = forms.DateField(
        label="Promised for", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class PayForm(forms.Form):
    """What an owner is about to pay."""

    amount = forms.DecimalField(
        label="Amount in rupees", min_value=Decimal(1), max_digits=14, decimal_places=2,
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "0.01"}),
    )  # fmt: skip


class GrievanceForm(forms.Form):
    """A complaint about a loan."""

    text = forms.CharField(
        validators=FREE_TEXT, label="What is wrong", max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )


class ReplayForm(forms.Form):
    """What is to be rebuilt; a business needs the moment too."""

    kind = forms.ChoiceField(
        choices=[("decision", "A decision"), ("score", "A score"), ("business", "A business at a moment")], label="What"
    )
    public_id = forms.UUIDField(label="Public id")
    as_of = forms.DateTimeField(
        required=False,
        label="Moment",
        help_text="Indian time; for a business only.",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )

    def clean(self) -> dict[str, object]:
        """A business is rebuilt at a moment."""
        if self.cleaned_data.get("kind") == "business" and not self.cleaned_data.get("as_of"):
            self.add_error("as_of", "Give the moment to rebuild.")
        return self.cleaned_data

    def subject(self) -> Subject:
        """As the service takes it."""
        values = self.cleaned_data
        if values["kind"] == "business":
            return Subject(business=values["public_id"], as_of=values["as_of"])
        return Subject(**{values["kind"]: values["public_id"]})
