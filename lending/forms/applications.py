"""What an applicant and the people who decide fill in."""

from decimal import Decimal

from django import forms
from django.http import QueryDict

from accounts.models import Organisation
from creditiq.kernel.cards import FREE_TEXT
from creditiq.kernel.speech import told_choices
from lending.engine.reasons import REASONS, Effect
from lending.models import DocumentKind, LoanProduct
from lending.models.applications import DECISIONS
from lending.services import Asked

WITHOUT_PEOPLE = frozenset({"fraud.confirmed", "fraud.hold", "fraud.unscreened"})
"""Reasons only the fraud policy gives."""


def reason_choices(effect: Effect) -> list[tuple[str, str]]:
    """The reasons of one direction that a person may choose, with their titles."""
    return [
        (code, reason.title)
        for code, reason in REASONS.items()
        if reason.effect is effect and code not in WITHOUT_PEOPLE
    ]


class ChoiceForm(forms.Form):
    """The first step of an application: which loan, at which bank."""

    def __init__(self, data: QueryDict | None, *, products: list[LoanProduct], banks: list[Organisation]) -> None:
        super().__init__(data)
        self.fields["product"] = forms.ChoiceField(
            label="Loan", choices=[(product.code, product.name) for product in products]
        )
        self.fields["bank"] = forms.ChoiceField(
            label="Bank", help_text="Banks that may read your evidence.",
            choices=[(str(bank.uuid), bank.name) for bank in banks],
        )  # fmt: skip
        self._banks = {str(bank.uuid): bank for bank in banks}
        self._products = {product.code: product for product in products}

    @property
    def chosen_bank(self) -> Organisation:
        """The bank behind the chosen id."""
        return self._banks[self.cleaned_data["bank"]]

    @property
    def asked(self) -> Asked:
        """The least the product goes for, to begin with."""
        product = self._products[self.cleaned_data["product"]]
        return Asked(product=product.code, amount=product.least_amount, months=product.least_months, purpose="")


class NeedForm(forms.Form):
    """The second step: how much, for how long, for what."""

    amount = forms.DecimalField(
        label="Amount in rupees", min_value=Decimal(1), max_digits=12, decimal_places=2,
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "1"}),
    )  # fmt: skip
    months = forms.IntegerField(label="Months", min_value=1, max_value=360)
    purpose = forms.CharField(label="What the money is for", max_length=200, required=False)

    def asked(self, product: str) -> Asked:
        """The request as the service takes it."""
        values = self.cleaned_data
        return Asked(product=product, amount=values["amount"], months=values["months"], purpose=values["purpose"])


class PaperForm(forms.Form):
    """A paper for an application."""

    kind = forms.ChoiceField(label="What it is", choices=told_choices(DocumentKind.choices))
    file = forms.FileField(
        label="File", help_text="PDF, PNG or JPEG, up to 5 MB.",
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"}),
    )  # fmt: skip


class NoteForm(forms.Form):
    """A few words that go with a step."""

    note = forms.CharField(
        validators=FREE_TEXT, label="Note", max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


class AcceptForm(forms.Form):
    """The borrower's yes to exactly one statement."""

    sha256 = forms.CharField(max_length=64, widget=forms.HiddenInput())
    password = forms.CharField(
        label="Your password again", max_length=128, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )  # fmt: skip


class PayoutForm(forms.Form):
    """Where the money goes."""

    holder = forms.CharField(label="Account holder, as the receiving bank names them", max_length=120)
    account_tail = forms.RegexField(r"^\d{4}$", label="Last four digits of the account")
    utr = forms.CharField(label="Payment reference (UTR)", max_length=40)
    amount = forms.DecimalField(
        label="First part in rupees", min_value=Decimal(1), max_digits=12, decimal_places=2, required=False,
        help_text="Empty pays all of it.",
    )  # fmt: skip


class WhatIfForm(forms.Form):
    """Another amount, term or security, to see what the policy says."""

    amount = forms.DecimalField(label="Amount in rupees", min_value=Decimal(1), max_digits=12, decimal_places=2)
    months = forms.IntegerField(label="Months", min_value=1, max_value=360)
    collateral = forms.DecimalField(
        label="Security in rupees, after your haircut", min_value=Decimal(0), max_digits=12, decimal_places=2
    )


class DecisionForm(forms.Form):
    """One step with its coded reasons; the button pressed is the outcome."""

    outcome = forms.ChoiceField(choices=[(code, code) for code in sorted(DECISIONS)])
    reasons = forms.MultipleChoiceField(
        label="Reasons",
        choices=[*reason_choices(Effect.FOR), *reason_choices(Effect.AGAINST)],
        error_messages={"required": "Choose at least one reason."},
    )
    note = forms.CharField(
        validators=FREE_TEXT,
        label="Note", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Stored with the decision. Needed when you differ from the policy.",
    )  # fmt: skip
    amount = forms.DecimalField(min_value=Decimal(1), max_digits=12, decimal_places=2, required=False)
    months = forms.IntegerField(min_value=1, max_value=360, required=False)

    def clean(self) -> dict[str, object]:
        """Other terms are whole: an amount and months."""
        values = self.cleaned_data
        if values.get("outcome") == "counter" and not (values.get("amount") and values.get("months")):
            self.add_error(None, "To offer other terms, give the amount and the months.")
        return values
