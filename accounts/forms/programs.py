"""What people fill in for their programs: keys that open our doors, and addresses of theirs that we call."""

from django import forms
from django.http import QueryDict


class WebhookForm(forms.Form):
    """Where we call, and about what."""

    url = forms.CharField(
        label="Address",
        max_length=500,
        help_text="https and a public name, such as https://hooks.example.com/creditiq.",
        widget=forms.URLInput(attrs={"autocomplete": "off"}),
    )
    events = forms.MultipleChoiceField(
        label="It hears",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one kind of news."},
    )

    def __init__(
        self, data: QueryDict | None, *, events: list[tuple[str, str]], initial: dict[str, object] | None = None
    ) -> None:
        super().__init__(data, initial=initial)
        field = self.fields["events"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = events

    def clean_events(self) -> tuple[str, ...]:
        return tuple(self.cleaned_data["events"])


class ApiKeyForm(forms.Form):
    """What a program may do, from where, how often and until when."""

    name = forms.CharField(label="Name", max_length=60, help_text="What it is for.")
    sandbox = forms.ChoiceField(
        label="It works on",
        required=False,
        choices=[
            ("", "what is real, as you"),
            ("officer", "the sandbox, as its officer"),
            ("owner", "the sandbox, as its owner"),
        ],
    )
    scopes = forms.MultipleChoiceField(
        label="It may",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one thing that it may do."},
    )
    days = forms.IntegerField(label="Days until it runs out", initial=90, min_value=1, max_value=365)
    quota_per_day = forms.IntegerField(label="Calls a day", initial=10_000, min_value=1, max_value=1_000_000)
    addresses = forms.CharField(
        label="From addresses",
        required=False,
        max_length=900,
        help_text="Addresses or networks with commas between, such as 203.0.113.0/24. Empty: from anywhere.",
    )

    def __init__(self, data: QueryDict | None, *, scopes: list[tuple[str, str]]) -> None:
        super().__init__(data)
        field = self.fields["scopes"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = scopes

    def clean_scopes(self) -> tuple[str, ...]:
        return tuple(self.cleaned_data["scopes"])

    def clean_addresses(self) -> tuple[str, ...]:
        """The parts between commas."""
        return tuple(part.strip() for part in self.cleaned_data["addresses"].split(",") if part.strip())
