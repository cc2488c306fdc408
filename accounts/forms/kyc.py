"""What is filled in for the identity check: papers, owners, verdicts."""

from decimal import Decimal
from typing import TypedDict

from django import forms
from django.http import QueryDict

from accounts.models import KycPaper, KycRisk, PartyKind
from accounts.services.owners import Holder
from creditiq.kernel.cards import FREE_TEXT
from creditiq.kernel.speech import told_choices

LINES = 8


class KycVerdict(TypedDict):
    """What a second person says of a paper or a declaration."""

    accept: bool
    note: str


class KycTerms(TypedDict):
    """How a business is verified."""

    risk: KycRisk
    note: str


class PaperForm(forms.Form):
    """One paper."""

    kind = forms.ChoiceField(label="Paper", choices=told_choices(KycPaper.choices))
    paper = forms.FileField(label="File", help_text="PDF, PNG or JPEG up to 5 MB; a second person looks at it.")


class HolderForm(forms.Form):
    """One line: who, and what share of what."""

    name = forms.CharField(label="Name", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    kind = forms.ChoiceField(label="Is a", choices=told_choices(PartyKind.choices), initial=PartyKind.PERSON)
    pan = forms.CharField(label="PAN", max_length=10, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    born_on = forms.DateField(
        label="Date of birth", required=False, widget=forms.DateInput(attrs={"type": "date", "autocomplete": "off"})
    )
    percent = forms.DecimalField(label="Holds, percent", required=False, max_digits=5, decimal_places=2, min_value=0)
    of = forms.CharField(
        label="Of",
        help_text="PAN of a company in another line; empty: the business.",
        required=False,
        max_length=10,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    manages = forms.BooleanField(label="Runs the business", required=False)

    def has_changed(self) -> bool:
        """A line that only says what kind of holder it would be is untouched."""
        return bool({"name", "pan", "born_on", "percent", "of"}.intersection(self.changed_data))

    def clean_pan(self) -> str:
        return _pan(self.cleaned_data["pan"])

    def clean_of(self) -> str:
        return _pan(self.cleaned_data["of"])

    def holder(self) -> Holder:
        """The line as the service takes it."""
        values = self.cleaned_data
        percent: Decimal | None = values["percent"] or None
        return Holder(
            name=values["name"],
            kind=PartyKind(values["kind"]),
            pan=values["pan"],
            percent=percent,
            of=values["of"],
            born_on=values["born_on"],
            manages=values["manages"],
        )


class HolderRows:
    """Eight lines; those without name and PAN are left out. `complaint` is what is wrong, with its line."""

    def __init__(self, data: QueryDict | None) -> None:
        self.is_bound = data is not None
        self.complaint = ""
        self.lines = [self._line(data, number) for number in range(1, LINES + 1)]

    @staticmethod
    def _line(data: QueryDict | None, number: int) -> HolderForm:
        """An untouched line is valid, but for the first."""
        prefix, is_first = f"line{number}", number == 1
        return HolderForm(data, prefix=prefix, empty_permitted=not is_first, use_required_attribute=is_first)

    def is_valid(self) -> bool:
        """Whether every line that was touched can be read."""
        if not self.is_bound:
            return False
        for number, line in enumerate(self.lines, start=1):
            if not line.is_valid():
                field, errors = next(iter(line.errors.items()))
                label = line.fields[field].label if field in line.fields else ""
                self.complain(f"Line {number}, {label}: {errors[0]}")
        return not self.complaint

    def complain(self, message: str) -> None:
        """Keep the first complaint."""
        self.complaint = self.complaint or message

    def holders(self) -> list[Holder]:
        """The lines that were filled in."""
        return [line.holder() for line in self.lines if line.has_changed()]


class KycNoteForm(forms.Form):
    """Accept or refuse; the button says which."""

    verdict = forms.ChoiceField(choices=[("accept", "accept"), ("refuse", "refuse")])
    note = forms.CharField(validators=FREE_TEXT, max_length=300, required=False)

    def given(self) -> KycVerdict:
        """As the services take it."""
        return {"accept": self.cleaned_data["verdict"] == "accept", "note": self.cleaned_data["note"]}


class KycVerifyForm(forms.Form):
    """How large the risk is, and why."""

    risk = forms.ChoiceField(
        label="Risk", choices=KycRisk.choices, help_text="Asked again after 10, 8 or 2 years: low, medium, high."
    )
    note = forms.CharField(validators=FREE_TEXT, label="What was looked at", max_length=300, required=False)

    def given(self) -> KycTerms:
        """As the service takes it."""
        return {"risk": KycRisk(self.cleaned_data["risk"]), "note": self.cleaned_data["note"]}


class RevealForm(forms.Form):
    """Why covered details are opened."""

    reason = forms.CharField(
        validators=FREE_TEXT,
        label="Why",
        max_length=200,
        help_text="Kept in the audit trail. Name the case, not a person.",
    )


class RetentionForm(forms.Form):
    """A new dry run, or the release of one."""

    step = forms.ChoiceField(choices=[("plan", "plan"), ("release", "release")])
    run = forms.UUIDField(required=False)


def _pan(text: str) -> str:
    return "".join(text.split()).upper()
