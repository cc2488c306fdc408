"""What people see of their own account, and administrators of everybody's."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from accounts.models import (
    AccessReview,
    Business,
    Claim,
    ClaimProof,
    ClaimStatus,
    Flag,
    FlagName,
    Invitation,
    Mail,
    Membership,
    Organisation,
    TokenFamily,
    User,
)
from accounts.models.reviews import quarter_of
from creditiq.kernel.blind_index import candidates
from creditiq.kernel.errors import NotVisible

LISTED_MAILS = 100
STEPS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "individual": (
        ("Claim your business", "Prove that it is yours by a code to its registered contact, or by its certificate."),
        ("Share evidence", "GST returns, UPI payments and bank entries are what a score is made of."),
        ("Decide who sees it", "Nobody reads anything without your consent, and you can take it back at once."),
    ),
    "msme_owner": (
        ("Read your score", "One number, how sure we are, and what raises or lowers it in points."),
        ("Share evidence", "The more months we see, the surer the score. You see every line that was not accepted."),
        ("Decide who sees it", "Consents say who may look until when, and who looked."),
    ),
    "loan_officer": (
        ("Work the queue", "Applications of your bank, oldest first, with score band and fraud flag."),
        ("Ask for access", "You see a business only while it lets your bank see it. Ask by its GSTIN."),
        ("Decide with reasons", "Every decision names its reasons; what you decide is kept as it was."),
    ),
    "credit_analyst": (
        ("Ask the model why", "The explorer shows what moved each score, for one business or for all."),
        ("Look at the figures", "The data explorer shows what was measured, masked until you give a reason."),
        ("Replay a decision", "Any decision can be rebuilt byte for byte from what was known then."),
    ),
    "risk_manager": (
        ("Follow the money", "The fraud queue lists rings of payments that come back, strongest first."),
        ("Confirm or dismiss", "Every act needs a reason, and can be replayed."),
        ("Approve sanctions", "What an officer recommends waits for you under Approvals."),
    ),
    "admin": (
        ("Invite people", "Under People you give roles; nobody changes their own."),
        ("Keep the banks", "Suspending a bank shuts its people out at once."),
        ("Watch the trail", "Every act is on record, chained, and can be verified."),
    ),
}
"""First steps per role: title and one sentence, three at most."""


@dataclass(frozen=True)
class OpenSession:
    """One place where the person is signed in; `key` ends it."""

    key: str
    kind: str
    device: str
    address: str
    since: datetime
    is_current: bool


@dataclass(frozen=True)
class SecurityPage:
    """How a person proves to be themselves, and where they are signed in."""

    apps: tuple[Authenticator, ...]
    passkeys: tuple[Authenticator, ...]
    recovery_left: int
    sessions: tuple[OpenSession, ...]
    must_have_factor: bool

    @property
    def has_factor(self) -> bool:
        """Whether signing in asks for more than a password."""
        return bool(self.apps or self.passkeys)


@dataclass(frozen=True)
class MembersPage:
    """Who speaks for a business, who is invited, who claims it; what the person claims elsewhere."""

    business: Business | None
    members: tuple[Membership, ...]
    invitations: tuple[Invitation, ...]
    newcomers: tuple[Claim, ...]
    own_claims: tuple[Claim, ...]


@dataclass(frozen=True)
class Switch:
    """One flag as it stands."""

    name: str
    meaning: str
    is_on: bool
    default: bool
    forced_off: bool
    row: Flag | None


@dataclass(frozen=True)
class Review:
    """One person of the access review, and what was said this quarter."""

    person: User
    done: AccessReview | None


def has_factor(user: User) -> bool:
    """Whether the person has an app or a passkey."""
    return _real_factors().filter(user=user).exists()


def must_have_factor(user: User) -> bool:
    """Whether the house asks a second factor of the person: of all staff, while the switch is on."""
    return user.organisation_id is not None and Flag.objects.is_on(FlagName.MFA)


def lacks_factor(user: User) -> bool:
    """Whether the person must add a second factor before anything else."""
    return must_have_factor(user) and not has_factor(user)


def security_page(*, user: User, current: str, at: datetime) -> SecurityPage:
    """Second factors and open sessions; `current` is the session key or family id of the request."""
    factors = list(Authenticator.objects.filter(user=user).order_by("pk"))
    recovery = next((one for one in factors if one.type == Authenticator.Type.RECOVERY_CODES), None)
    return SecurityPage(
        apps=tuple(one for one in factors if one.type == Authenticator.Type.TOTP),
        passkeys=tuple(one for one in factors if one.type == Authenticator.Type.WEBAUTHN),
        recovery_left=len(recovery.data["digests"]) if recovery else 0,
        sessions=open_sessions(user=user, current=current, at=at),
        must_have_factor=must_have_factor(user),
    )


def open_sessions(*, user: User, current: str, at: datetime) -> tuple[OpenSession, ...]:
    """Where the person is signed in, portal and API, newest first."""
    alive = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=at)
    portal = UserSession.objects.filter(Exists(alive), user=user)
    families = TokenFamily.objects.filter(user=user, ended_at=None, expires_at__gt=at, token_version=user.token_version)
    found = [
        OpenSession(str(one.pk), "Portal", one.user_agent, one.ip, one.created_at, one.session_key == current)
        for one in portal
    ] + [OpenSession(str(one.uuid), "API", one.device, "", one.opened_at, str(one.uuid) == current) for one in families]
    return tuple(sorted(found, key=lambda session: session.since, reverse=True))


def members_page(*, user: User) -> MembersPage:
    """Who speaks for the person's business, and how their claims stand."""
    business = Business.objects.of(user).order_by("memberships__pk").first()
    own = Claim.objects.filter(claimant=user).select_related("business").order_by("-made_at", "-pk")
    if business is None:
        return MembersPage(None, (), (), (), tuple(own[:20]))
    members = Membership.objects.filter(business=business).select_related("user").order_by("since", "pk")
    waiting = Invitation.objects.filter(business=business, accepted_at=None, withdrawn_at=None)
    others = Claim.objects.filter(business=business).exclude(claimant=user).exclude(status=ClaimStatus.REFUSED)
    return MembersPage(
        business,
        tuple(members),
        tuple(waiting.order_by("-invited_at", "-pk")),
        tuple(others.select_related("claimant").order_by("-made_at", "-pk")[:20]),
        tuple(own[:20]),
    )


