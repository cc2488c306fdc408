"""What is known of a breach and whom it touches; and who a person names for when they cannot act."""

from django import forms

from accounts.services.breaches import BreachFacts
from creditiq.kernel.cards import FREE_TEXT

MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
LATER = "May follow; needed for the report."


def _text(label: str, length: int, *, required: bool = True, help_text: str = "") -> forms.CharField:
    widget = forms.TextInput() if length <= 200 else forms.Textarea(attrs={"rows": 3})
    return forms.CharField(
        label=label, max_length=length, required=required, widget=widget, help_text=help_text, validators=FREE_TEXT
    )


class BreachFactsForm(forms.Form):
    """Texts for the people and the Board."""

    title = _text("In one line", 120)
    happened_at = forms.DateTimeField(label="Happened", widget=MOMENT)
    place = _text("Where", 200)
    nature = _text("What happened to which data", 2000)
    impact = _text("What may follow for the people", 2000)
    measures = _text("What was done and will be", 2000)
    advice = _text("What people can do", 1000)
    contact = _text("Who answers questions", 200)
    cause = _text("What caused it", 2000, required=False, help_text=LATER)
    prevention = _text("What keeps it from happening again", 2000, required=False, help_text=LATER)

    def facts(self) -> BreachFacts:
        """The texts and the moment."""
        return BreachFacts(**{name: self.cleaned_data[name] for name in BreachFactsForm.base_fields})


class BreachForm(BreachFactsForm):
    """A new one: its clock starts when it was noticed."""

    noticed_at = forms.DateTimeField(label="Noticed", widget=MOMENT, help_text="72 hours run from here.")


class AffectedForm(forms.Form):
    """Addresses, one a line."""

    emails = forms.CharField(
        label="E-mail addresses of the people it touches",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="One a line; a line with * means everybody.",
    )


class NomineeForm(forms.Form):
    """Who exercises one's rights over one's data when one cannot."""

    name = _text("Name", 120)
    relation = _text("Is your", 60, help_text="Such as wife, son, partner.")
    contact = _text("How to reach them", 200, help_text="E-mail, phone or address.")
