"""What the explorer is asked."""

from django import forms

from scoring.engine.bands import BANDS
from scoring.engine.features import catalogue


class ExplorerForm(forms.Form):
    """Firm, band of the cohort, feature of the dependence plot; everything may be left out."""

    q = forms.CharField(label="Find a firm", required=False, max_length=60)
    business = forms.UUIDField(required=False, widget=forms.HiddenInput)
    band = forms.ChoiceField(
        label="Cohort",
        required=False,
        choices=[("", "All bands"), *((band.name, band.name.replace("_", " ").capitalize()) for band in BANDS)],
    )
    feature = forms.ChoiceField(
        label="Feature", required=False, choices=lambda: [(entry.name, entry.label) for entry in catalogue.entries()]
    )

    def asked(self) -> dict[str, object]:
        """Cleaned values; what is wrong counts as left out."""
        self.is_valid()
        return {name: self.cleaned_data.get(name) or None for name in self.fields}
