"""What the explorer is asked."""

from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.http import QueryDict

from scoring.engine.bands import BANDS
from scoring.engine.features import catalogue


@dataclass(frozen=True)
class Asked:
    """What the explorer was asked."""

    text: str
    business_id: UUID | None
    band: str
    feature: str | None


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

    def asked(self) -> "Asked":
        """Cleaned values; what is wrong counts as left out."""
        self.is_valid()
        return Asked(
            text=self.cleaned_data.get("q") or "",
            business_id=self.cleaned_data.get("business"),
            band=self.cleaned_data.get("band") or "",
            feature=self.cleaned_data.get("feature") or None,
        )

    def showing(self, query: QueryDict, entry: object) -> "ExplorerForm":
        """The form of `query` with the feature that is drawn chosen; the same form where nothing is drawn."""
        return ExplorerForm({**query.dict(), "feature": entry.name}) if isinstance(entry, catalogue.Entry) else self


class StepForm(forms.Form):
    """A step in the life of a model version."""

    act = forms.CharField(max_length=20)
    note = forms.CharField(label="Why", required=False, max_length=500)
    split = forms.FloatField(label="Share of businesses", required=False, min_value=0.01, max_value=0.5)
