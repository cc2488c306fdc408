"""Versions of the policy document, and what a rule is held against."""

from collections.abc import Mapping
from datetime import datetime, time

from django import forms
from django.http import QueryDict

from creditiq.kernel.clock import IST
from lending.engine.leaves import document_of, leaves, title_of

SEVERITIES = ("", "low", "medium", "high")
LEAF_CHOICES = {
    "amnesty.quarter": ("Q1", "Q2", "Q3", "Q4"),
    "alert_severity": SEVERITIES,
    "hold_severity": SEVERITIES,
}
"""Leaves of a policy document that take one of a few values."""


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
        return forms.ChoiceField(
            label=label, initial=value, required="" not in LEAF_CHOICES[path],
            choices=[(each, each or "none") for each in LEAF_CHOICES[path]],
        )  # fmt: skip
    if isinstance(value, bool):
        return forms.BooleanField(label=label, initial=value, required=False)
    if isinstance(value, int):
        return forms.IntegerField(label=label, initial=value, min_value=0)
    if isinstance(value, float):
        return forms.FloatField(label=label, initial=value, min_value=0)
    if isinstance(value, list):
        return forms.JSONField(label=label, initial=value, empty_value=[], required=bool(value))
    return forms.CharField(label=label, initial=value, required=bool(value), max_length=300)
