"""What stands behind a request, as an officer writes it down."""

from decimal import Decimal

from django import forms

from creditiq.kernel.cards import FREE_TEXT
from lending.engine.working_capital import Assets
from lending.models import Charge, CollateralKind
from lending.services import Asset


def _rupees(label: str, *, required: bool = True) -> forms.DecimalField:
    return forms.DecimalField(
        label=f"{label}, in rupees", min_value=Decimal(0), max_digits=16, decimal_places=2, required=required
    )


def _day(label: str) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class StockForm(forms.Form):
    """A statement of current assets and liabilities."""

    on = _day("As on")
    stock = _rupees("Stock")
    debtors = _rupees("Debtors")
    other_assets = _rupees("Other current assets", required=False)
    creditors = _rupees("Creditors for goods")
    other_liabilities = _rupees("Other current liabilities, no bank loans", required=False)

    @property
    def assets(self) -> Assets:
        """As the service takes it."""
        values = self.cleaned_data
        return Assets(
            stock=values["stock"], debtors=values["debtors"], other_assets=values["other_assets"] or Decimal(0),
            creditors=values["creditors"], other_liabilities=values["other_liabilities"] or Decimal(0),
        )  # fmt: skip


class AssetForm(forms.Form):
    """An asset charged to the bank."""

    kind = forms.ChoiceField(label="What it is", choices=CollateralKind.choices)
    charge = forms.ChoiceField(label="Charge", choices=Charge.choices)
    description = forms.CharField(label="Description", max_length=300, validators=FREE_TEXT)
    owner = forms.CharField(label="Whose it is", max_length=120)
    haircut = forms.DecimalField(
        label="Haircut, per cent", min_value=Decimal(0), max_value=Decimal(100), max_digits=5, decimal_places=2
    )

    @property
    def asset(self) -> Asset:
        """As the service takes it."""
        return Asset(**self.cleaned_data)


class RegistrationForm(forms.Form):
    """The charge's entry in the central registry."""

    registered_as = forms.CharField(label="Security interest id (CERSAI)", max_length=20)
    on = _day("Registered on")


class ValuationForm(forms.Form):
    """What an asset is worth."""

    value = _rupees("Value")
    valuer = forms.CharField(label="Found by", max_length=120)
    on = _day("Valued on")
