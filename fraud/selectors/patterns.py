"""The papers of one business as an investigator reads them: e-way bills near the line, invoices against receipts."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

import numpy as np
import polars as pl

from accounts.models import Business, Consent, User
from accounts.permissions import Capability, require
from accounts.selectors import live_consent
from creditiq.kernel.clock import micros
from creditiq.kernel.errors import NotVisible
from creditiq.kernel.money import Rupees, from_paise
from fraud.engine.distribution import Bin, distribution
from fraud.engine.months import by_month
from fraud.engine.paper import BILL_DAYS, seen
from fraud.engine.receivables import receivables_gap
from fraud.engine.smurfing import Structuring, structuring
from fraud.selectors.policy import policy_at
from wallets.selectors import evidence

MONTHS = 12


@dataclass(frozen=True)
class EwbDistribution:
    """Outward e-way bills of the last 180 days by value, the band under ₹50,000 against the curve without structuring.

    `high`: the share exceeds the policy's share, or the excess its z-score; both numbers are given.
    """

    bins: tuple[Bin, ...]
    found: Structuring
    share_limit: float
    z_limit: float

    @property
    def high(self) -> bool:
        return self.found.share > self.share_limit or (self.found.index or 0.0) > self.z_limit


class Month(NamedTuple):
    """A calendar month by India's clock: invoiced with tax less credit notes, received on all rails."""

    start: date
    invoiced: Rupees
    received: Rupees
    gap: float | None


@dataclass(frozen=True)
class ReceivablesGap:
    """Invoices against receipts month by month, oldest first; `gap` over the whole span, None without invoices."""

    months: tuple[Month, ...]
    gap: float | None

    @property
    def has_any(self) -> bool:
        """Whether anything was invoiced or received at all."""
        return any(month.invoiced or month.received for month in self.months)


@dataclass(frozen=True)
class Patterns:
    """What the shared papers of a business show; `closed` are kinds it does not share with the reader."""

    business: Business
    as_of: datetime
    bills: EwbDistribution
    receipts: ReceivablesGap
    closed: tuple[str, ...]


def inspected_business(*, user: User, business_id: UUID) -> Business:
    """A business whose papers the person may inspect for fraud. Raises NotVisible, Forbidden."""
    require(user, Capability.VIEW_FRAUD)
    business = Business.objects.visible_to(user).filter(uuid=business_id).first()
    if business is None:
        raise NotVisible
    return business


def reading_consent(*, user: User, business: Business, at: datetime) -> Consent:
    """The live consent to the person's organisation. Raises NotVisible without one."""
    consent = None
    if user.organisation is not None:
        consent = live_consent(business_id=business.pk, organisation_id=user.organisation.pk, at=at)
    if consent is None:
        raise NotVisible("This business shares no papers with your organisation.")
    return consent


def patterns(*, business: Business, consent: Consent, as_of: datetime) -> Patterns:
    """Both pictures from one reading; kinds outside the consent read as empty and are named."""
    tables = evidence(business_id=business.pk, as_of=as_of, consent=consent)
    frames = {name: pl.DataFrame(pl.from_arrow(table)) for name, table in tables.items()}
    wanted = ("eway_bills", "gst_invoices", "upi_payments", "bank_entries")
    return Patterns(
        business=business,
        as_of=as_of,
        bills=_bills(frames["eway_bills"], as_of),
        receipts=_receipts(frames, as_of),
        closed=tuple(kind for kind in wanted if kind not in consent.kinds),
    )


def _bills(bills: pl.DataFrame, as_of: datetime) -> EwbDistribution:
    values = bills.filter(seen(micros(as_of), BILL_DAYS), direction="out")["value_paise"]
    paise = values.to_numpy().astype(np.int64)
    policy = policy_at(as_of).policy
    return EwbDistribution(distribution(paise), structuring(paise), policy.structuring_share, policy.structuring_z)


def _receipts(frames: dict[str, pl.DataFrame], as_of: datetime) -> ReceivablesGap:
    months = by_month(frames, micros(as_of), MONTHS)
    return ReceivablesGap(
        months=tuple(
            Month(start, from_paise(one.invoiced_paise), from_paise(one.received_paise), receivables_gap([one]))
            for start, one in months
        ),
        gap=receivables_gap([one for _, one in months]),
    )
