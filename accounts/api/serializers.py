"""What strangers send, and what they are told."""

from rest_framework import serializers

from accounts.engine.spans import Span, Unit
from accounts.models import (
    ClaimProof,
    ClaimStatus,
    ConsentAct,
    ConsentStatus,
    Duty,
    EvidenceKind,
    FlagName,
    Language,
    Organisation,
    OrganisationKind,
    OrganisationStatus,
    Purpose,
    Role,
)
from accounts.models.consents import MOST_UNITS
from creditiq.kernel.moments import MomentField


class SignUpIn(serializers.Serializer[object]):
    """A new individual's account."""

    email = serializers.EmailField(max_length=254)
    password = serializers.CharField(max_length=128, trim_whitespace=False)
    first_name = serializers.CharField(max_length=60)
    last_name = serializers.CharField(max_length=60)
    phone = serializers.RegexField(r"^\+[1-9][0-9]{6,14}$", required=False, help_text="E.164, such as +919812345678")
    language = serializers.ChoiceField(choices=Language.choices, required=False)


class SignInIn(serializers.Serializer[object]):
    email = serializers.EmailField(max_length=254)
    password = serializers.CharField(max_length=128, trim_whitespace=False)


class SecondSignInIn(SignInIn):
    code = serializers.CharField(
        max_length=20, required=False, help_text="of the authenticator app, or a recovery code, for those who have one"
    )


class RefreshIn(serializers.Serializer[object]):
    refresh_token = serializers.CharField(max_length=4096)


class TokensOut(serializers.Serializer[object]):
    access_token = serializers.CharField()
    refresh_token = serializers.CharField(help_text="good for one use; using it twice ends the session")
    token_type = serializers.CharField()
    expires_in = serializers.IntegerField(help_text="seconds until the access token ends")


class OrganisationOut(serializers.Serializer[object]):
    id = serializers.UUIDField(source="uuid")
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=OrganisationKind.choices)


class BusinessOut(serializers.Serializer[object]):
    id = serializers.UUIDField(source="uuid")
    gstin = serializers.CharField()
    name = serializers.CharField(source="trade_name")


class AccountOut(serializers.Serializer[object]):
    """The person behind the token."""

    id = serializers.UUIDField(source="user.uuid")
    email = serializers.EmailField(source="user.email")
    role = serializers.ChoiceField(choices=Role.choices, source="user.role")
    first_name = serializers.CharField(source="user.first_name")
    last_name = serializers.CharField(source="user.last_name")
    language = serializers.ChoiceField(choices=Language.choices, source="user.language")
    organisation = OrganisationOut(allow_null=True)
    business = BusinessOut(allow_null=True)


class SpanOut(serializers.Serializer[object]):
    unit = serializers.ChoiceField(choices=[unit.value for unit in Unit])
    value = serializers.IntegerField()


class SpanIn(serializers.Serializer[object]):
    """A length of time, as in an Account Aggregator consent; INF is no bound and needs no value."""

    unit = serializers.ChoiceField(choices=[unit.value for unit in Unit])
    value = serializers.IntegerField(default=0, min_value=0, max_value=MOST_UNITS)

    def to_internal_value(self, given: object) -> Span:
        """The values as the services take them."""
        return Span(**super().to_internal_value(given))


class BoundsIn(serializers.Serializer[object]):
    """What a consent may be bounded by; what is left out or null has no bound."""

    data_from = MomentField(required=False, allow_null=True, help_text="only evidence that happened from here on")
    data_to = MomentField(required=False, allow_null=True, help_text="and up to here, both included")
    data_life = SpanIn(
        required=False, allow_null=True, help_text="how long after the yes it may be used: DAY, MONTH, YEAR or INF"
    )


class ConsentOut(serializers.Serializer[object]):
    id = serializers.UUIDField(source="uuid")
    business = BusinessOut()
    organisation = OrganisationOut()
    purpose = serializers.ChoiceField(choices=Purpose.choices)
    kinds = serializers.ListField(child=serializers.ChoiceField(choices=EvidenceKind.choices))
    status = serializers.ChoiceField(choices=ConsentStatus.choices)
    requested_at = serializers.DateTimeField(allow_null=True)
    granted_at = serializers.DateTimeField(allow_null=True)
    expires_at = serializers.DateTimeField(allow_null=True)
    withdrawn_at = serializers.DateTimeField(allow_null=True)
    data_from = serializers.DateTimeField(allow_null=True)
    data_to = serializers.DateTimeField(allow_null=True)
    frequency = SpanOut(allow_null=True)
    data_life = SpanOut(allow_null=True)


