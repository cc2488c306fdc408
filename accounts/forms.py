"""The sign-in form."""

from typing import ClassVar

from django import forms
from django.contrib.auth.forms import AuthenticationForm


class SignInForm(AuthenticationForm):
    """E-mail and password. The field keeps Django's name `username`, which password managers know."""

    username = forms.EmailField(
        label="E-mail", widget=forms.EmailInput(attrs={"autofocus": True, "autocomplete": "username"})
    )
    # One sentence for a wrong password, an unknown address and a closed account: nobody learns which exists.
    error_messages: ClassVar[dict[str, str]] = {
        "invalid_login": "The e-mail or the password is wrong.",
        "inactive": "The e-mail or the password is wrong.",
    }
