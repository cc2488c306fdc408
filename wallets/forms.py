"""Forms of the evidence pages."""

from django import forms

from accounts.models.businesses import BusinessSize
from wallets.models.uploads import UploadMode
from wallets.selectors.directory import Directory, Sought
from wallets.selectors.pages import LABELS
from wallets.selectors.series import GRAINS

FORMAT_CHOICES = (
    ("Tables (CSV, XLSX or Parquet after a template)", tuple(LABELS.items())),
    ("Official files", (
        ("gstr1", "GSTR-1 (JSON from the GST portal)"),
        ("gstr2b", "GSTR-2B (JSON from the GST portal)"),
        ("gstr3b", "GSTR-3B (JSON from the GST portal)"),
        ("aa_deposit", "Bank account through an Account Aggregator (XML or JSON)"),
    )),
)  # fmt: skip


class UploadForm(forms.Form):
    """A file of evidence in one of the formats."""

    kind = forms.ChoiceField(
        label="What the file holds", choices=FORMAT_CHOICES, initial="upi_payments",
        help_text="e-way bills may also come as the portal's bulk JSON (version 1.0.0621).",
    )  # fmt: skip
    file = forms.FileField(
        label="File", help_text="At most a million lines; CSV in UTF-8, comma-separated, with the template's header."
    )
    mode = forms.ChoiceField(label="When lines are wrong", choices=UploadMode.choices, initial=UploadMode.VALID_LINES)


class DirectoryForm(forms.Form):
    """What the directory is filtered by, kept in the address; a filter that breaks a rule filters nothing."""

    q = forms.CharField(
        label="GSTIN or name", required=False, max_length=60,
        widget=forms.TextInput(attrs={"type": "search", "data-filter": ""}),
    )  # fmt: skip
    sector = forms.CharField(required=False, max_length=40, widget=forms.Select)
    state = forms.IntegerField(required=False, min_value=1, max_value=99, widget=forms.Select)
    size = forms.ChoiceField(required=False, choices=[("", "All sizes"), *BusinessSize.choices])

    def sought(self) -> Sought:
        """The filter as the selector takes it."""
        self.is_valid()
        values = self.cleaned_data
        return Sought(
            text=values.get("q") or "",
            sector=values.get("sector") or "",
            state_code=values.get("state"),
            size=values.get("size") or "",
        )

    def offering(self, directory: Directory) -> "DirectoryForm":
        """The same form, its lists holding what there is to choose among the businesses one may see."""
        sectors = [(sector, sector.replace("_", " ").capitalize()) for sector in directory.sectors]
        states = [(code, f"{code:02d}") for code in directory.states]
        self.fields["sector"].widget.choices = [("", "All sectors"), *sectors]
        self.fields["state"].widget.choices = [("", "All states"), *states]
        return self


class GrainForm(forms.Form):
    """Charts by day or by week."""

    grain = forms.ChoiceField(choices=[(grain, grain) for grain in GRAINS], required=False)

    def asked(self) -> str:
        """Day unless told."""
        self.is_valid()
        return self.cleaned_data.get("grain") or "day"


class RevealForm(forms.Form):
    """Why somebody needs to see personal data."""

    reason = forms.CharField(
        label="Why do you need personal details in full?", max_length=200,
        help_text="The reason, your name and the time are kept in the audit trail, and the owner sees that you looked.",
    )  # fmt: skip
