"""The people and banks of the demo, who let whom see their evidence, and who asks for a loan."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial

from accounts.models import Business, KycRisk, KycTier, Membership, Organisation, OrganisationStatus, Role, User
from accounts.selectors import kyc_of, platform
from accounts.services import (
    DEMO_PASSWORD,
    EXTRAS,
    PERSONAS,
    ConsentTerms,
    NewPerson,
    Persona,
    create_organisation,
    create_user,
    grant_consents,
    join_business,
    take_over_kyc,
)
from accounts.services.personas import DEMO_DOMAIN, STATE_BANK
from creditiq.management.progress import Report
from lending import services as lending
from lending.models import LoanApplication
from scoring.models import ScoreRun

BANKS = (
    (STATE_BANK, OrganisationStatus.ACTIVE),
    ("Canara Bank", OrganisationStatus.ACTIVE),
    ("HDFC Bank", OrganisationStatus.ACTIVE),
    ("Axis Bank", OrganisationStatus.SUSPENDED),
)
OWNERS = tuple(persona for persona in PERSONAS if persona.role == Role.MSME_OWNER)
"""They own the first businesses of the world, in this order."""
YEAR = timedelta(days=365)
MONTH = timedelta(days=30)
APPLICANTS = 24
MIXING = 8
"""Has no divisor in common with the 21 applicants that are not of the cast, so each comes once."""
WANTS = (
    ("WC-CC", 300_000, 12, "Raw material for a large order"),
    ("TL-MSME", 1_200_000, 36, "A second machine"),
    ("WC-CC", 800_000, 12, "Stock for the festive season"),
    ("TL-MSME", 600_000, 24, "A delivery van"),
    ("WC-CC", 150_000, 6, "Paying suppliers before buyers pay"),
    ("TL-MSME", 2_500_000, 48, "A larger workshop"),
)
"""Product, rupees, months and purpose, in turn."""


def found_banks_and_people(at: datetime) -> None:
    """The four banks, the accounts with a card and those without."""
    places = {name: create_organisation(name=name, status=status, at=at) for name, status in BANKS}
    house = platform()
    places[house.name] = house
    for persona in (*PERSONAS, *EXTRAS):
        if not User.objects.filter(email=persona.email).exists():
            create_user(person=_new(persona, places.get(persona.place)), at=at, demo=True)


def _new(persona: Persona, place: Organisation | None) -> NewPerson:
    return NewPerson(
        email=persona.email,
        password=DEMO_PASSWORD,
        first_name=persona.first_name,
        last_name=persona.last_name,
        role=persona.role,
        organisation=place,
        duties=persona.duties,
    )


def hand_over_businesses(businesses: Sequence[Business], at: datetime) -> None:
    """Each owner of the cast speaks for one of the first businesses."""
    for persona, business in zip(OWNERS, businesses, strict=False):
        join_business(user=User.objects.get(email=persona.email), business=business, at=at)


def know_businesses(businesses: Sequence[Business], at: datetime) -> None:
    """Everybody was verified elsewhere before the demo begins; some are asked again soon, a few are late."""
    house = "Verified by the core banking system before this demo began"
    late, soon = businesses[24::40], businesses[33::40]
    at_high_risk = partial(take_over_kyc, tier=KycTier.ENHANCED, risk=KycRisk.HIGH, note=house)
    at_high_risk(business_ids=[one.pk for one in late], at=at - 2 * YEAR - MONTH)
    at_high_risk(business_ids=[one.pk for one in soon], at=at - 2 * YEAR + MONTH)
    everybody = [one.pk for one in businesses]
    take_over_kyc(business_ids=everybody, tier=KycTier.ENHANCED, risk=KycRisk.LOW, at=at - YEAR, note=house)


def give_consents(businesses: Sequence[Business], at: datetime) -> None:
    """Everybody lets the platform see; half State Bank of India, the owners of the cast among them; some the others."""
    banks = {bank.name: bank for bank in Organisation.objects.all()}
    shares = {
        platform(): businesses,
        banks[STATE_BANK]: _visible_to_state_bank(businesses),
        banks["Canara Bank"]: businesses[4::5],
        banks["HDFC Bank"]: businesses[6::7],
        banks["Axis Bank"]: businesses[10::40],
    }
    for organisation, some in shares.items():
        terms = ConsentTerms(organisation=organisation, expires_at=at + YEAR)
        grant_consents(business_ids=[business.pk for business in some], terms=terms, at=at)


def _visible_to_state_bank(businesses: Sequence[Business]) -> list[Business]:
    return [*businesses[: len(OWNERS)], *businesses[len(OWNERS) :: 2]]


def apply_for_loans(businesses: Sequence[Business], at: datetime, report: Report) -> None:
    """The cast and some others ask State Bank of India for money; what is asked already stays as it is."""
    bank = Organisation.objects.get(name=STATE_BANK)
    lending.offer_products(at=at)
    for number, business in enumerate(_applicants(_visible_to_state_bank(businesses), at)):
        if not LoanApplication.objects.filter(business=business, organisation=bank).exists():
            product, amount, months, purpose = WANTS[number % len(WANTS)]
            asked = lending.Asked(product=product, amount=Decimal(amount), months=months, purpose=purpose)
            owner = _owner_of(business, at)
            lending.open_application(business=business, organisation=bank, asked=asked, by=owner, at=at)
        report(number + 1, APPLICANTS)


def borrowers(businesses: Sequence[Business]) -> list[Business]:
    """Who has a running loan: Priya, Rahul, and some whose owners nobody plays."""
    visible = _visible_to_state_bank(businesses)
    return [*visible[:2], *visible[len(OWNERS) :]]


def _applicants(visible: Sequence[Business], at: datetime) -> list[Business]:
    """The cast, and others who are known from the weakest score to the strongest, in mixed order."""
    others = [one for one in visible[len(OWNERS) :] if kyc_of(business_id=one.pk, at=at).is_good]
    scores = dict(ScoreRun.objects.complete().filter(business__in=others).values_list("business_id", "score"))
    ranked = sorted(others, key=lambda business: (scores.get(business.pk, 0), business.pk))
    wanted = APPLICANTS - len(OWNERS)
    spread = [ranked[place * len(ranked) // wanted] for place in range(wanted)]
    return [*visible[: len(OWNERS)], *(spread[place * MIXING % wanted] for place in range(wanted))]


def _owner_of(business: Business, at: datetime) -> User:
    """Who speaks for the business: one of the cast, or an owner whose password nobody knows."""
    membership = Membership.objects.filter(business=business).select_related("user").first()
    if membership is not None:
        return membership.user
    person = NewPerson(
        email=f"owner.{business.gstin.lower()}@{DEMO_DOMAIN}",
        password=secrets.token_urlsafe(24),
        first_name="Owner of",
        last_name=business.trade_name[:60],
        role=Role.MSME_OWNER,
    )
    owner = User.objects.filter(email=person.email).first() or create_user(person=person, at=at)
    join_business(user=owner, business=business, at=at)
    return owner
