"""What people fill in: the filter of the topology, decisions on alerts, work on cases, disputes and reports."""

import json
from datetime import date
from decimal import Decimal
from uuid import UUID

from django import forms
from django.core.files.uploadedfile import UploadedFile

from creditiq.kernel.cards import FREE_TEXT
from fraud.models import AlertState, CaseOutcome, DisputeSubject, Severity, Verdict
from fraud.selectors import Shown
from fraud.selectors.layers import KINDS, LONGEST
from fraud.selectors.topology import LEVELS
from fraud.services import AlertDecision, Attachment, RuleDraft, Statement

CASE_ACTS = ("assign", "note", "link", "snooze", "propose", "agree", "return", "draft")
RULE_ACTS = ("submit", "shadow", "publish", "retire")
DISPUTE_ACTS = ("assign", "ask", "uphold", "reject")


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
    days = forms.TypedChoiceField(
        label="Payments of", required=False, coerce=int, empty_value=None,
        choices=[("", "the policy's window"), ("7", "7 days"), ("30", "30 days"), ("90", "90 days")],
    )  # fmt: skip
    since = forms.DateField(
        label="From day", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label="To day", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    kind = forms.ChoiceField(label="Kind", required=False, choices=KINDS)
    level = forms.ChoiceField(label="Draw", required=False, choices=LEVELS)
    view = forms.ChoiceField(label="In", required=False, choices=[("", "three dimensions"), ("2d", "two dimensions")])
    flagged = forms.BooleanField(label="Only businesses that are held", required=False)
    near = forms.BooleanField(label="Only the ring drawn and whom it deals with", required=False)
    community = forms.IntegerField(min_value=1, required=False, widget=forms.HiddenInput)
    page = forms.IntegerField(min_value=1, required=False, widget=forms.HiddenInput)
    ring = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def clean_until(self) -> date | None:
        """The last day is not before the first, and not so far that nobody could look at it."""
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and since > until:
            raise forms.ValidationError("The last day is before the first. Change one of them.")
        if since and until and until - since > LONGEST:
            raise forms.ValidationError(f"That is more than {LONGEST.days} days. Bring the days closer together.")
        return until

    def shown_of(self, first_ring: UUID | None) -> Shown:
        """The filter as the selector takes it; a filter that breaks a rule filters nothing.

        `first_ring` is the ring that is drawn when the address names none.
        """
        values = self.cleaned_data if self.is_valid() else {}
        return Shown(
            confidence=values.get("confidence") or 0.0,
            amount=values.get("amount") or Decimal(0),
            flagged_only=bool(values.get("flagged")),
            days=values.get("days"),
            community=values.get("community"),
            page=values.get("page") or 1,
            since=values.get("since"),
            until=values.get("until"),
            kind=values.get("kind", ""),
            level=values.get("level", ""),
            ring=(values.get("ring") or first_ring) if values.get("near") else None,
        )


class AlertForm(forms.Form):
    """Confirm, dismiss or snooze; the pressed button is the decision."""

    state = forms.ChoiceField(choices=[(state.value, state.label) for state in AlertState if state != AlertState.OPEN])
    reason = forms.CharField(
        validators=FREE_TEXT,
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


class FreezeForm(forms.Form):
    """Freeze the members of a ring to the end of a day, or lift that."""

    act = forms.ChoiceField(choices=[("freeze", "freeze"), ("lift", "lift")])
    until = forms.DateField(
        label="Frozen until", required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text="The end of that day.",
    )  # fmt: skip
    reason = forms.CharField(
        validators=FREE_TEXT, label="Reason for it", max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )


class ActForm(forms.Form):
    """Several things one may do on a page, each with its own fields: what a pressed button needs, its service says."""

    use_required_attribute = False

    def full_clean(self) -> None:
        """Judge without asking for the fields of the other buttons; on the page they stay required."""
        needed = [field for name, field in self.fields.items() if field.required and name != "act"]
        for field in needed:
            field.required = False
        super().full_clean()
        for field in needed:
            field.required = True


class CaseActForm(ActForm):
    """What somebody does in a case; `act` is the pressed button, the services say what is missing."""

    act = forms.ChoiceField(choices=[(act, act) for act in CASE_ACTS])
    to = forms.UUIDField()
    text = forms.CharField(
        validators=FREE_TEXT, label="Note", max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )
    target = forms.CharField(
        label="Case, GSTIN or ring", max_length=60, help_text="C-000123, a GSTIN, or the id of a ring."
    )
    why = forms.CharField(label="Why it belongs here", max_length=200)
    until = forms.DateField(
        label="Quiet until", widget=forms.DateInput(attrs={"type": "date"}),
        help_text="The end of that day.",
    )  # fmt: skip
    reason = forms.CharField(
        validators=FREE_TEXT, label="Reason", max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    outcome = forms.ChoiceField(label="Outcome", choices=[("", "Choose"), *CaseOutcome.choices])
    finding = forms.CharField(
        validators=FREE_TEXT, label="What was found", max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )
    note = forms.CharField(
        validators=FREE_TEXT, label="Note", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )


class DisputeActForm(ActForm):
    """What an analyst or a risk manager does with a dispute."""

    act = forms.ChoiceField(choices=[(act, act) for act in DISPUTE_ACTS])
    to = forms.UUIDField()
    question = forms.CharField(
        validators=FREE_TEXT, label="Question to the owner", max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    outcome = forms.CharField(
        label="Answer to the owner", max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="The owner reads this. Say nothing of cases, alerts or reports.",
    )  # fmt: skip


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several files of one field; the service judges each."""

    def __init__(
        self, *, label: str, help_text: str, accept: str = ".pdf,.png,.jpg,.jpeg", required: bool = False
    ) -> None:
        picker = ManyFilesInput(attrs={"accept": accept})
        super().__init__(widget=picker, required=required, label=label, help_text=help_text)

    def clean(self, data: object, initial: object = None) -> list[object]:
        sent = data if isinstance(data, list | tuple) else [data] if data else []
        if self.required and not sent:
            raise forms.ValidationError("Choose the files of the list.", code="required")
        return [super(ManyFilesField, self).clean(one, initial) for one in sent]


class WatchlistForm(forms.Form):
    """List files to take into force; what kind they are is read from what they hold."""

    lists = ManyFilesField(
        label="Files of a list", required=True, accept=".csv,.xml,.json,.jsonl,.ndjson",
        help_text="OFAC SDN.CSV with ALT.CSV and ADD.CSV, UN consolidated XML, OpenSanctions-style CSV, or "
        "FollowTheMoney JSON lines. The list is named after its file; the same name again is its new version.",
    )  # fmt: skip


class OpenDisputeForm(forms.Form):
    """What an owner says is wrong."""

    subject = forms.ChoiceField(label="What is it about?", choices=DisputeSubject.choices, widget=forms.RadioSelect)
    reference = forms.CharField(
        label="Which one?", required=False, max_length=120,
        help_text="The reason as it stands in the report, or the number of the record. Not needed for a hold.",
    )  # fmt: skip
    text = forms.CharField(
        validators=FREE_TEXT,
        label="What is wrong, and how it really is", max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )  # fmt: skip
    documents = ManyFilesField(label="Documents", help_text="Up to five PDF, PNG or JPEG files of at most 10 MiB each.")

    @property
    def statement(self) -> Statement:
        """The statement as the service takes it."""
        values = self.cleaned_data
        return Statement(
            DisputeSubject(values["subject"]), values["reference"], values["text"], attachments(values["documents"])
        )


class ReplyForm(ActForm):
    """What an owner adds to a dispute."""

    act = forms.ChoiceField(choices=[("reply", "reply"), ("withdraw", "withdraw")])
    text = forms.CharField(
        validators=FREE_TEXT, label="Your answer", max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )
    documents = ManyFilesField(label="Documents", help_text="Up to five PDF, PNG or JPEG files of at most 10 MiB each.")


def attachments(files: list[UploadedFile]) -> tuple[Attachment, ...]:
    """Uploaded files as the service takes them."""
    return tuple(Attachment(file.name or "document", file.read()) for file in files)


class ReportActForm(ActForm):
    """Editing or filing a report."""

    act = forms.ChoiceField(choices=[("edit", "edit"), ("file", "file")])
    grounds = forms.CharField(
        label="Grounds, one sentence a line", max_length=60_000, strip=False,
        widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "true"}),
        help_text="End each line with the ids of its evidence in brackets: [T1, F2].",
    )  # fmt: skip


class PeriodForm(forms.Form):
    """First and last day of a report."""

    since = forms.DateField(label="First day", widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label="Last day", widget=forms.DateInput(attrs={"type": "date"}))


class MatchForm(forms.Form):
    """A verdict on a match; the pressed button is the verdict."""

    verdict = forms.ChoiceField(choices=Verdict.choices)
    note = forms.CharField(
        validators=FREE_TEXT,
        label="Note", max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What you compared. Kept with the verdict and in the audit trail.",
    )  # fmt: skip

    def clean_verdict(self) -> Verdict:
        return Verdict(self.cleaned_data["verdict"])


class IndentedJson(forms.JSONField):
    """JSON that people read: two spaces a level."""

    def prepare_value(self, value: object) -> str:
        return value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False)


class RuleForm(forms.Form):
    """A draft of a rule."""

    title = forms.CharField(label="Title", max_length=120)
    slug = forms.SlugField(
        label="Short name", max_length=60, help_text="Letters, digits and hyphens. A known name gets a new version."
    )
    severity = forms.ChoiceField(
        label="Severity of its alerts",
        choices=Severity.choices,
        help_text="A rule of low severity only takes notes.",
    )
    expression = IndentedJson(
        label="Condition, as JSON", widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
        help_text='For example {"compare": ">=", "left": {"fact": "fraud_confidence"}, "right": {"value": 0.8}}.',
    )  # fmt: skip
    cases = IndentedJson(
        label="Examples, as JSON", widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
        help_text="A list of {name, facts, expected}: at least one that matches and one that does not.",
    )  # fmt: skip
    note = forms.CharField(
        validators=FREE_TEXT,
        label="What changed and why",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    @property
    def draft(self) -> RuleDraft:
        """The draft as the service takes it."""
        return RuleDraft(**self.cleaned_data)


class RuleActForm(forms.Form):
    """One step of one version; the pressed button is the step."""

    act = forms.ChoiceField(choices=[(act, act) for act in RULE_ACTS])
    version = forms.IntegerField(min_value=1, max_value=32_767)
