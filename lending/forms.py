"""What people fill in: an application, a decision."""

from collections.abc import Mapping
from datetime import datetime, time
from decimal import Decimal

from django import forms
from django.http import QueryDict

from accounts.models import Organisation
from creditiq.kernel.clock import IST
from lending.engine.leaves import document_of, leaves, title_of
from lending.engine.reasons import REASONS, Effect
from lending.models import LoanProduct
from lending.services import Asked

CHOICES = {"amnesty.quarter": ("Q1", "Q2", "Q3", "Q4")}
"""Leaves of a policy document that take one of a few values."""
WITHOUT_PEOPLE = frozenset({"fraud.confirmed", "fraud.hold", "fraud.unscreened"})
"""Reasons only the fraud policy gives."""


def reason_choices(effect: Effect) -> list[tuple[str, str]]:
    """The reasons of one direction that a person may choose, with their titles."""
    return [
        (code, reason.title)
        for code, reason in REASONS.items()
        if reason.effect is effect and code not in WITHOUT_PEOPLE
    ]


class ApplicationForm(forms.Form):
    """An application for one product at one bank."""

    amount = forms.DecimalField(
        label="Amount in rupees", min_value=Decimal(1), max_digits=12, decimal_places=2,
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "1"}),
    )  # fmt: skip
    months = forms.IntegerField(label="Months", min_value=1, max_value=360)
    purpose = forms.CharField(label="What the money is for", max_length=200)

    def __init__(self, data: QueryDict | None, *, products: list[LoanProduct], banks: list[Organisation]) -> None:
        super().__init__(data)
        self.fields["product"] = forms.ChoiceField(
            label="Loan", choices=[(product.code, product.name) for product in products]
        )
        self.fields["bank"] = forms.ChoiceField(
            label="Bank", help_text="Banks that may read your evidence.",
            choices=[(str(bank.uuid), bank.name) for bank in banks],
        )  # fmt: skip
        self.order_fields(["product", "bank", "amount", "months", "purpose"])
        self._banks = {str(bank.uuid): bank for bank in banks}

    @property
    def chosen_bank(self) -> Organisation:
        """The bank behind the chosen id."""
        return self._banks[self.cleaned_data["bank"]]

    @property
    def asked(self) -> Asked:
        """The request as the service takes it."""
        values = self.cleaned_data
        return Asked(
            product=values["product"], amount=values["amount"], months=values["months"], purpose=values["purpose"]
        )


class DecisionForm(forms.Form):
    """One step with its coded reasons; the button pressed is the outcome."""

    outcome = forms.ChoiceField(choices=[(code, code) for code in ("recommend", "sanction", "decline")])
    reasons = forms.MultipleChoiceField(
        label="Reasons",
        choices=[*reason_choices(Effect.FOR), *reason_choices(Effect.AGAINST)],
        error_messages={"required": "Choose at least one reason."},
    )
    note = forms.CharField(
        label="Note", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Stored with the decision. Needed when you differ from the policy.",
    )  # fmt: skip


class PolicyForm(forms.Form):
    """One field per leaf of a policy document; a list is written as JSON."""

    def __init__(self, data: QueryDict | None = None, *, document: Mapping[str, object]) -> None:
        super().__init__(data)
        for path, value in leaves(document).items():
            self.fields[path] = _leaf_field(path, value)

    @property
    def document(self) -> dict[str, object]:
        """The document as it was typed."""
        return document_of(self.cleaned_data)


class PublishForm(forms.Form):
    """From which day a version holds."""

    day = forms.DateField(
        label="Live from", required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text="Leave empty for now; a day counts from its midnight in India.",
    )  # fmt: skip

    def live_from(self, at: datetime) -> datetime:
        """The moment: midnight in India of the day typed, `at` without one and for the day that runs."""
        day = self.cleaned_data.get("day")
        if day is None or day == at.astimezone(IST).date():
            return at
        return datetime.combine(day, time(), tzinfo=IST)


def _leaf_field(path: str, value: object) -> forms.Field:
    label = title_of(path)
    if path in CHOICES:
        return forms.ChoiceField(label=label, initial=value, choices=[(each, each) for each in CHOICES[path]])
    if isinstance(value, bool):
        return forms.BooleanField(label=label, initial=value, required=False)
    if isinstance(value, int):
        return forms.IntegerField(label=label, initial=value, min_value=0)
    if isinstance(value, float):
        return forms.FloatField(label=label, initial=value, min_value=0)
    if isinstance(value, list):
        return forms.JSONField(label=label, initial=value)
    return forms.CharField(label=label, initial=value, required=bool(value), max_length=300)
