"""People, organisations, businesses, consents: as small as the tables allow."""

from datetime import UTC, date, datetime

import factory
from django.contrib.auth.hashers import make_password
from factory.declarations import BaseDeclaration
from factory.django import DjangoModelFactory

from accounts.models import (
    Business,
    Consent,
    ConsentStatus,
    EvidenceKind,
    Membership,
    Organisation,
    OrganisationKind,
    OrganisationStatus,
    Role,
    User,
)
from creditiq.kernel.identifiers import gstin

AT = datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
PASSWORD = "a long enough phrase"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def pan_number(number: int) -> str:
    """A well-formed PAN of a company, another one for each number."""
    return f"AA{LETTERS[number // 10_000 % 26]}CZ{number % 10_000:04d}K"


class PlatformFactory(DjangoModelFactory[Organisation]):
    """The one platform; a test that empties the tables gets it back."""

    class Meta:
        model = Organisation
        django_get_or_create = ("kind",)

    kind = OrganisationKind.PLATFORM
    name = "CreditIQ"


class BankFactory(DjangoModelFactory[Organisation]):
    class Meta:
        model = Organisation

    class Params:
        suspended = factory.Trait(status=OrganisationStatus.SUSPENDED)

    name = factory.Sequence(lambda number: f"Bank {number}")


class UserFactory(DjangoModelFactory[User]):
    """An individual; `role=` with a staff role comes with the platform unless a bank is named."""

    class Meta:
        model = User

    email = factory.Sequence(lambda number: f"person{number}@people.example")
    password = factory.LazyFunction(lambda: make_password(PASSWORD))
    first_name = "Asha"
    last_name = "Rao"
    role = Role.INDIVIDUAL
    email_verified_at = AT
    organisation: BaseDeclaration = factory.Maybe(
        factory.LazyAttribute(lambda user: user.role not in {Role.INDIVIDUAL, Role.MSME_OWNER}),
        yes_declaration=factory.SubFactory(PlatformFactory),
        no_declaration=None,
    )


class OwnerFactory(UserFactory):
    role = Role.MSME_OWNER


class OfficerFactory(UserFactory):
    role = Role.LOAN_OFFICER
    organisation = factory.SubFactory(BankFactory)


class AnalystFactory(UserFactory):
    role = Role.CREDIT_ANALYST


class RiskManagerFactory(UserFactory):
    role = Role.RISK_MANAGER


class AdminFactory(UserFactory):
    role = Role.ADMIN


class BusinessFactory(DjangoModelFactory[Business]):
    class Meta:
        model = Business

    class Params:
        pan = factory.Sequence(pan_number)

    gstin = factory.LazyAttribute(lambda business: gstin.compose(business.state_code, business.pan))
    legal_name = factory.Sequence(lambda number: f"Business {number} Private Limited")
    trade_name = factory.Sequence(lambda number: f"Business {number}")
    sector = "textiles"
    hsn = "5208"
    state_code = 29
    pincode = "560001"
    size = "micro"
    constitution = "company"
    registered_on = date(2024, 4, 1)
    deals_in_goods = True
    quarterly_filer = False


class MembershipFactory(DjangoModelFactory[Membership]):
    class Meta:
        model = Membership

    user = factory.SubFactory(OwnerFactory)
    business = factory.SubFactory(BusinessFactory)


class ConsentFactory(DjangoModelFactory[Consent]):
    """Granted long ago for a century (tenancy is judged at the real present), every kind of evidence."""

    class Meta:
        model = Consent

    business = factory.SubFactory(BusinessFactory)
    organisation = factory.SubFactory(BankFactory)
    kinds = EvidenceKind.values
    status = ConsentStatus.GRANTED
    granted_at = datetime(2020, 1, 1, tzinfo=UTC)
    expires_at = datetime(2120, 1, 1, tzinfo=UTC)
