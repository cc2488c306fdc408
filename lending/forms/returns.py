"""Which return is frozen, and which shock is tried."""

from django import forms

from lending.models import ReturnKind


class ReturnForm(forms.Form):
    """A return to freeze now."""

    kind = forms.ChoiceField(label="Return", choices=ReturnKind.choices)
    on = forms.DateField(
        label="Month of the cash pack", required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text="Any day of a month that is over. The book's returns are of the last closed day.",
    )  # fmt: skip


class ShockForm(forms.Form):
    """By how much invoiced sales fall."""

    fall = forms.IntegerField(label="GST sales fall by, %", min_value=1, max_value=90)
