"""Who there is, who may see whom, and what was done."""

from accounts.models.audit import AuditEntry
from accounts.models.businesses import Business, BusinessQuerySet, Membership
from accounts.models.consent_trail import ConsentAct, ConsentEvent, ConsentUse
from accounts.models.consents import (
    CONSENT_STEPS,
    Consent,
    ConsentQuerySet,
    ConsentStatus,
    ConsentStep,
    EvidenceKind,
    Purpose,
)
from accounts.models.organisations import Organisation, OrganisationKind, OrganisationStatus
from accounts.models.people import Language, Role, User
from accounts.models.policies import PolicySection, PolicyStatus, PolicyVersion
from accounts.models.sessions import TokenFamily

__all__ = [
    "CONSENT_STEPS",
    "AuditEntry",
    "Business",
    "BusinessQuerySet",
    "Consent",
    "ConsentAct",
    "ConsentEvent",
    "ConsentQuerySet",
    "ConsentStatus",
    "ConsentStep",
    "ConsentUse",
    "EvidenceKind",
    "Language",
    "Membership",
    "Organisation",
    "OrganisationKind",
    "OrganisationStatus",
    "PolicySection",
    "PolicyStatus",
    "PolicyVersion",
    "Purpose",
    "Role",
    "TokenFamily",
    "User",
]
