"""What a bank has given out under each of its exposure limits, and who is connected with whom."""

from decimal import Decimal

from django.db.models import Q, Sum

from accounts.models import Business, Membership
from fraud.models import RingMember
from lending.engine.dossier import Room
from lending.models import ExposureLimit, LimitDimension, LimitUsage, Loan, LoanApplication, UsageState

NOTHING = Decimal(0)


def rooms_for(application: LoanApplication) -> tuple[Room, ...]:
    """Every exposure limit of the bank that this application falls under, with what others have of it."""
    limits = ExposureLimit.objects.filter(_falls_under(application), organisation=application.organisation_id)
    return tuple(_room(limit, application) for limit in limits.order_by("dimension", "key", "pk"))


def connected_businesses(*, business_id: int) -> frozenset[int]:
    """The business and everybody it shares a current payment ring or an owner with."""
    rings = RingMember.objects.filter(business_id=business_id, current=True).values("ring_id")
    members = RingMember.objects.filter(ring__in=rings, current=True).values_list("business_id", flat=True)
    owners = Membership.objects.filter(business_id=business_id).values("user_id")
    owned = Membership.objects.filter(user__in=owners).values_list("business_id", flat=True)
    return frozenset({business_id, *members, *owned})


def is_related(*, user_id: int, business: Business) -> bool:
    """Whether a person speaks for the business or owns one that is connected with it."""
    connected = connected_businesses(business_id=business.pk)
    return Membership.objects.filter(user_id=user_id, business__in=connected).exists()


def _falls_under(application: LoanApplication) -> Q:
    business = application.business
    return (
        Q(dimension=LimitDimension.SECTOR, key=business.sector)
        | Q(dimension=LimitDimension.STATE, key=f"{business.state_code:02d}")
        | Q(dimension=LimitDimension.PRODUCT, key=application.product.code)
        | Q(dimension=LimitDimension.GROUP)
    )


def _room(limit: ExposureLimit, application: LoanApplication) -> Room:
    bank = limit.organisation_id
    held = LimitUsage.objects.filter(organisation=bank, state=UsageState.RESERVED).exclude(application=application.pk)
    reserved = held.filter(_reach(limit, application, "application__"))
    lent = Loan.objects.running().filter(_reach(limit, application, ""), organisation=bank)
    used = (reserved.aggregate(total=Sum("amount"))["total"] or NOTHING) + (
        lent.aggregate(total=Sum("principal"))["total"] or NOTHING
    )
    return Room(name=_name(limit), cap=limit.cap, used=used)


def _reach(limit: ExposureLimit, application: LoanApplication, path: str) -> Q:
    """Which rows count against the limit; `path` leads from the row to its application's or loan's fields."""
    if limit.dimension == LimitDimension.SECTOR:
        return Q(**{f"{path}business__sector": limit.key})
    if limit.dimension == LimitDimension.STATE:
        return Q(**{f"{path}business__state_code": int(limit.key)})
    if limit.dimension == LimitDimension.PRODUCT:
        return Q(**{f"{path}product__code": limit.key})
    connected = connected_businesses(business_id=application.business_id)
    return Q(**{f"{path}business__in": sorted(connected)})


def _name(limit: ExposureLimit) -> str:
    words = {LimitDimension.GROUP.value: "the connected group"}
    return words.get(limit.dimension) or f"{limit.get_dimension_display().lower()} {limit.key.replace('_', ' ')}"
