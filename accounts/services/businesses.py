"""Businesses: enter the register, get the people who speak for them."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.models import Business, Membership, User
from creditiq.kernel.clock import IST, moment
from creditiq.kernel.identifiers import gstin

TEXTS = (
    "gstin",
    "udyam",
    "legal_name",
    "trade_name",
    "sector",
    "hsn",
    "pincode",
    "size",
    "constitution",
)


def register_businesses(
    *, rows: Iterable[Mapping[str, object]], at: datetime, by: User | None = None, made_up: bool = False
) -> list[Business]:
    """Enter businesses, in bulk, and answer them in the order of the rows.

    A row has the columns of the frame `businesses`; `registered_at` in microseconds since the epoch.
    One that is registered already is answered as it is, so a broken-off run can be repeated. One audit entry
    for the act. Raises InvalidIdentifier for a GSTIN that breaks a rule; then nothing is entered.
    """
    wanted = [_business_of(row) for row in rows]
    for business in wanted:
        business.is_made_up = made_up
    numbers = [business.gstin for business in wanted]
    with transaction.atomic(durable=True):
        known = set(Business.register.filter(gstin__in=numbers).values_list("gstin", flat=True))
        fresh = [business for business in wanted if business.gstin not in known]
        Business.register.bulk_create(fresh, batch_size=1000)
        payload = {"registered": len(fresh), "known": len(known)}
        audit.record("businesses.registered", target="accounts.business", at=at, by=by, payload=payload)
    register = {business.gstin: business for business in Business.register.filter(gstin__in=numbers)}
    return [register[number] for number in numbers]


def join_business(*, user: User, business: Business, at: datetime, by: User | None = None) -> Membership:
    """Let a person speak for a business; joining twice changes nothing."""
    with transaction.atomic(durable=True):
        membership, created = Membership.objects.get_or_create(user=user, business=business, defaults={"since": at})
        if created:
            audit.record("membership.created", target=business, at=at, by=by, payload={"member": user.uuid})
    return membership


def _business_of(row: Mapping[str, object]) -> Business:
    text = {name: str(row[name] or "") for name in TEXTS}
    gstin.parse(text["gstin"])
    registered_at = moment(int(str(row["registered_at"])))
    return Business(
        **text,
        state_code=int(str(row["state_code"])),
        registered_on=registered_at.astimezone(IST).date(),
        deals_in_goods=bool(row["deals_in_goods"]),
        quarterly_filer=bool(row["quarterly_filer"]),
    )
