"""What strangers send, and what they are told."""

from rest_framework import serializers

from accounts.models import ConsentAct, ConsentStatus, EvidenceKind, Language, OrganisationKind, Purpose, Role


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


class ConsentRequestIn(serializers.Serializer[object]):
    """What a bank asks a business for."""

    gstin = serializers.CharField(max_length=15)
    kinds = serializers.ListField(child=serializers.ChoiceField(choices=EvidenceKind.choices), min_length=1)
    purpose = serializers.ChoiceField(choices=Purpose.choices, default=Purpose.CREDIT_ASSESSMENT)
    expires_at = serializers.DateTimeField(help_text="at most two years from now")


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
