"""Forms of the evidence pages."""

from collections.abc import Iterable
from uuid import UUID

from django import forms

from accounts.models import Organisation
from accounts.models.businesses import BusinessSize
from creditiq.kernel.cards import FREE_TEXT
from creditiq.kernel.speech import told_choices
from creditiq.kernel.states import state_name
from wallets.chain.artefacts import PURPOSES
from wallets.engine.chains import imports, registry
from wallets.models import Chain, Source
from wallets.models.outbound import AuditStatus
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
    ("Files of the source system (Parquet)", (
        ("source_invoices", "GST invoices of the source system"),
        ("source_payments", "UPI payments of the source system"),
        ("source_eway_bills", "e-way bills of the source system"),
    )),
)  # fmt: skip


class UploadForm(forms.Form):
    """A file of evidence in one of the formats."""

    kind = forms.ChoiceField(
        label="What the file holds", choices=told_choices(FORMAT_CHOICES), initial="upi_payments",
        help_text="e-way bills may also come as the portal's bulk JSON (version 1.0.0621).",
    )  # fmt: skip
    file = forms.FileField(
        label="File", help_text="At most a million lines; CSV in UTF-8, comma-separated, with the template's header."
    )
    mode = forms.ChoiceField(
        label="When lines are wrong", choices=told_choices(UploadMode.choices), initial=UploadMode.VALID_LINES
    )


class SourceForm(forms.Form):
    """Which official source, under which name there, for how many months."""

    source = forms.ChoiceField(choices=Source.choices, widget=forms.HiddenInput)
    handle = forms.CharField(label="Your name at the source", max_length=120)
    months = forms.ChoiceField(
        label="How far back", choices=told_choices([(3, "3 months"), (6, "6 months"), (12, "12 months")]), initial=12
    )


class CodeForm(forms.Form):
    """The code that a source sent to the owner's phone."""

    code = forms.CharField(
        label="Code from the message", max_length=8,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )  # fmt: skip


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
        states = [(code, state_name(code)) for code in directory.states]
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
        validators=FREE_TEXT,
        label="Why do you need personal details in full?", max_length=200,
        help_text="The reason, your name and the time are kept in the audit trail, and the owner sees that you looked.",
    )  # fmt: skip


def _linkable() -> list[tuple[str, str]]:
    """Networks whose accounts can be linked; test networks only over the API."""
    known = [network for network in registry.networks() if network.status in {registry.LIVE, registry.SUNSET}]
    return [(network.key, network.name) for network in known]


class WalletForm(forms.Form):
    """An account to watch."""

    chain = forms.ChoiceField(label="Network", choices=_linkable, initial="ethereum")
    address = forms.CharField(
        label="Address", max_length=128, widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text="0x and 40 digits, as your wallet shows it.",
    )  # fmt: skip
    label = forms.CharField(label="Name", required=False, max_length=60, help_text="What you call it.")


class SignatureForm(forms.Form):
    """A signed message."""

    message = forms.CharField(max_length=10_000, strip=False, widget=forms.HiddenInput)
    signature = forms.CharField(
        label="Signature", max_length=20_002, widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text="What your wallet gives back after signing the text above; it starts with 0x.",
    )  # fmt: skip

    def clean_message(self) -> str:
        """Browsers send line ends of their own; what was signed has single ones."""
        return self.cleaned_data["message"].replace("\r\n", "\n")


class WalletFileForm(forms.Form):
    """A history as a file."""

    kind = forms.ChoiceField(label="What the file holds", choices=list(imports.KINDS.items()))
    file = forms.FileField(label="File", help_text="CSV or JSON as the explorer exports it; at most 200,000 rows.")


class NetworksForm(forms.Form):
    """What the registry is filtered by; a filter that breaks a rule filters nothing."""

    q = forms.CharField(label="Name", required=False, max_length=60, widget=forms.TextInput(attrs={"type": "search"}))
    group = forms.ChoiceField(required=False, choices=[("", "All groups"), *((name, name) for name in registry.GROUPS)])
    status = forms.ChoiceField(
        required=False, choices=[("", "Any status"), *((name, name) for name in registry.STATUSES)]
    )

    def sought(self) -> dict[str, str]:
        """The filter as the selector takes it."""
        self.is_valid()
        return {name: self.cleaned_data.get(name) or "" for name in ("q", "group", "status")}


class AttestForm(forms.Form):
    """What of a score is to be signed."""

    at_least = forms.IntegerField(
        label="Only that it reaches", required=False, min_value=1, max_value=900,
        help_text="Leave empty to sign the whole score.",
    )  # fmt: skip


class ContractForm(forms.Form):
    """One of our contracts on a chain, and what the house may spend on calling it by itself. Amounts in gwei."""

    name = forms.ChoiceField(
        label="Contract", choices=[(name, f"{name}: {what.lower()}") for name, what in PURPOSES.items()]
    )
    chain = forms.ChoiceField(label="Network", help_text="Only networks whose node answers.")
    fee_cap = forms.IntegerField(label="Most per gas, gwei", min_value=1, max_value=10**6, initial=200)
    spend_cap = forms.IntegerField(
        label="Most per transaction, gwei", min_value=1, max_value=10**12, initial=100_000_000,
        help_text="Dearer ones wait for two people.",
    )  # fmt: skip
    day_cap = forms.IntegerField(label="Most per day, gwei", min_value=1, max_value=10**13, initial=1_000_000_000)

    def offering(self, chains: Iterable[Chain]) -> "ContractForm":
        """The same form with the networks there are."""
        field = self.fields["chain"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(chain.key, chain.name) for chain in chains]
        return self


class ShareForm(forms.Form):
    """Who may see a score."""

    organisation = forms.TypedChoiceField(label="Lender", coerce=UUID)

    def offering(self, lenders: Iterable[Organisation]) -> "ShareForm":
        """The same form with the lenders there are."""
        field = self.fields["organisation"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(lender.uuid, lender.name) for lender in lenders]
        return self

    def chosen(self) -> UUID:
        """Public id of the lender."""
        return UUID(str(self.cleaned_data["organisation"]))


class ReasonForm(forms.Form):
    """Why something is asked for."""

    reason = forms.CharField(validators=FREE_TEXT, label="Why", required=False, max_length=500)


class SourceReadForm(forms.Form):
    """Who has read a contract's source."""

    status = forms.ChoiceField(label="Source read by", choices=AuditStatus.choices)


class CallForm(ReasonForm):
    """One call of a contract of ours: arguments one a line, numbers bare, hashes and addresses with 0x."""

    function = forms.ChoiceField(label="Function")
    arguments = forms.CharField(
        label="Arguments, one a line", required=False, max_length=2_000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def offering(self, functions: Iterable[str]) -> "CallForm":
        """The same form with the functions of a contract."""
        field = self.fields["function"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(name, name) for name in functions]
        return self

    def given(self) -> list[int | str]:
        """The arguments as numbers and texts."""
        lines = [line.strip() for line in self.cleaned_data["arguments"].splitlines() if line.strip()]
        return [int(line) if line.isdecimal() and line.isascii() else line for line in lines]


class SpendingForm(ReasonForm):
    """How much one transaction may cost."""

    gwei = forms.IntegerField(label="It may cost up to, gwei", min_value=1, max_value=10**15)


class PublishForm(forms.Form):
    """Consent to have a statement on a chain."""

    consent = forms.BooleanField(label="I want this statement on a public chain, for ever", required=False)
