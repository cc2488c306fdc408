"""Who there is, who may see whom, and what was done."""

from accounts.models.answers import KeptAnswer
from accounts.models.api_keys import ApiKey
from accounts.models.approvals import APPROVAL_STEPS, ApprovalRequest, ApprovalState
from accounts.models.audit import AuditCheckpoint, AuditEntry
from accounts.models.breaches import AffectedPerson, Breach
from accounts.models.businesses import Business, BusinessQuerySet, Membership
from accounts.models.claims import Claim, ClaimProof, ClaimStatus, ClaimVerdict, Invitation
from accounts.models.consent_trail import ConsentAct, ConsentEvent, ConsentUse
from accounts.models.consents import (
    CONSENT_STEPS,
    Bounds,
    Consent,
    ConsentQuerySet,
    ConsentStatus,
    ConsentStep,
    EvidenceKind,
    Purpose,
)
from accounts.models.data_requests import DataRequest, DataRequestKind, DataRequestState, LegalHold
from accounts.models.flags import Flag, FlagName
from accounts.models.jobs import Job, JobLine, JobState
from accounts.models.kyc import (
    BeneficialOwner,
    KycDocument,
    KycPaper,
    KycProfile,
    KycRisk,
    KycState,
    KycTier,
    OwnershipDeclaration,
    OwnershipParty,
    OwnershipStake,
    PartyKind,
)
from accounts.models.mails import Mail
from accounts.models.notices import Notification, Reminder, ReminderKind, ReminderState
from accounts.models.organisations import Organisation, OrganisationKind, OrganisationStatus
from accounts.models.people import Duty, Language, Role, User
from accounts.models.policies import PolicySection, PolicyStatus, PolicyVersion
from accounts.models.reports import FrozenReport, ReportKind
from accounts.models.retention import RetentionRun
from accounts.models.reviews import AccessReview
from accounts.models.sessions import TokenFamily
from accounts.models.usage import KeyUsage, UsageFlush
from accounts.models.views import SavedView
from accounts.models.webhooks import Webhook, WebhookDelivery, WebhookDeliveryState, WebhookState, WebhookTry

__all__ = [
    "APPROVAL_STEPS",
    "CONSENT_STEPS",
    "AccessReview",
    "AffectedPerson",
    "ApiKey",
    "ApprovalRequest",
    "ApprovalState",
    "AuditCheckpoint",
    "AuditEntry",
    "BeneficialOwner",
    "Bounds",
    "Breach",
    "Business",
    "BusinessQuerySet",
    "Claim",
    "ClaimProof",
    "ClaimStatus",
    "ClaimVerdict",
    "Consent",
    "ConsentAct",
    "ConsentEvent",
    "ConsentQuerySet",
    "ConsentStatus",
    "ConsentStep",
    "ConsentUse",
    "DataRequest",
    "DataRequestKind",
    "DataRequestState",
    "Duty",
    "EvidenceKind",
    "Flag",
    "FlagName",
    "FrozenReport",
    "Invitation",
    "Job",
    "JobLine",
    "JobState",
    "KeptAnswer",
    "KeyUsage",
    "KycDocument",
    "KycPaper",
    "KycProfile",
    "KycRisk",
    "KycState",
    "KycTier",
    "Language",
    "LegalHold",
    "Mail",
    "Membership",
    "Notification",
    "Organisation",
    "OrganisationKind",
    "OrganisationStatus",
    "OwnershipDeclaration",
    "OwnershipParty",
    "OwnershipStake",
    "PartyKind",
    "PolicySection",
    "PolicyStatus",
    "PolicyVersion",
    "Purpose",
    "Reminder",
    "ReminderKind",
    "ReminderState",
    "ReportKind",
    "RetentionRun",
    "Role",
    "SavedView",
    "TokenFamily",
    "UsageFlush",
    "User",
    "Webhook",
    "WebhookDelivery",
    "WebhookDeliveryState",
    "WebhookState",
    "WebhookTry",
]
