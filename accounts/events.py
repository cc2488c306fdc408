"""News from accounts. `creditiq/wiring.py` says who hears it."""

from dataclasses import dataclass

from creditiq.kernel.events import Event


@dataclass(frozen=True)
class ConsentRequested(Event):
    """A bank asks a business for its evidence: the owner should know at once."""

    consent_id: int
    business_id: int


@dataclass(frozen=True)
class ConsentGranted(Event):
    """A business lets an organisation read its evidence: what was unknown can be known."""

    consent_id: int
    business_id: int


@dataclass(frozen=True)
class ConsentDenied(Event):
    """A business refused a request."""

    consent_id: int
    business_id: int


@dataclass(frozen=True)
class ConsentWithdrawn(Event):
    """A business took a consent back: whoever reads its evidence must forget it."""

    consent_id: int
    business_id: int


@dataclass(frozen=True)
class ConsentExpired(Event):
    """The time of a consent is over: the same holds as for one withdrawn."""

    consent_id: int
    business_id: int


@dataclass(frozen=True)
class MailWritten(Event):
    """A letter waits to be sent."""

    mail_id: int


@dataclass(frozen=True)
class Notified(Event):
    """A person was told something, or has read it: their open pages count anew."""

    user_id: int


@dataclass(frozen=True)
class PeopleUntold(Event):
    """More people are touched by a breach than were told at once."""

    breach_id: int
    by_id: int


@dataclass(frozen=True)
class JobQueued(Event):
    """Long work waits for a worker."""

    job_id: int


@dataclass(frozen=True)
class ClaimDisputed(Event):
    """Somebody who speaks for a business (`by_id`) says that a newcomer does not."""

    claim_id: int
    business_id: int
    by_id: int


@dataclass(frozen=True)
class MembershipChanged(Event):
    """Another person speaks for a business, or one no longer does."""

    business_id: int


@dataclass(frozen=True)
class ApprovalRequested(Event):
    """Somebody asks a second person to agree to an act."""

    approval_id: int


@dataclass(frozen=True)
class ApprovalDecided(Event):
    """A request was approved (and carried out), rejected, cancelled, or ran out."""

    approval_id: int


@dataclass(frozen=True)
class WebhookDue(Event):
    """A call to somebody's server waits to be made."""

    delivery_id: int


@dataclass(frozen=True)
class KycVerified(Event):
    """The identity of a business was verified, or renewed."""

    profile_id: int
    business_id: int