class ConsentGrantIn(BoundsIn):
    """Less than what was asked for, if the owner wants; an empty body grants what was asked."""


class ConsentRequestIn(BoundsIn):
    """What a bank asks a business for."""

    gstin = serializers.CharField(max_length=15)
    kinds = serializers.ListField(child=serializers.ChoiceField(choices=EvidenceKind.choices), min_length=1)
    purpose = serializers.ChoiceField(choices=Purpose.choices, default=Purpose.CREDIT_ASSESSMENT)
    expires_at = MomentField(help_text="at most two years from now")
    frequency = SpanIn(
        required=False, allow_null=True, help_text="at most so many looks an HOUR, DAY, MONTH or YEAR; INF for no bound"
    )


class ConsentUseOut(serializers.Serializer[object]):
    """One look. Who looked is told by role; the house itself has none."""

    act = serializers.ChoiceField(choices=ConsentAct.choices)
    at = serializers.DateTimeField()
    role = serializers.ChoiceField(choices=Role.choices, source="by.role", default=None, allow_null=True)
    target = serializers.CharField(help_text="what was made or opened: kind and public id")


class ConsentUsePageOut(serializers.Serializer[object]):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = ConsentUseOut(many=True)


class ChainOut(serializers.Serializer[object]):
    chain = serializers.CharField(help_text="an organisation's id, or platform")
    entries = serializers.IntegerField()
    head = serializers.CharField(help_text="hash of the last entry that holds")
    broken_at = serializers.IntegerField(allow_null=True, help_text="first entry that does not hold")


class ChainVerdictOut(serializers.Serializer[object]):
    ok = serializers.BooleanField()
    entries = serializers.IntegerField()
    chains = ChainOut(many=True)


class SignedUpOut(serializers.Serializer[object]):
    """The same answer for a free address and a taken one."""

    detail = serializers.CharField()


class TokenIn(serializers.Serializer[object]):
    token = serializers.CharField(max_length=400, help_text="what the link of the letter ends with")


class ResetAskIn(serializers.Serializer[object]):
    email = serializers.EmailField(max_length=254)


class ResetIn(serializers.Serializer[object]):
    user = serializers.UUIDField(help_text="first part of what the link of the letter ends with")
    token = serializers.CharField(max_length=100, help_text="and the second")
    password = serializers.CharField(max_length=128, trim_whitespace=False)


class ChangePasswordIn(serializers.Serializer[object]):
    current = serializers.CharField(max_length=128, trim_whitespace=False)
    password = serializers.CharField(max_length=128, trim_whitespace=False)


class StepUpIn(serializers.Serializer[object]):
    """A code for those who have a second factor, else the password."""

    password = serializers.CharField(max_length=128, trim_whitespace=False, required=False)
    code = serializers.CharField(max_length=20, required=False)

    def validate(self, attrs: dict[str, str]) -> dict[str, str]:
        """One of the two."""
        if not attrs:
            raise serializers.ValidationError("Send the password or a code.")
        return attrs


class FactorOut(serializers.Serializer[object]):
    id = serializers.IntegerField(source="pk")
    kind = serializers.CharField(source="type")
    name = serializers.CharField(source="__str__")
    added_at = serializers.DateTimeField(source="created_at")
    last_used_at = serializers.DateTimeField(allow_null=True)


class FactorsOut(serializers.Serializer[object]):
    apps = FactorOut(many=True)
    passkeys = FactorOut(many=True)
    recovery_left = serializers.IntegerField()
    must_have_factor = serializers.BooleanField()


class TotpOfferOut(serializers.Serializer[object]):
    secret = serializers.CharField(help_text="base32; shown once")
    url = serializers.CharField(help_text="otpauth address for the app")
    ticket = serializers.CharField(help_text="send it back with the first code, within 15 minutes")


class TotpIn(serializers.Serializer[object]):
    ticket = serializers.CharField(max_length=600)
    code = serializers.CharField(max_length=20)


