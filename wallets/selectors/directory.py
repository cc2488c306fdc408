"""The directory of businesses: who there is to look at, and what of each may be read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import Q

from accounts.models import Business, Consent, User
from accounts.models.businesses import BusinessQuerySet
from wallets.engine import masking
from wallets.models import RECORD_MODELS

ROWS = 25


@dataclass(frozen=True)
class Sought:
    """What a person looks for; empty parts look for everything."""

    text: str = ""
    sector: str = ""
    state_code: int | None = None
    size: str = ""

    @property
    def anything(self) -> bool:
        """Whether any filter is set."""
        return bool(self.text or self.sector or self.state_code or self.size)


@dataclass(frozen=True)
class Listed:
    """A business in the directory; `kinds` is what a live consent lets the person's organisation read."""

    business: Business
    kinds: tuple[str, ...]
    until: datetime | None

    @property
    def masked_gstin(self) -> str:
        """The number with most of the PAN covered."""
        return masking.gstin(self.business.gstin)


@dataclass(frozen=True)
class Directory:
    """One page of businesses, and what there is to filter by."""

    page: Page[Business]
    rows: tuple[Listed, ...]
    sectors: tuple[str, ...]
    states: tuple[int, ...]


def sought_businesses(*, user: User, sought: Sought) -> BusinessQuerySet:
    """The businesses one may see that match, in no order yet. A text is the start of a GSTIN or part of a name."""
    found = Business.objects.visible_to(user)
    words = sought.text.strip()
    if words:
        named = Q(trade_name__icontains=words) | Q(legal_name__icontains=words)
        found = found.filter(named | Q(gstin__startswith=words.upper()))
    equal = {"sector": sought.sector, "state_code": sought.state_code, "size": sought.size}
    return found.filter(**{name: value for name, value in equal.items() if value})


def directory(*, user: User, sought: Sought, page: str, at: datetime) -> Directory:
    """A page by name; the number of queries does not grow with the rows."""
    pages = Paginator(sought_businesses(user=user, sought=sought).order_by("trade_name", "pk"), ROWS)
    shown = pages.get_page(page)
    seen = Business.objects.visible_to(user).order_by()
    return Directory(
        page=shown,
        rows=listed(list(shown.object_list), user=user, at=at),
        sectors=tuple(seen.values_list("sector", flat=True).distinct().order_by("sector")),
        states=tuple(seen.values_list("state_code", flat=True).distinct().order_by("state_code")),
    )


def listed(businesses: Sequence[Business], *, user: User, at: datetime) -> tuple[Listed, ...]:
    """The businesses with what may be read of each, in the given order; one query."""
    consents = _consents(businesses, user, at)
    return tuple(_listed(business, consents.get(business.pk), user) for business in businesses)


def _consents(businesses: Sequence[Business], user: User, at: datetime) -> Mapping[int, Consent]:
    if user.organisation_id is None:
        return {}
    live = Consent.objects.live_at(at).filter(organisation=user.organisation_id, business__in=businesses)
    return {consent.business_id: consent for consent in live.order_by("granted_at", "pk")}


def _listed(business: Business, consent: Consent | None, user: User) -> Listed:
    if user.organisation_id is None:  # an owner: what is theirs needs no consent to themselves
        return Listed(business, tuple(RECORD_MODELS), None)
    return Listed(business, tuple(consent.kinds) if consent else (), consent.expires_at if consent else None)
