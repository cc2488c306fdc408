"""The sign-in form."""

from django import forms
from django.contrib.auth.forms import AuthenticationForm


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
