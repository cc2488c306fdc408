"""The entries of a product's terms."""

from collections.abc import Mapping
from decimal import Decimal

from django import forms
from django.http import QueryDict

from lending.engine.allocation import Orientation
from lending.engine.days import DayCount
from lending.engine.products import RATE_TYPES
from lending.engine.rounding import RoundingRule
from lending.engine.terms import Grace, Method

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
TEXTS = frozenset({"benchmark", "scheme", "provisioning_category", "allocation", "npa_allocation"})
HINTS = {
    "allocation": "principal, interest, fee and penal in the order they are met.",
    "npa_allocation": "The same for a non-performing loan; empty for the usual order.",
    "spread_bps": "Hundredths of a per cent above the benchmark.",
    "every": "1, 3, 6 or 12.",
    "multiple": "Rupees an instalment is a multiple of.",
}
LABELS = {
    "npa_allocation": "Allocation when non-performing",
    "every": "Months between instalments",
    "multiple": "Instalment multiple",
    "spread_bps": "Spread",
}


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
    if name in ("allocation", "npa_allocation"):
        return [part.strip() for part in str(value).split(",") if part.strip()]
    return f"{value:f}" if isinstance(value, Decimal) else value
