"""Who there is, who may see whom, and what was done."""

from accounts.models.audit import AuditEntry
from accounts.models.businesses import Business, BusinessQuerySet, Membership
from accounts.models.consents import Consent, ConsentQuerySet, ConsentStatus, EvidenceKind, Purpose
from accounts.models.organisations import Organisation, OrganisationKind, OrganisationStatus
from accounts.models.people import Language, Role, User
from accounts.models.policies import PolicySection, PolicyStatus, PolicyVersion
from accounts.models.sessions import TokenFamily

__all__ = [
    "AuditEntry",
    "Business",
    "BusinessQuerySet",
    "Consent",
    "ConsentQuerySet",
    "ConsentStatus",
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
