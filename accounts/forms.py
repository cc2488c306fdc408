"""What people fill in here: signing in, asking for evidence, letting somebody in, answering."""

from datetime import datetime, timedelta

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.http import QueryDict

from accounts.models import ConsentStep, EvidenceKind, Organisation, Purpose

MONTH = timedelta(days=30)
MONTHS = [(3, "3 months"), (6, "6 months"), (12, "12 months"), (24, "24 months")]
A_YEAR = 12


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


class ConsentForm(forms.Form):
    """Which kinds of evidence, what for and for how long."""

    kinds = forms.MultipleChoiceField(
        label="Kinds of evidence",
        choices=EvidenceKind.choices,
        initial=EvidenceKind.values,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one kind of evidence."},
    )
    purpose = forms.ChoiceField(label="Purpose", choices=Purpose.choices)
    months = forms.TypedChoiceField(label="For how long", choices=MONTHS, coerce=int, initial=A_YEAR)

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
    field_order = ("gstin", "kinds", "purpose", "months")


class GiveForm(ConsentForm):
    """An owner lets an organisation in, unasked."""

    field_order = ("organisation", "kinds", "purpose", "months")

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
