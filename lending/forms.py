"""What people fill in: an application, a decision."""

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal

from django import forms
from django.http import QueryDict

from accounts.models import Organisation
from creditiq.kernel.clock import IST
from lending.engine.allocation import Component, Orientation
from lending.engine.apr import NoRate
from lending.engine.days import DayCount
from lending.engine.leaves import document_of, leaves, title_of
from lending.engine.products import RATE_TYPES
from lending.engine.quotation import Comparison, compare
from lending.engine.reasons import REASONS, Effect
from lending.engine.revisions import Keep
from lending.engine.rounding import RoundingRule
from lending.engine.terms import Grace, Method, Terms, UnsoundTerms, loan_dates
from lending.models import DocumentKind, LoanProduct, ReceiptMode
from lending.services import Asked, Paid, Wish

NOTHING = Decimal(0)
OFFERS = (1, 2, 3)
LEAF_CHOICES = {"amnesty.quarter": ("Q1", "Q2", "Q3", "Q4")}
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

    kind = forms.ChoiceField(label="What it is", choices=DocumentKind.choices)
    file = forms.FileField(
        label="File", help_text="PDF, PNG or JPEG, up to 5 MB.",
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"}),
    )  # fmt: skip


class NoteForm(forms.Form):
    """A few words that go with a step."""

    note = forms.CharField(label="Note", max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


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


class WhatIfForm(forms.Form):
    """Another amount, term or security, to see what the policy says."""

    amount = forms.DecimalField(label="Amount in rupees", min_value=Decimal(1), max_digits=12, decimal_places=2)
    months = forms.IntegerField(label="Months", min_value=1, max_value=360)
    collateral = forms.DecimalField(
        label="Security in rupees, after your haircut", min_value=Decimal(0), max_digits=12, decimal_places=2
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


class CalculatorForm(forms.Form):
    """A loan and up to three offers for it: a yearly rate and the fees in rupees, tax included."""

    amount = forms.DecimalField(label="Amount in rupees", min_value=Decimal(1), max_digits=12, decimal_places=2)
    months = forms.IntegerField(label="Months", min_value=1, max_value=360)
    method = forms.ChoiceField(
        label="Repayment", required=False,
        choices=[
            (Method.EMI.value, "Level instalments"), (Method.EQUAL_PRINCIPAL.value, "Equal parts of principal"),
            (Method.FLAT.value, "Flat interest"), (Method.BULLET.value, "Principal at the end"),
        ],
    )  # fmt: skip

    def __init__(self, data: QueryDict | None, *, today: date) -> None:
        super().__init__(data)
        self._today = today
        for number in OFFERS:
            self.fields[f"rate_{number}"] = forms.DecimalField(
                label="Rate, % a year", required=number == 1, min_value=Decimal(0), max_value=Decimal(100),
                max_digits=6, decimal_places=3,
            )  # fmt: skip
            self.fields[f"fee_{number}"] = forms.DecimalField(
                label="Fees in rupees, tax included", required=False, min_value=Decimal(0), max_digits=12,
                decimal_places=2,
            )  # fmt: skip

    @property
    def offers(self) -> list[tuple[int, forms.BoundField, forms.BoundField]]:
        """The pairs of fields, in order."""
        return [(number, self[f"rate_{number}"], self[f"fee_{number}"]) for number in OFFERS]

    def clean(self) -> dict[str, object]:
        """Each offer has to be a loan: fees below the amount, an amount that pays its own interest."""
        values = self.cleaned_data
        self.comparison: Comparison | None = None
        if self.errors:
            return values
        for number in OFFERS:
            if values[f"fee_{number}"] and values[f"rate_{number}"] is None:
                self.add_error(f"rate_{number}", "Give the rate of this offer too.")
        if not self.errors:
            self._compare()
        return values

    def _compare(self) -> None:
        values = self.cleaned_data
        offered = [number for number in OFFERS if values[f"rate_{number}"] is not None]
        try:
            self.comparison = compare(
                [(number, self._terms(number), values[f"fee_{number}"] or NOTHING) for number in offered]
            )
        except UnsoundTerms as refusal:
            self.add_error("amount" if refusal.field == "principal" else None, refusal.message)
        except NoRate:
            self.add_error(None, "The fees of an offer have to stay below the amount.")

    def _terms(self, number: int) -> Terms:
        values = self.cleaned_data
        disbursed, first_due = loan_dates(disbursed=None, first_due=None, every=1, today=self._today)
        return Terms(
            principal=values["amount"],
            percent=values[f"rate_{number}"],
            months=values["months"],
            disbursed=disbursed,
            first_due=first_due,
            method=Method(values["method"] or Method.EMI),
        )


COUNTS = frozenset(
    {"least_months", "most_months", "spread_bps", "every", "grace_days", "cooling_off_days", "moratorium_months"}
)
CHOICES: dict[str, tuple[str, ...]] = {
    "rate_type": RATE_TYPES,
    "method": tuple(method for method in Method if method is not Method.STEP),
    "day_count": tuple(DayCount),
    "rounding": tuple(RoundingRule),
    "interest_rounding": tuple(RoundingRule),
    "orientation": tuple(Orientation),
    "moratorium_interest": tuple(Grace),
}
TEXTS = frozenset({"benchmark", "scheme", "provisioning_category", "allocation"})
HINTS = {
    "allocation": "principal, interest, fee and penal in the order they are met.",
    "spread_bps": "Hundredths of a per cent above the benchmark.",
    "every": "1, 3, 6 or 12.",
    "multiple": "Rupees an instalment is a multiple of.",
}
LABELS = {"every": "Months between instalments", "multiple": "Instalment multiple", "spread_bps": "Spread"}


class ProductForm(forms.Form):
    """All entries of a product's terms; the engine checks them, and its refusals come back beside their field."""

    def __init__(self, data: QueryDict | None, *, document: Mapping[str, object]) -> None:
        super().__init__(data)
        for name, value in document.items():
            field = _entry(name)
            field.label, field.help_text = LABELS.get(name, name.replace("_", " ").capitalize()), HINTS.get(name, "")
            field.initial = ", ".join(value) if isinstance(value, list) else value
            self.fields[name] = field

    @property
    def document(self) -> dict[str, object]:
        """The entries as the service takes them."""
        return {name: _written(name, value) for name, value in self.cleaned_data.items()}


def _entry(name: str) -> forms.Field:
    if name in CHOICES:
        return forms.ChoiceField(choices=[(choice, choice.replace("-", " ")) for choice in CHOICES[name]])
    if name in COUNTS:
        return forms.IntegerField(min_value=0)
    if name == "secured":
        return forms.BooleanField(required=False)
    if name in TEXTS:
        return forms.CharField(max_length=120, required=name in {"allocation", "provisioning_category"})
    return forms.DecimalField(min_value=Decimal(0), max_digits=14, decimal_places=2)


def _written(name: str, value: object) -> object:
    if name == "allocation":
        return [part.strip() for part in str(value).split(",")]
    return f"{value:f}" if isinstance(value, Decimal) else value


class BacktestForm(forms.Form):
    """A version of a rule and the days it is held against."""

    version = forms.IntegerField(min_value=1, max_value=32_767)
    since = forms.DateField(label="First day")
    until = forms.DateField(label="Last day")


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
    if path in LEAF_CHOICES:
        return forms.ChoiceField(label=label, initial=value, choices=[(each, each) for each in LEAF_CHOICES[path]])
    if isinstance(value, bool):
        return forms.BooleanField(label=label, initial=value, required=False)
    if isinstance(value, int):
        return forms.IntegerField(label=label, initial=value, min_value=0)
    if isinstance(value, float):
        return forms.FloatField(label=label, initial=value, min_value=0)
    if isinstance(value, list):
        return forms.JSONField(label=label, initial=value)
    return forms.CharField(label=label, initial=value, required=bool(value), max_length=300)


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
            ("waive", "Waive charges or interest"), ("restructure", "New terms"), ("settle", "Settle for less"),
            ("write_off", "Write off"), ("refund", "Pay surplus back"),
        ],
    )  # fmt: skip
    note = forms.CharField(label="Why", max_length=500)
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
        )


class AnswerForm(forms.Form):
    """A second person's yes or no."""

    verdict = forms.ChoiceField(choices=[("approve", "Approve"), ("reject", "Reject")])
    answer = forms.CharField(label="Note", max_length=500, required=False)


class ContactForm(forms.Form):
    """A contact about arrears, with a promise when there was one."""

    channel = forms.ChoiceField(
        label="How", choices=[("call", "Call"), ("visit", "Visit"), ("message", "Message"), ("letter", "Letter")]
    )
    note = forms.CharField(label="What was said", max_length=500)
    promised = forms.DecimalField(
        label="Promised, in rupees", min_value=Decimal("0.01"), max_digits=16, decimal_places=2, required=False
    )
    promised_on = forms.DateField(
        label="Promised for", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class GrievanceForm(forms.Form):
    """A complaint about a loan."""

    text = forms.CharField(label="What is wrong", max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))
