"""The sandbox: one organisation of made-up businesses, and the two people in it as whom test keys act."""

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db import transaction

from accounts import audit
from accounts.models import Business, Consent, Job, Membership, Organisation, Role, User
from accounts.selectors.register import platform
from accounts.services.businesses import join_business, register_businesses
from accounts.services.consents import ConsentTerms, grant_consents, withdraw_consent
from accounts.services.jobs import start_job
from accounts.services.people import NewPerson, create_user
from creditiq.kernel.clock import seconds
from creditiq.kernel.errors import ApplicationError

NAME = "Sandbox"
MADE_UP = "(made up)"
RESET = "sandbox.reset"
STAND_INS: Mapping[str, str] = {"officer": Role.LOAN_OFFICER, "owner": Role.MSME_OWNER}
YEAR = timedelta(days=365)
AT_MOST_EVERY = 600
"""Seconds between two resets: the sandbox is everybody's."""


class UnableToFill(ApplicationError):
    """Nothing is put into the sandbox."""

    code = "unable_to_fill_sandbox"


def found_sandbox(*, at: datetime) -> Organisation:
    """The sandbox; founded when it is first asked for."""
    with transaction.atomic():  # not durable: a key may be made in the same breath
        sandbox, is_new = Organisation.objects.get_or_create(is_sandbox=True, defaults={"name": NAME})
        if is_new:
            audit.record("organisation.created", target=sandbox, at=at, payload={"sandbox": True})
    return sandbox


def stand_in(*, role: str, at: datetime) -> User:
    """Who a test key acts as: an officer or an owner whose password nobody knows. Raises KeyError."""
    wanted = STAND_INS[role]
    email = f"{role}@sandbox.invalid"
    sandbox = found_sandbox(at=at)
    known = User.objects.select_related("organisation").filter(email=email).first()
    if known is not None:
        return known
    place = sandbox if wanted == Role.LOAN_OFFICER else None
    person = NewPerson(email, secrets.token_urlsafe(32), "Sandbox", role, role=wanted, organisation=place)
    return create_user(person=person, at=at)


def ask_for_reset(*, by: User, at: datetime) -> Job:
    """Empty the sandbox and fill it anew, as a job; asked again within ten minutes, the same job."""
    found_sandbox(at=at)
    job = start_job(work=RESET, at=at, key=f"{RESET}:{seconds(at) // AT_MOST_EVERY}")
    with transaction.atomic(durable=True):
        audit.record("sandbox.reset_asked", target=job, at=at, by=by)
    return job


def empty_sandbox(*, at: datetime) -> int:
    """Every consent of a made-up business ends, which makes every room forget; how many businesses left."""
    owner = stand_in(role="owner", at=at)
    mine = Business.register.filter(is_made_up=True, memberships__user=owner)
    live = Consent.objects.live_at(at).filter(business__in=mine).order_by("pk")
    for public_id in list(live.values_list("uuid", flat=True)):
        withdraw_consent(consent_id=public_id, by=owner, at=at)
    with transaction.atomic(durable=True):
        left, _ = Membership.objects.filter(user=owner).delete()
        audit.record("sandbox.emptied", target=found_sandbox(at=at), at=at, payload={"businesses": left})
    return left


def fill_sandbox(*, rows: Iterable[Mapping[str, object]], at: datetime) -> list[Business]:
    """Enter made-up businesses, named so, with consents to the sandbox and to the house that scores them.

    Raises UnableToFill when one of them has the number of a business that is there already.
    """
    named = [{**row, **{name: f"{row[name]} {MADE_UP}" for name in ("legal_name", "trade_name")}} for row in rows]
    if Business.register.filter(gstin__in=[str(row["gstin"]) for row in named]).exists():
        raise UnableToFill("A made-up business has the GSTIN of one that is registered.")
    sandbox, owner = found_sandbox(at=at), stand_in(role="owner", at=at)
    businesses = register_businesses(rows=named, at=at, made_up=True)
    for business in businesses:
        join_business(user=owner, business=business, at=at)
    for organisation in (sandbox, platform()):
        terms = ConsentTerms(organisation=organisation, expires_at=at + YEAR)
        grant_consents(business_ids=[business.pk for business in businesses], terms=terms, at=at)
    return businesses
