"""Forms of the seal of a loan."""

from collections.abc import Iterable

from django import forms

from wallets.models import Wallet


class SignerForm(forms.Form):
    """The wallet that co-signs an agreement."""

    wallet = forms.ChoiceField(label="Wallet")
    consent = forms.BooleanField(label="I want this wallet named on a public chain, for ever", required=False)

    def offering(self, wallets: Iterable[Wallet]) -> "SignerForm":
        """The same form with the person's proved wallets."""
        field = self.fields["wallet"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(wallet.address, str(wallet)) for wallet in wallets]
        return self


class CoSignatureForm(forms.Form):
    """A signature made in a wallet."""

    signature = forms.CharField(label="Signature", max_length=140)
