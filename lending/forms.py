"""What people fill in: an application, a decision."""

from decimal import Decimal

from django import forms
from django.http import QueryDict

from accounts.models import Organisation
from lending.engine.reasons import REASONS, Effect
from lending.models import LoanProduct
from lending.services import Asked, Subject

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
