"""Which report of which days."""

from django import forms

from accounts.models.reports import ReportKind
from accounts.selectors.reports import Span


class ReportForm(forms.Form):
    """A kind and two days."""

    kind = forms.ChoiceField(label="Report", choices=ReportKind.choices)
    since = forms.DateField(label="From", widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label="To", widget=forms.DateInput(attrs={"type": "date"}))

    def span(self) -> Span:
        """The two days."""
        return Span(self.cleaned_data["since"], self.cleaned_data["until"])
