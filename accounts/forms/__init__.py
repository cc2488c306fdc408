"""What people fill in here: signing in, their account, requests, what governs the house."""

from datetime import date, datetime, time, timedelta

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.http import QueryDict

from accounts.models import (
    ClaimVerdict,
    DataRequestKind,
    Duty,
    FlagName,
    Language,
    Organisation,
    OrganisationStatus,
    Role,
)
from creditiq.kernel.cards import FREE_TEXT
from creditiq.kernel.clock import IST
from creditiq.kernel.speech import told_choices


class SignInForm(AuthenticationForm):
    """E-mail and password. The field keeps Django's name `username`, which password managers know."""

    username = forms.EmailField(
        label="E-mail", widget=forms.EmailInput(attrs={"autofocus": True, "autocomplete": "username"})
    )

    def clean_username(self) -> str:
        """In lower case, as stored; else each spelling would have its own count of wrong passwords."""
        return str(self.cleaned_data["username"]).lower()

    def get_invalid_login_error(self) -> forms.ValidationError:
        """One sentence for a wrong password, an unknown address and a closed account: nobody learns which exists."""
        return forms.ValidationError("The e-mail or the password is wrong.", code="invalid_login")


class DataRequestForm(forms.Form):
    """What somebody asks about their own data."""

    kind = forms.ChoiceField(label="What", choices=told_choices(DataRequestKind.choices))
    text = forms.CharField(
        validators=FREE_TEXT,
        label="In your words",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class DataAnswerForm(forms.Form):
    """An administrator's answer; the button says which."""

    step = forms.ChoiceField(choices=[("answer", "answer"), ("erase", "erase")])
    answer = forms.CharField(validators=FREE_TEXT, max_length=1000, required=False)


class JobForm(forms.Form):
    """Long work to start."""

    work = forms.ChoiceField(label="Work")

    def __init__(self, data: QueryDict | None, *, works: list[tuple[str, str]]) -> None:
        super().__init__(data)
        self.fields["work"] = forms.ChoiceField(label="Work", choices=works)


class SignUpForm(forms.Form):
    """A new individual's account."""

    first_name = forms.CharField(max_length=60, widget=forms.TextInput(attrs={"autocomplete": "given-name"}))
    last_name = forms.CharField(max_length=60, widget=forms.TextInput(attrs={"autocomplete": "family-name"}))
    email = forms.EmailField(label="E-mail", widget=forms.EmailInput(attrs={"autocomplete": "username"}))
    password = forms.CharField(
        help_text="At least 12 characters; a few words in a row are easy to remember.",
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    phone = forms.RegexField(
        r"^\+[1-9][0-9]{6,14}$",
        required=False,
        help_text="With country code, such as +919812345678.",
        error_messages={"invalid": "Write the number with country code, such as +919812345678."},
        widget=forms.TextInput(attrs={"autocomplete": "tel"}),
    )
    language = forms.ChoiceField(choices=Language.choices)


class EmailForm(forms.Form):
    """An address to send a link to."""

    email = forms.EmailField(label="E-mail", widget=forms.EmailInput(attrs={"autocomplete": "username"}))


class NewPasswordForm(forms.Form):
    """A new password, by a link."""

    password = forms.CharField(
        label="New password",
        help_text="At least 12 characters; a few words in a row are easy to remember.",
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class ChangePasswordForm(NewPasswordForm):
    """A new password, with the current one."""

    current = forms.CharField(
        label="Current password",
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    field_order = ("current", "password")


class CodeForm(forms.Form):
    """Six digits of the app, or a recovery code."""

    code = forms.CharField(
        label="Code",
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "text", "autofocus": True}),
    )


class PasswordForm(forms.Form):
    """The password once more."""

    password = forms.CharField(
        strip=False, max_length=128, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )


class PasskeyForm(forms.Form):
    """What the browser made or answered with a passkey."""

    name = forms.CharField(max_length=60, required=False, label="Name", help_text="So you know it again in the list.")
    credential = forms.JSONField(widget=forms.HiddenInput)


class ProfileForm(forms.Form):
    """What people say of themselves."""

    first_name = forms.CharField(max_length=60, widget=forms.TextInput(attrs={"autocomplete": "given-name"}))
    last_name = forms.CharField(max_length=60, widget=forms.TextInput(attrs={"autocomplete": "family-name"}))
    phone = SignUpForm.base_fields["phone"]
    address = forms.CharField(
        max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "street-address"})
    )
    language = forms.ChoiceField(choices=Language.choices)
    wants_mail = forms.BooleanField(required=False, label="E-mail me what happens to my business and my requests")


