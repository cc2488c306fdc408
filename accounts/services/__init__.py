"""Everything accounts does: people, tenants, consents, policies, sessions."""

from accounts.services.businesses import join_business, register_businesses
from accounts.services.consent_requests import UnableToRequest, request_consent
from accounts.services.consent_uses import record_look, record_uses
from accounts.services.consents import (
    ConsentTerms,
    UnableToDeny,
    UnableToGrant,
    UnableToWithdraw,
    deny_request,
    expire_consents,
    grant_consent,
    grant_consents,
    grant_request,
    withdraw_consent,
)
from accounts.services.organisations import change_organisation_status, create_organisation
from accounts.services.people import NewPerson, UnableToCreateUser, change_access, create_user, sign_up
from accounts.services.personas import DEMO_PASSWORD, PERSONAS, Persona
from accounts.services.policies import UnableToPublish, discard_policy, draft_policy, publish_draft, publish_policy
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
    "UnableToDeny",
    "UnableToGrant",
    "UnableToPublish",
    "UnableToRequest",
    "UnableToSignIn",
    "UnableToWithdraw",
    "bearer",
    "change_access",
    "change_organisation_status",
    "close_family",
    "close_portal",
    "create_organisation",
    "create_user",
    "deny_request",
    "discard_policy",
    "draft_policy",
    "expire_consents",
    "forget_expired_families",
    "grant_consent",
    "grant_consents",
    "grant_request",
    "join_business",
    "open_family",
    "open_portal",
    "publish_draft",
    "publish_policy",
    "record_look",
    "record_uses",
    "register_businesses",
    "request_consent",
    "rotate_family",
    "sign_up",
    "withdraw_consent",
]
