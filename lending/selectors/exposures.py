"""What a bank has given out under each of its exposure limits, and who is connected with whom."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce, Greatest

from accounts.models import Business, Membership, Organisation, User
from fraud.models import RingMember
from lending.engine.dossier import Room
from lending.models import ExposureLimit, LimitDimension, LimitUsage, Loan, LoanAct, LoanApplication, UsageState
from lending.models.loans import LoanQuerySet
from lending.selectors.loan_acts import PAID_OUT

NOTHING = Decimal(0)
HUNDRED = Decimal(100)


@dataclass(frozen=True)
class LimitView:
    """A limit with what is lent and reserved under it; of connected groups the largest counts."""

    limit: ExposureLimit
    name: str
    used: Decimal

    @property
    def left(self) -> Decimal:
        """What may still be lent."""
        return max(self.limit.cap - self.used, NOTHING)

    @property
    def percent(self) -> Decimal:
        """How much of the limit is taken."""
        return (self.used * HUNDRED / self.limit.cap).quantize(Decimal("0.1")) if self.limit.cap else HUNDRED

    @property
    def state(self) -> str:
        """open, near (from the warning on), or full."""
        if self.used >= self.limit.cap:
            return "full"
        return "near" if self.percent >= self.limit.warn_percent else "open"

    @property
    def tone(self) -> str:
        """How the state is shown."""
        return {"full": "bad", "near": "warn", "open": "good"}[self.state]


@dataclass(frozen=True)
class _Taken:
    """Rupees one business has of a bank, with what limits go by."""

    bank: int
    business: int
    sector: str
    state: str
    product: str
    amount: Decimal


def banks_with_limits(user: User) -> list[Organisation]:
    """The banks whose limits a person may see and ask to change: their own, or every one for the platform."""
    banks = Organisation.objects.banks().active().order_by("name", "pk")
    organisation = user.organisation
    if organisation is None:
        return []
    return list(banks if organisation.is_platform else banks.filter(pk=organisation.pk))


def limits_of(user: User) -> list[LimitView]:
    """Every limit the person may see with its use; the queries do not grow with the loans."""
    limits = ExposureLimit.objects.filter(organisation__in=banks_with_limits(user)).select_related("organisation")
    found = list(limits.order_by("organisation__name", "dimension", "key", "pk"))
    taken = _taken({limit.organisation_id for limit in found})
    connected = _neighbours({one.business for one in taken})
    return [LimitView(limit, _name(limit), _used(limit, taken, connected)) for limit in found]


def _taken(banks: Iterable[int]) -> list[_Taken]:
    by = ("business", "business__sector", "business__state_code", "product__code")
    lent = _exposed().filter(organisation__in=banks).values_list("organisation", *by)
    held = LimitUsage.objects.filter(organisation__in=banks, state=UsageState.RESERVED)
    reserved = held.values_list("organisation", *(f"application__{path}" for path in by))
    rows = (*lent.annotate(total=Sum("exposed")), *reserved.annotate(total=Sum("amount")))
    return [
        _Taken(bank, business, sector, f"{state:02d}", product, total)
        for bank, business, sector, state, product, total in rows
    ]


def _exposed() -> LoanQuerySet:
    """Running loans; `exposed` is the principal and what was sanctioned but is not paid out yet, in rupees."""
    acts = LoanAct.objects.filter(loan=OuterRef("pk"), kind__in=PAID_OUT).order_by().values("loan")
    drawn = Coalesce(Subquery(acts.annotate(total=Sum("amount")).values("total")), F("sanctioned"))
    undrawn = Greatest(F("sanctioned") - drawn, NOTHING)
    return Loan.objects.running().annotate(exposed=F("principal") + undrawn)


def _neighbours(businesses: set[int]) -> Mapping[int, frozenset[int]]:
    """By business those of the others it shares a current ring or an owner with, and itself."""
    shared: dict[tuple[str, int], set[int]] = defaultdict(set)
    members = RingMember.objects.filter(business__in=businesses, current=True).values_list("ring", "business")
    owners = Membership.objects.filter(business__in=businesses).values_list("user", "business")
    for kind, rows in (("ring", members), ("owner", owners)):
        for tie, business in rows:
            shared[kind, tie].add(business)
    near: dict[int, set[int]] = {business: {business} for business in businesses}
    for together in shared.values():
        for business in together:
            near[business] |= together
    return {business: frozenset(others) for business, others in near.items()}


def _used(limit: ExposureLimit, taken: Iterable[_Taken], connected: Mapping[int, frozenset[int]]) -> Decimal:
    mine = [one for one in taken if one.bank == limit.organisation_id]
    if limit.dimension != LimitDimension.GROUP:
        fields = {LimitDimension.SECTOR: "sector", LimitDimension.STATE: "state", LimitDimension.PRODUCT: "product"}
        name = fields[LimitDimension(limit.dimension)]
        return sum((one.amount for one in mine if getattr(one, name) == limit.key), NOTHING)
    each: dict[int, Decimal] = defaultdict(Decimal)
    for one in mine:
        each[one.business] += one.amount
    groups = (sum((each[other] for other in connected[business] if other in each), NOTHING) for business in each)
    return max(groups, default=NOTHING)


def rooms_for(application: LoanApplication) -> tuple[Room, ...]:
    """Every exposure limit of the bank that this application falls under, with what others have of it.

    Once it is paid out, its loan is among what is taken, with the part that is still to be drawn.
    """
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
    lent = _exposed().filter(_reach(limit, application, ""), organisation=bank)
    used = (reserved.aggregate(total=Sum("amount"))["total"] or NOTHING) + (
        lent.aggregate(total=Sum("exposed"))["total"] or NOTHING
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
