"""What people fill in about consents: asking for evidence, letting somebody in, answering."""

from datetime import datetime, time, timedelta

from django import forms
from django.core.validators import MinValueValidator
from django.http import QueryDict

from accounts.engine.spans import Span
from accounts.models import Bounds, Consent, ConsentStep, EvidenceKind, Organisation, Purpose
from accounts.services.consents import TOO_EARLY
from creditiq.kernel.clock import IST
from creditiq.kernel.gst_calendar import GST_BEGAN
from creditiq.kernel.speech import told_choices

MONTH = timedelta(days=30)
MONTHS = [(3, "3 months"), (6, "6 months"), (12, "12 months"), (24, "24 months")]
A_YEAR = 12
LIVES = [
    ("", "As long as access lasts"), ("DAY:7", "7 days"), ("MONTH:1", "1 month"), ("MONTH:3", "3 months"),
    ("MONTH:6", "6 months"), ("YEAR:1", "12 months"),
]  # fmt: skip
OFTEN = [
    ("", "As often as needed"), ("HOUR:1", "Once an hour"), ("DAY:1", "Once a day"), ("DAY:10", "10 times a day"),
    ("MONTH:1", "Once a month"), ("MONTH:30", "30 times a month"),
]  # fmt: skip
TERMS = ("purpose", "months", "data_from", "data_to", "often", "life")


def span_of(choice: str) -> Span | None:
    """`MONTH:3` as a span; None for no bound."""
    unit, _, value = choice.partition(":")
    return Span(unit, int(value)) if value else None


class RangeForm(forms.Form):
    """From which days the evidence is, and how long it may be used; both days belong to it, by India's clock."""

    data_from = forms.DateField(
        label="Evidence from",
        required=False,
        help_text="Left empty, evidence of any earlier day is covered.",
        validators=[MinValueValidator(GST_BEGAN, TOO_EARLY)],
        widget=forms.DateInput(attrs={"type": "date", "min": str(GST_BEGAN)}),
    )
    data_to = forms.DateField(
        label="Evidence up to",
        required=False,
        help_text="Left empty, evidence of any later day is covered.",
        validators=[MinValueValidator(GST_BEGAN, TOO_EARLY)],
        widget=forms.DateInput(attrs={"type": "date", "min": str(GST_BEGAN)}),
    )
    life = forms.ChoiceField(
        label="May be used for",
        required=False,
        choices=told_choices(LIVES),
        help_text="Counted from the yes. Access ends when this time is over.",
    )

    @property
    def bounds(self) -> Bounds:
        """What was filled in, as the services take it."""
        begins, ends = self.cleaned_data["data_from"], self.cleaned_data["data_to"]
        return Bounds(
            data_from=datetime.combine(begins, time.min, IST) if begins else None,
            data_to=datetime.combine(ends, time.max, IST) if ends else None,
            data_life=span_of(self.cleaned_data["life"]),
        )

    def refuse(self, field: str, message: str) -> None:
        """Put what a service refused beside its field."""
        named = {"data_life": "life", "frequency": "often"}.get(field, field)
        self.add_error(named if named in self.fields else None, message)


class NarrowForm(RangeForm):
    """An owner's yes: to what was asked, or to less. What is left as asked stays as asked, to the hour."""

    def __init__(self, data: QueryDict | None, *, asked: Consent) -> None:
        life, days = asked.data_life, {"data_from": asked.data_from, "data_to": asked.data_to}
        choice = f"{life.unit}:{life.value}" if life else ""
        shown = {name: at.astimezone(IST).date() for name, at in days.items() if at}
        super().__init__(data, initial={**shown, "life": choice})
        if choice not in dict(LIVES):  # a length that only the API can ask for
            kept = [(choice, "As long as was asked"), *LIVES]
            self.fields["life"] = forms.ChoiceField(label="May be used for", required=False, choices=told_choices(kept))

    @property
    def bounds(self) -> Bounds:
        """What the owner changed."""
        changed, found = Bounds(), super().bounds
        if "data_from" in self.changed_data:
            changed["data_from"] = found["data_from"]
        if "data_to" in self.changed_data:
            changed["data_to"] = found["data_to"]
        if "life" in self.changed_data:
            changed["data_life"] = found["data_life"]
        return changed


class ConsentForm(RangeForm):
    """Which kinds of evidence of which time, what for, for how long and how often."""

    kinds = forms.MultipleChoiceField(
        label="Kinds of evidence",
        choices=EvidenceKind.choices,
        initial=EvidenceKind.values,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one kind of evidence."},
    )
    purpose = forms.ChoiceField(label="Purpose", choices=told_choices(Purpose.choices))
    months = forms.TypedChoiceField(label="For how long", choices=told_choices(MONTHS), coerce=int, initial=A_YEAR)

    often = forms.ChoiceField(label="How often they may look", required=False, choices=told_choices(OFTEN))

    @property
    def bounds(self) -> Bounds:
        """What was filled in, as the services take it."""
        return Bounds(**super().bounds, frequency=span_of(self.cleaned_data["often"]))

    def until(self, at: datetime) -> datetime:
        """When the chosen time ends, counted from `at`."""
        return at + self.cleaned_data["months"] * MONTH


class AccessForm(ConsentForm):
    """A bank asks a business for its evidence."""

    gstin = forms.CharField(
        label="GSTIN",
        max_length=15,
        help_text="The owner sees who asks, for what and until when, and answers.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    field_order = ("gstin", "kinds", *TERMS)


class GiveForm(ConsentForm):
    """An owner lets an organisation in, unasked."""

    field_order = ("organisation", "kinds", *TERMS)

    def __init__(self, data: QueryDict | None, *, organisations: list[Organisation]) -> None:
        super().__init__(data)
        self.fields["organisation"] = forms.ChoiceField(
            label="Who may see it", choices=[(str(one.uuid), one.name) for one in organisations]
        )
        self.order_fields(self.field_order)
        self._organisations = {str(one.uuid): one for one in organisations}

    @property
    def chosen(self) -> Organisation:
        """The organisation behind the chosen id."""
        return self._organisations[self.cleaned_data["organisation"]]


class AnswerForm(forms.Form):
    """The owner's step; the button pressed says which."""

    step = forms.ChoiceField(choices=[(step.value, step.value) for step in ConsentStep])
