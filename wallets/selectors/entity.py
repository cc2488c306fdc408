"""One business as an analyst sees it: who it is, what it shares, how it moves, and where each row came from."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from accounts.models import Business, Consent, User
from creditiq.kernel.errors import NotVisible
from wallets.engine import masking
from wallets.models import BankEntry
from wallets.selectors.accounts import AccountView, bank_accounts
from wallets.selectors.columns import COLUMNS, Column
from wallets.selectors.covering import Grounds, grounds
from wallets.selectors.pages import LABELS, Freshness, freshness
from wallets.selectors.records import RecordRow, known, record_rows
from wallets.selectors.series import Series, series

SHOWN_RECORDS = 20
A_PERSONS_NAME = frozenset({"proprietorship", "partnership"})
"""Constitutions whose legal name is the name of people."""


@dataclass(frozen=True)
class Fact:
    """What a business is registered as."""

    label: str
    value: str


@dataclass(frozen=True)
class Source:
    """One kind of evidence of a business; `series` and rows are empty without a consent for it."""

    kind: str
    label: str
    freshness: Freshness
    columns: tuple[Column, ...]
    series: Series | None
    rows: tuple[RecordRow, ...]


@dataclass(frozen=True)
class EntityPage:
    """Everything on the page of one business. `revealed`: personal data is shown in full, this once."""

    business: Business
    facts: tuple[Fact, ...]
    consent: Consent | None
    sources: tuple[Source, ...]
    grain: str
    as_of: datetime
    revealed: bool
    accounts: tuple[AccountView, ...] = ()
    """Bank accounts as their statements describe them; none without a consent for bank entries."""

    @property
    def records(self) -> int:
        """All records that may be read."""
        return sum(source.freshness.rows for source in self.sources)

    @property
    def shown_records(self) -> int:
        """How many records the page lists."""
        return sum(len(source.rows) for source in self.sources)


def seen_business(*, user: User, business_id: UUID) -> Business:
    """The business, for somebody who may see it. Raises NotVisible: missing and not yours answer alike."""
    business = Business.objects.visible_to(user).filter(uuid=business_id).first()
    if business is None:
        raise NotVisible
    return business


def entity_page(*, user: User, business: Business, grain: str, as_of: datetime, revealed: bool = False) -> EntityPage:
    """The page as of a moment; kinds outside the live consent are named and stay closed."""
    ground = grounds(user=user, business=business, at=as_of)
    fresh = freshness(business=business, as_of=as_of, ground=ground)
    return EntityPage(
        business=business,
        facts=_facts(business, revealed),
        consent=ground.consent,
        sources=tuple(_source(reading, business, ground, grain, as_of, revealed) for reading in fresh),
        grain=grain,
        as_of=as_of,
        revealed=revealed,
        accounts=bank_accounts(business_id=business.pk, ground=ground, as_of=as_of, revealed=revealed)
        if BankEntry.FRAME_NAME in ground.kinds
        else (),
    )


def _source(
    reading: Freshness, business: Business, ground: Grounds, grain: str, as_of: datetime, revealed: bool
) -> Source:
    kind = reading.kind
    columns = COLUMNS[kind]
    if not reading.consented:
        return Source(kind, LABELS[kind], reading, columns, None, ())
    newest = known(business, kind, ground, as_of).order_by("-occurred_at", "-id")[:SHOWN_RECORDS]
    rows = record_rows(kind, list(newest), consent=ground.consent, revealed=revealed)
    moved = series(business=business, kind=kind, ground=ground, grain=grain, as_of=as_of)
    return Source(kind, LABELS[kind], reading, columns, moved, rows)


def _facts(business: Business, revealed: bool) -> tuple[Fact, ...]:
    people = business.constitution in A_PERSONS_NAME
    covered = not revealed
    return (
        Fact("GSTIN", masking.gstin(business.gstin) if covered else business.gstin),
        Fact("PAN", masking.pan(business.pan) if covered else business.pan),
        Fact("Legal name", masking.name(business.legal_name) if covered and people else business.legal_name),
        Fact("Udyam number", _udyam(business.udyam, covered)),
        Fact("Sector", business.sector.replace("_", " ")),
        Fact("HSN", business.hsn),
        Fact("Size", business.size),
        Fact("Constitution", business.constitution),
        Fact("State and PIN code", f"{business.state_name} · {business.pincode}"),
        Fact("Registered", f"{business.registered_on:%d %b %Y}"),
        Fact("Files", "every quarter" if business.quarterly_filer else "every month"),
    )


def _udyam(number: str, covered: bool) -> str:
    if not number:
        return "none"
    return masking.tail(number) if covered else number
