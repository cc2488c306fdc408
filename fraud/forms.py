"""What a risk manager fills in: the filter of the topology, the decision on an alert."""

from datetime import date
from decimal import Decimal

from django import forms

from fraud.models import AlertState
from fraud.selectors import Shown
from fraud.services import AlertDecision


class TopologyForm(forms.Form):
    """Kept in the address, so that a picture can be shared."""

    confidence = forms.FloatField(
        label="Confidence from", min_value=0, max_value=1, required=False,
        widget=forms.NumberInput(attrs={"step": "0.05", "placeholder": "0"}),
    )  # fmt: skip
    amount = forms.DecimalField(
        label="Payments from ₹", min_value=Decimal(0), max_digits=12, decimal_places=2, required=False,
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "1", "placeholder": "0"}),
    )  # fmt: skip
    flagged = forms.BooleanField(label="Only businesses that are held", required=False)
    ring = forms.UUIDField(required=False, widget=forms.HiddenInput)

    @property
    def shown(self) -> Shown:
        """The filter as the selector takes it; a filter that breaks a rule filters nothing."""
        values = self.cleaned_data if self.is_valid() else {}
        return Shown(
            confidence=values.get("confidence") or 0.0,
            amount=values.get("amount") or Decimal(0),
            flagged_only=bool(values.get("flagged")),
        )


class AlertForm(forms.Form):
    """Confirm, dismiss or snooze; the pressed button is the decision."""

    state = forms.ChoiceField(choices=[(state.value, state.label) for state in AlertState if state != AlertState.OPEN])
    reason = forms.CharField(
        label="Reason", max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Kept with the decision and in the audit trail.",
    )  # fmt: skip
    until = forms.DateField(
        label="Snooze until", required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text="Only for a snooze.",
    )  # fmt: skip

    @property
    def decision(self) -> AlertDecision:
        """The decision as the service takes it; the date counts only for a snooze."""
        state = AlertState(self.cleaned_data["state"])
        until: date | None = self.cleaned_data["until"] if state == AlertState.SNOOZED else None
        return AlertDecision(state, self.cleaned_data["reason"], until)