class RecoveryCodesOut(serializers.Serializer[object]):
    recovery_codes = serializers.ListField(child=serializers.CharField(), help_text="shown once; empty when kept")


class OpenSessionOut(serializers.Serializer[object]):
    id = serializers.CharField(source="key")
    kind = serializers.CharField()
    device = serializers.CharField()
    address = serializers.CharField()
    since = serializers.DateTimeField()
    is_current = serializers.BooleanField()


class ProfileOut(serializers.Serializer[object]):
    email = serializers.EmailField()
    first_name = serializers.CharField()
    last_name = serializers.CharField()
    phone = serializers.CharField(allow_blank=True)
    address = serializers.CharField(allow_blank=True)
    language = serializers.ChoiceField(choices=Language.choices)
    wants_mail = serializers.BooleanField()


class ProfileIn(serializers.Serializer[object]):
    first_name = serializers.CharField(max_length=60, required=False)
    last_name = serializers.CharField(max_length=60, required=False)
    phone = serializers.RegexField(r"^\+[1-9][0-9]{6,14}$", required=False, allow_blank=True, help_text="E.164")
    address = serializers.CharField(max_length=300, required=False, allow_blank=True)
    language = serializers.ChoiceField(choices=Language.choices, required=False)
    wants_mail = serializers.BooleanField(required=False)


class PersonOut(serializers.Serializer[object]):
    """Somebody with an account, as administrators see them."""

    id = serializers.UUIDField(source="uuid")
    email = serializers.EmailField()
    first_name = serializers.CharField()
    last_name = serializers.CharField()
    role = serializers.ChoiceField(choices=Role.choices)
    duties = serializers.ListField(child=serializers.ChoiceField(choices=Duty.choices))
    organisation = OrganisationOut(allow_null=True)
    is_active = serializers.BooleanField()
    has_factor = serializers.BooleanField()


class PeopleOut(serializers.Serializer[object]):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = PersonOut(many=True)


class AccessIn(serializers.Serializer[object]):
    role = serializers.ChoiceField(choices=Role.choices)
    organisation = serializers.SlugRelatedField(
        slug_field="uuid", queryset=Organisation.objects.all(), allow_null=True, required=False, default=None
    )
    duties = serializers.ListField(child=serializers.ChoiceField(choices=Duty.choices), default=list)
    is_active = serializers.BooleanField(default=True)


class InviteIn(serializers.Serializer[object]):
    email = serializers.EmailField(max_length=254)
    first_name = serializers.CharField(max_length=60)
    last_name = serializers.CharField(max_length=60)
    role = serializers.ChoiceField(choices=Role.choices)
    organisation = serializers.SlugRelatedField(
        slug_field="uuid", queryset=Organisation.objects.all(), allow_null=True, required=False, default=None
    )
    duties = serializers.ListField(child=serializers.ChoiceField(choices=Duty.choices), default=list)


class BankOut(serializers.Serializer[object]):
    id = serializers.UUIDField(source="uuid")
    name = serializers.CharField()
    status = serializers.ChoiceField(choices=OrganisationStatus.choices)


class BankIn(serializers.Serializer[object]):
    name = serializers.CharField(max_length=120)


class BankStatusIn(serializers.Serializer[object]):
    status = serializers.ChoiceField(choices=OrganisationStatus.choices)


class FlagOut(serializers.Serializer[object]):
    name = serializers.ChoiceField(choices=FlagName.choices)
    meaning = serializers.CharField()
    is_on = serializers.BooleanField()
    default = serializers.BooleanField()
    forced_off = serializers.BooleanField(help_text="the environment holds it off")


class FlagIn(serializers.Serializer[object]):
    is_on = serializers.BooleanField()


class ClaimOut(serializers.Serializer[object]):
    id = serializers.UUIDField(source="uuid")
    gstin = serializers.CharField(source="business.gstin")
    proof = serializers.ChoiceField(choices=ClaimProof.choices)
    status = serializers.ChoiceField(choices=ClaimStatus.choices)
    contact = serializers.CharField(help_text="where the code went, masked")
    made_at = serializers.DateTimeField()


class ClaimIn(serializers.Serializer[object]):
    identifier = serializers.CharField(max_length=19, help_text="GSTIN, PAN or Udyam number")


class CodeIn(serializers.Serializer[object]):
    code = serializers.CharField(max_length=20)
