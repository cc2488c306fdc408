"""How well a business is known: what other apps ask before they lend, and what the pages show."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from accounts.engine import kyc
from accounts.models import Business, KycDocument, KycPaper, KycProfile, KycState, KycTier, OwnershipDeclaration
from creditiq.kernel.clock import IST

PAPER_NAMES = {**dict(KycPaper.choices), "owners": "Who owns the business"}


@dataclass(frozen=True)
class Kyc:
    """How a business stood at a moment. `tier` and `risk` are "" until it was verified once.

    `missing` is what the next tier (the first one, for a business nobody verified) still needs: names for people.
    """

    business_id: int
    tier: str
    risk: str
    verified_on: date | None
    next_due: date | None
    is_due: bool
    waits: bool
    missing: tuple[str, ...]
    owners: int | None
    """Beneficial owners in the accepted declaration; None when there is none."""

    @property
    def is_good(self) -> bool:
        """Verified, and the day to ask again has not come."""
        return bool(self.tier) and not self.is_due

    @property
    def standing(self) -> str:
        """One of: verified, due, waiting, missing."""
        if self.tier:
            return "due" if self.is_due else "verified"
        return "waiting" if self.waits else "missing"

    @property
    def sentence(self) -> str:
        """What is the matter, for people; empty when nothing is."""
        if self.is_good:
            return ""
        if self.is_due and self.next_due is not None:
            return f"The identity check was due again on {self.next_due:%d %b %Y}. Renew it on the page Identity check."
        if self.waits and not self.missing:
            return "The bank still looks at the papers of the identity check."
        return f"The identity check is not done. Still missing: {', '.join(self.missing) or 'a look by the bank'}."

    def reaches(self, tier: str) -> bool:
        """Whether it is good, and verified to at least this tier."""
        return self.is_good and kyc.TIERS.index(self.tier) >= kyc.TIERS.index(tier)


def kyc_of(*, business_id: int, at: datetime) -> Kyc:
    """How the business stood at `at`, from what was known then. Five queries."""
    today = at.astimezone(IST).date()
    constitution = Business.register.values_list("constitution", flat=True).get(pk=business_id)
    profile = KycProfile.objects.known_at(at).filter(business_id=business_id).newest_first().first()
    declaration = owners_in_force(business_id, at)
    tier = profile.tier if profile else ""
    wanted = _next_tier(tier)
    accepted, known = accepted_papers(business_id, at), declaration is not None
    missing = kyc.missing(wanted, constitution, accepted=accepted, owners_known=known) if wanted else ()
    return Kyc(
        business_id=business_id,
        tier=tier,
        risk=profile.risk if profile else "",
        verified_on=profile.verified_at.astimezone(IST).date() if profile else None,
        next_due=profile.next_due if profile else None,
        is_due=profile is not None and profile.is_due_on(today),
        waits=_waits(business_id, at),
        missing=tuple(PAPER_NAMES[kind] for kind in missing),
        owners=declaration.parties.beneficial().count() if declaration else None,
    )


def _next_tier(tier: str) -> str:
    """What comes after a tier; empty after the last."""
    after = (kyc.TIERS.index(tier) + 1) if tier else 0
    return kyc.TIERS[after] if after < len(KycTier.values) else ""


def _known(at: datetime) -> Q:
    """Accepted by then; what was replaced since counted until it was."""
    return Q(judged_at__lte=at, state__in=(KycState.ACCEPTED, KycState.REPLACED))


def accepted_papers(business_id: int, at: datetime) -> set[str]:
    """Kinds of papers that were accepted by then."""
    return set(KycDocument.objects.filter(_known(at), business_id=business_id).values_list("kind", flat=True))


def owners_in_force(business_id: int, at: datetime) -> OwnershipDeclaration | None:
    """The declaration that was in force then."""
    rows = OwnershipDeclaration.objects.filter(_known(at), business_id=business_id)
    return rows.order_by("-judged_at", "-pk").first()


def _waits(business_id: int, at: datetime) -> bool:
    waiting = Q(business_id=business_id, state=KycState.WAITING, made_at__lte=at)
    return KycDocument.objects.filter(waiting).exists() or OwnershipDeclaration.objects.filter(waiting).exists()
