"""Everything accounts does: people, tenants, consents, policies, sessions."""

from accounts.services.businesses import join_business, register_businesses
from accounts.services.consents import (
    ConsentTerms,
    UnableToGrant,
    UnableToWithdraw,
    grant_consent,
    grant_consents,
    withdraw_consent,
)
from accounts.services.organisations import change_organisation_status, create_organisation
from accounts.services.people import NewPerson, UnableToCreateUser, change_access, create_user, sign_up
from accounts.services.personas import DEMO_PASSWORD, PERSONAS, Persona
from accounts.services.policies import UnableToPublish, publish_policy
from accounts.services.portal import UnableToSignIn, close_portal, open_portal
from accounts.services.tokens import (
    TokenRefused,
    Tokens,
    bearer,
    close_family,
    forget_expired_families,
    open_family,
    rotate_family,
)

__all__ = [
    "DEMO_PASSWORD",
    "PERSONAS",
    "ConsentTerms",
    "NewPerson",
    "Persona",
    "TokenRefused",
    "Tokens",
    "UnableToCreateUser",
    "UnableToGrant",
    "UnableToPublish",
    "UnableToSignIn",
    "UnableToWithdraw",
    "bearer",
    "change_access",
    "change_organisation_status",
    "close_family",
    "close_portal",
    "create_organisation",
    "create_user",
    "forget_expired_families",
    "grant_consent",
    "grant_consents",
    "join_business",
    "open_family",
    "open_portal",
    "publish_policy",
    "register_businesses",
    "rotate_family",
    "sign_up",
    "withdraw_consent",
]
