"""Offers to lay side by side."""

from datetime import date
from decimal import Decimal

from django import forms
from django.http import QueryDict

from creditiq.kernel.speech import told_choices
from lending.engine.apr import NoRate
from lending.engine.quotation import Comparison, compare
from lending.engine.terms import Method, Terms, UnsoundTerms, loan_dates

NOTHING = Decimal(0)
OFFERS = (1, 2, 3)


class CalculatorForm(forms.Form):
    """A loan and up to three offers for it: a yearly rate and the fees in rupees, tax included."""

    amount = forms.DecimalField(label="Amount in rupees", min_value=Decimal(1), max_digits=12, decimal_places=2)
    months = forms.IntegerField(label="Months", min_value=1, max_value=360)
    method = forms.ChoiceField(
        label="Repayment", required=False,
        choices=told_choices([
            (Method.EMI.value, "Level instalments"), (Method.EQUAL_PRINCIPAL.value, "Equal parts of principal"),
            (Method.FLAT.value, "Flat interest"), (Method.BULLET.value, "Principal at the end"),
        ]),
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
