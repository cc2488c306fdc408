"""A limit of a bank's exposure."""

from decimal import Decimal

from django import forms
from django.http import QueryDict

from accounts.models import Organisation
from lending.models import LimitDimension
from lending.services import Cap


class LimitForm(forms.Form):
    """What is limited, by how much, and from when it is near."""

    def __init__(self, data: QueryDict | None = None, *, banks: list[Organisation]) -> None:
        super().__init__(data)
        choices = [(str(bank.uuid), bank.name) for bank in banks]
        self.fields["organisation"] = forms.ChoiceField(label="Bank", choices=choices)
        self.order_fields(["organisation", "dimension"])

    dimension = forms.ChoiceField(label="What is limited", choices=LimitDimension.choices)
    key = forms.CharField(
        label="Which one", max_length=40, required=False,
        help_text="A sector, a GST state code or a product's code; empty for a connected group.",
    )  # fmt: skip
    cap = forms.DecimalField(label="At most, in rupees", min_value=Decimal(0), max_digits=18, decimal_places=2)
    warn_percent = forms.DecimalField(
        label="Warn from per cent", min_value=Decimal(1), max_value=Decimal(100), max_digits=5, decimal_places=2,
        initial=80,
    )  # fmt: skip

    @property
    def asked(self) -> Cap:
        """As the service takes it."""
        values = self.cleaned_data
        return Cap(values["dimension"], values["key"], values["cap"], values["warn_percent"])
