"""What the explorer is asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.http import QueryDict

from creditiq.kernel.cards import FREE_TEXT
from creditiq.kernel.clock import IST
from scoring.engine.bands import NAMES
from scoring.engine.features import catalogue
from scoring.models import ModelVersion
from scoring.selectors import Past


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
        choices=lambda: _bands(),
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


class CompareForm(forms.Form):
    """Two firms of the cohort the analyst may see."""

    one = forms.TypedChoiceField(label="Firm", coerce=UUID)
    other = forms.TypedChoiceField(label="With", coerce=UUID)

    def __init__(self, asked: QueryDict, *, firms: Sequence[tuple[UUID, str]]) -> None:
        super().__init__(asked or None)
        for name in ("one", "other"):
            field = self.fields[name]
            if isinstance(field, forms.TypedChoiceField):
                field.choices = [(str(uuid), title) for uuid, title in firms]


def _bands() -> list[tuple[str, str]]:
    return [("", "All bands"), *((name, name.replace("_", " ").capitalize()) for name, _ in NAMES)]


def _signals() -> list[tuple[str, str]]:
    return [(entry.name, entry.label) for entry in catalogue.entries()]


class InteractionsForm(forms.Form):
    """A cohort, and the pair of signals to look at; the strongest pair when none is named."""

    band = forms.ChoiceField(label="Cohort", required=False, choices=_bands)
    first = forms.ChoiceField(label="Signal", required=False, choices=lambda: [("", "Strongest pair"), *_signals()])
    second = forms.ChoiceField(label="With", required=False, choices=lambda: [("", "Strongest pair"), *_signals()])
    business = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, object]:
        """Two signals or none."""
        if bool(self.cleaned_data.get("first")) != bool(self.cleaned_data.get("second")):
            raise forms.ValidationError("Choose two signals, or none for the strongest pair.")
        if self.cleaned_data.get("first") and self.cleaned_data["first"] == self.cleaned_data.get("second"):
            raise forms.ValidationError("Choose two different signals.")
        return self.cleaned_data

    @property
    def pair(self) -> tuple[str, str] | None:
        """The pair named."""
        first, second = self.cleaned_data.get("first"), self.cleaned_data.get("second")
        return (first, second) if first and second else None


class VersionsForm(forms.Form):
    """Two model versions, the cohort they are compared on, and a firm of it."""

    one = forms.ChoiceField(label="Version")
    other = forms.ChoiceField(label="With")
    band = forms.ChoiceField(label="Cohort", required=False, choices=_bands)
    business_id = forms.TypedChoiceField(label="Firm", required=False, coerce=UUID, empty_value=None)

    def __init__(
        self, asked: QueryDict, *, versions: Sequence[ModelVersion], firms: Sequence[tuple[UUID, str]]
    ) -> None:
        super().__init__(asked or None)
        named = [
            (version.version, f"{version.version}, {version.get_status_display().lower()}") for version in versions
        ]
        chosen = {
            "one": named,
            "other": named,
            "business_id": [("", "Nobody"), *((str(uuid), name) for uuid, name in firms)],
        }
        for name, choices in chosen.items():
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = choices

    def clean(self) -> dict[str, object]:
        """Two versions."""
        if self.cleaned_data.get("one") and self.cleaned_data["one"] == self.cleaned_data.get("other"):
            raise forms.ValidationError("Choose two different versions.")
        return self.cleaned_data


class ChangesForm(forms.Form):
    """Which two answers to compare; the last two numbers when nothing is named."""

    first = forms.ChoiceField(label="From", required=False)
    second = forms.ChoiceField(label="To", required=False)

    def __init__(self, asked: QueryDict, *, past: Sequence[Past]) -> None:
        numbers = [answer for answer in past if answer.score is not None]
        chosen = {"second": str(numbers[0].uuid), "first": str(numbers[1].uuid)} if len(numbers) > 1 else {}
        super().__init__({**chosen, **{name: asked[name] for name in ("first", "second") if asked.get(name)}})
        choices = [
            (str(answer.uuid), f"{answer.as_of.astimezone(IST):%d %b %Y, %H:%M}: {answer.score}") for answer in numbers
        ]
        self.fields["first"].widget = forms.Select(choices=choices)
        self.fields["second"].widget = forms.Select(choices=choices)
        for name in ("first", "second"):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = choices

    def pair(self) -> tuple[UUID, UUID] | None:
        """The two answers; None while there are not two numbers, or when something else was named."""
        if not self.is_valid() or not self.cleaned_data["first"] or not self.cleaned_data["second"]:
            return None
        return UUID(self.cleaned_data["first"]), UUID(self.cleaned_data["second"])


class StepForm(forms.Form):
    """A step in the life of a model version."""

    act = forms.CharField(max_length=20)
    note = forms.CharField(validators=FREE_TEXT, label="Why", required=False, max_length=500)
    split = forms.FloatField(label="Share of businesses", required=False, min_value=0.01, max_value=0.5)