def own_claim(*, user: User, claim_id: UUID) -> Claim:
    """A claim the person made. Raises NotVisible."""
    claim = Claim.objects.filter(claimant=user, uuid=claim_id).select_related("business").first()
    if claim is None:
        raise NotVisible
    return claim


def claims_to_decide() -> QuerySet[Claim]:
    """Certificates and disputes that wait for a second person, oldest first."""
    certificates = Q(proof=ClaimProof.CERTIFICATE, status=ClaimStatus.PENDING)
    waiting = Claim.objects.filter(certificates | Q(status=ClaimStatus.DISPUTED))
    return waiting.select_related("claimant", "business").order_by("made_at", "pk")


def claim_to_decide(*, claim_id: UUID) -> Claim:
    """One of them. Raises NotVisible."""
    claim = claims_to_decide().filter(uuid=claim_id).first()
    if claim is None:
        raise NotVisible
    return claim


def people_page(*, words: str = "", role: str = "") -> QuerySet[User]:
    """Everybody with second factor and number of open portal sessions, for pages."""
    rows = User.objects.select_related("organisation").annotate(
        has_factor=Exists(_real_factors().filter(user=OuterRef("pk"))),
        portals=Count("usersession", distinct=True),
    )
    if role:
        rows = rows.filter(role=role)
    for word in words.split()[:5]:
        named = Q(email__icontains=word) | Q(first_name__icontains=word) | Q(last_name__icontains=word)
        rows = rows.filter(named | Q(phone_index__in=candidates(word, kind="phone")))
    return rows.order_by("role", "email", "pk")


def person(*, user_id: UUID) -> User:
    """One person by public id, for administrators. Raises NotVisible."""
    found = people_page().filter(uuid=user_id).first()
    if found is None:
        raise NotVisible
    return found


def organisation(*, organisation_id: UUID) -> Organisation:
    """One bank by public id. Raises NotVisible for the platform too."""
    found = Organisation.objects.banks().filter(uuid=organisation_id).first()
    if found is None:
        raise NotVisible
    return found


def banks_page() -> list[Organisation]:
    """Banks with the number of their people."""
    return list(Organisation.objects.banks().annotate(staff=Count("people")).order_by("name"))


def switches() -> list[Switch]:
    """Every flag with its default, its row, and whether the environment holds it off."""
    rows = {row.name: row for row in Flag.objects.select_related("changed_by")}
    positions = Flag.objects.positions()
    return [
        Switch(
            flag.value,
            str(flag.label),
            positions[flag.value],
            settings.FLAG_DEFAULTS[flag.value],
            flag.value in settings.FLAGS_FORCED_OFF,
            rows.get(flag.value),
        )
        for flag in FlagName
    ]


def access_review(*, at: datetime) -> tuple[Review, ...]:
    """All staff with what was said of their access this quarter; those not looked at first."""
    done = {row.person_id: row for row in AccessReview.objects.filter(quarter=quarter_of(at)).select_related("by")}
    staff = people_page().filter(organisation__isnull=False)
    reviews = [Review(person, done.get(person.pk)) for person in staff]
    return tuple(sorted(reviews, key=lambda review: review.done is not None))


def outbox(*, words: str = "") -> list[Mail]:
    """The newest letters; the door shows them in the demo only."""
    rows = Mail.objects.filter(to__icontains=words) if words else Mail.objects.all()
    return list(rows.order_by("-written_at", "-pk")[:LISTED_MAILS])


def first_steps(user: User) -> tuple[tuple[str, str], ...]:
    """What a newcomer of the role is shown once; nothing for somebody who has seen it."""
    return STEPS[user.role] if user.onboarded_at is None else ()


def _real_factors() -> QuerySet[Authenticator]:
    found: QuerySet[Authenticator] = Authenticator.objects.exclude(type=Authenticator.Type.RECOVERY_CODES)
    return found