class ClaimForm(forms.Form):
    """Which business is claimed, and by which proof."""

    identifier = forms.CharField(
        label="GSTIN, PAN or Udyam number",
        max_length=19,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    certificate = forms.FileField(
        required=False,
        label="Registration certificate",
        help_text="PDF, PNG or JPEG up to 5 MB; a second person looks at it. Leave empty to get a code instead.",
    )


class NoteForm(forms.Form):
    """A verdict with its reason."""

    verdict = forms.ChoiceField(choices=[(verdict.value, verdict.value) for verdict in ClaimVerdict])
    note = forms.CharField(
        validators=FREE_TEXT, max_length=500, label="Reason", widget=forms.Textarea(attrs={"rows": 2})
    )


class ApprovalForm(forms.Form):
    """What somebody says to a request for a second person."""

    step = forms.ChoiceField(choices=[("approve", "approve"), ("reject", "reject"), ("cancel", "cancel")])
    note = forms.CharField(
        validators=FREE_TEXT,
        max_length=500,
        required=False,
        label="Note",
        help_text="Needed to reject.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class DisputeForm(forms.Form):
    """Why a newcomer does not speak for the business."""

    note = forms.CharField(validators=FREE_TEXT, max_length=500, label="Why")


class LeaveForm(forms.Form):
    """Leaving, and to whom one hands over."""

    heir = forms.UUIDField()


class PersonForm(forms.Form):
    """Somebody's access."""

    role = forms.ChoiceField(choices=Role.choices)
    organisation = forms.ModelChoiceField(
        Organisation.objects.order_by("name"), required=False, help_text="Staff belong to one; owners to none."
    )
    duties = forms.MultipleChoiceField(choices=Duty.choices, required=False, widget=forms.CheckboxSelectMultiple)
    is_active = forms.BooleanField(required=False, label="May sign in", initial=True)


class InviteForm(PersonForm):
    """A colleague's account; the password is chosen by the link in the letter."""

    email = forms.EmailField(label="E-mail")
    first_name = forms.CharField(max_length=60)
    last_name = forms.CharField(max_length=60)
    field_order = ("email", "first_name", "last_name", "role", "organisation", "duties")

    def __init__(self, data: QueryDict | None) -> None:
        super().__init__(data)
        del self.fields["is_active"]


class BankForm(forms.Form):
    """A new bank."""

    name = forms.CharField(max_length=120)


class BankStatusForm(forms.Form):
    """Suspend a bank or let it back in."""

    status = forms.ChoiceField(choices=OrganisationStatus.choices)


class SwitchForm(forms.Form):
    """A switch, and where it goes."""

    name = forms.ChoiceField(choices=FlagName.choices)
    on = forms.TypedChoiceField(choices=[("on", "on"), ("off", "off")], coerce=lambda text: text == "on")


class ReviewForm(forms.Form):
    """Whether somebody's access is still right."""

    person = forms.UUIDField()
    is_right = forms.TypedChoiceField(choices=[("yes", "yes"), ("no", "no")], coerce=lambda text: text == "yes")


class SessionForm(forms.Form):
    """Which session ends; "others" are all but this one."""

    session = forms.CharField(max_length=40)


class FactorForm(forms.Form):
    """Which second factor goes."""

    factor = forms.IntegerField()


class TrailForm(forms.Form):
    """What is looked for in the audit trail. Days are Indian days, `until` counts."""

    action = forms.CharField(max_length=60, required=False, label="Act begins with")
    actor = forms.EmailField(required=False, label="Who (e-mail)")
    target = forms.CharField(max_length=120, required=False, label="What (name or id)")
    outcome = forms.CharField(max_length=20, required=False)
    request_id = forms.CharField(max_length=64, required=False, label="Request")
    since = forms.DateField(required=False, label="From", widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(required=False, label="To", widget=forms.DateInput(attrs={"type": "date"}))

    def clean_since(self) -> datetime | None:
        """Where the day begins."""
        return _beginning_of(self.cleaned_data["since"])

    def clean_until(self) -> datetime | None:
        """Where the day after begins."""
        day = self.cleaned_data["until"]
        return _beginning_of(day + timedelta(days=1)) if day and day < date.max else None


class PackForm(forms.Form):
    """What an evidence pack is for."""

    reason = forms.CharField(
        validators=FREE_TEXT, max_length=500, label="What the pack is for", help_text="At most 1,000 entries."
    )


def _beginning_of(day: date | None) -> datetime | None:
    return datetime.combine(day, time.min, tzinfo=IST) if day else None
