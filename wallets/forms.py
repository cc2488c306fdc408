"""Forms of the evidence pages."""

from django import forms

from wallets.models.uploads import UploadMode


class UploadForm(forms.Form):
    """A file of UPI payments."""

    file = forms.FileField(
        label="CSV file of UPI payments", help_text="UTF-8, comma-separated, with the template's header."
    )
    mode = forms.ChoiceField(label="When lines are wrong", choices=UploadMode.choices, initial=UploadMode.VALID_LINES)
