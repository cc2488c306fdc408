"""Invoices, e-way bills and receipts of one business side by side."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property

import polars as pl

from accounts.models import Business, User
from creditiq.kernel.clock import IST, micros, moment
from wallets.engine import masking
from wallets.engine import reconciliation as engine
from wallets.models import RECORD_MODELS
from wallets.selectors.covering import grounds
from wallets.selectors.frames import NoLiveConsent, known_records

FURTHER = {"gst_invoices": ("cess_paise",)}
"""Columns of the records that the frames for scoring do without."""
KINDS = ("gst_invoices", "eway_bills", "upi_payments", "bank_entries")
SIDES = {
    "invoices": "Invoices", "bills": "E-way bills", "receipts": "Receipts", "purchases": "Purchases",
    "inward_bills": "E-way bills received", "payments": "Payments made",
}  # fmt: skip
MONEY = ("receipts", "payments")
_PAID_IN_PART = {
    engine.IN_PART: "paid in part", engine.NO_BILL_IN_PART: "no e-way bill found, paid in part",
    engine.NO_BILL: "no e-way bill found",
}  # fmt: skip
TELLINGS = {
    "invoices": {
        **_PAID_IN_PART, engine.NO_RECEIPT: "no receipt found", engine.ALONE: "neither bill nor receipt found",
    },
    "purchases": {
        **_PAID_IN_PART, engine.NO_RECEIPT: "no payment found", engine.ALONE: "neither bill nor payment found",
    },
}  # fmt: skip
UNTOLD = {
    "bills": "no invoice found", "receipts": "no invoice of this amount", "inward_bills": "no invoice found",
    "payments": "no invoice of this amount",
}  # fmt: skip


@dataclass(frozen=True)
class Age:
    """Unmatched documents of one age on one side."""

    bucket: str
    count: int
    rupees: Decimal


@dataclass(frozen=True)
class Line:
    """One document without its match; `missing` says what was looked for."""

    number: str
    party: str
    rupees: Decimal
    on: datetime
    age_days: int
    bucket: str
    missing: str


@dataclass(frozen=True)
class Side:
    """One side: how many documents, how many have all their matches, and those that have not, by age.

    `covered`: the numbers of buyers are shown masked.
    """

    name: str
    label: str
    rows: pl.DataFrame
    covered: bool

    @cached_property
    def total(self) -> int:
        """Documents for which a match is looked for."""
        return self.rows.filter(pl.col("state") != engine.OUTSIDE).height

    @cached_property
    def unmatched(self) -> pl.DataFrame:
        """Documents that miss something, newest first."""
        return self.rows.filter(~pl.col("state").is_in([engine.COMPLETE, engine.MATCHED, engine.OUTSIDE]))

    @property
    def open(self) -> int:
        """How many miss something."""
        return self.unmatched.height

    @property
    def matched(self) -> int:
        """How many have everything."""
        return self.total - self.open

    @cached_property
    def rupees(self) -> Decimal:
        """What misses something, in ₹."""
        return _rupees(int(self.unmatched["value_paise"].sum()))

    @cached_property
    def ageing(self) -> tuple[Age, ...]:
        """The unmatched by age, every bucket once."""
        return tuple(Age(bucket, count, _rupees(paise)) for bucket, count, paise in engine.ageing(self.unmatched))

    def lines(self, start: int = 0, count: int | None = None) -> tuple[Line, ...]:
        """The unmatched from `start`, newest first."""
        rows = self.unmatched.slice(start, count).iter_rows(named=True)
        return tuple(_line(self.name, row, covered=self.covered) for row in rows)


@dataclass(frozen=True)
class ReconciliationPage:
    """Three sides of a business's sales and three of its purchases, as of a moment.

    `closed` kinds are not shared, so nothing of them matches.
    """

    business: Business
    as_of: datetime
    sides: tuple[Side, ...]
    closed: tuple[str, ...]

    @property
    def open(self) -> int:
        """Invoices that miss a bill or a receipt."""
        return self.side("invoices").open

    @property
    def total(self) -> int:
        """Documents on all sides."""
        return sum(side.total for side in self.sides)

    def side(self, name: str) -> Side:
        """One side by name; the invoices for a name that is none."""
        return next((side for side in self.sides if side.name == name), self.sides[0])


def reconciliation(*, user: User, business: Business, as_of: datetime) -> ReconciliationPage:
    """What the person may see of the business, matched as of a moment. Raises NoLiveConsent."""
    ground = grounds(user=user, business=business, at=as_of)
    if not set(ground.kinds) & set(KINDS):
        raise NoLiveConsent("There is no live consent to read the documents of this business.")
    frames = {
        kind: known_records(
            RECORD_MODELS[kind],
            [business.pk] if kind in ground.kinds else [],
            as_of,
            FURTHER.get(kind, ()),
            ground.covers(),
        )
        for kind in KINDS
    }
    buyers = frames["gst_invoices"]["counterparty_gstin"].drop_nulls().unique().to_list()
    keys = dict(Business.register.filter(gstin__in=buyers).values_list("gstin", "pk")) if buyers else {}
    parties, at = engine.Parties(keys, business.deals_in_goods), micros(as_of)
    covered = user.organisation_id is not None
    flows = [engine.reconcile(frames, parties, at, flow) for flow in (engine.SALES, engine.PURCHASES)]
    rows = [part for found in flows for part in (found.invoices, found.bills, found.receipts)]
    sides = zip(SIDES.items(), rows, strict=True)
    return ReconciliationPage(
        business=business,
        as_of=as_of,
        sides=tuple(Side(name, label, rows, covered) for (name, label), rows in sides),
        closed=tuple(kind for kind in KINDS if kind not in ground.kinds),
    )


COLUMNS = ("side", "number", "party", "rupees", "date", "age_days", "bucket", "missing")


def unmatched_lines(page: ReconciliationPage) -> Iterator[tuple[str | int, ...]]:
    """Everything unmatched on every side, as the rows of a file under `COLUMNS`; days in Indian time."""
    for side in page.sides:
        for line in side.lines():
            on = line.on.astimezone(IST).date().isoformat()
            yield side.name, line.number, line.party, str(line.rupees), on, line.age_days, line.bucket, line.missing


def _line(side: str, row: dict[str, object], *, covered: bool) -> Line:
    return Line(
        number=str(row["reference" if side in MONEY else "number"]),
        party=_party(side, row, covered=covered),
        rupees=_rupees(int(str(row["value_paise"]))),
        on=moment(int(str(row["occurred_at"]))),
        age_days=int(str(row["age_days"])),
        bucket=str(row["bucket"]),
        missing=UNTOLD.get(side) or TELLINGS[side][str(row["state"])],
    )


def _party(side: str, row: dict[str, object], *, covered: bool) -> str:
    """Buyer or payer; staff see a buyer's number masked, and a private payer's address is shown to nobody."""
    if side in MONEY:
        if row["counterparty"] is not None:
            return "a registered business"
        private = "a private payer" if side == "receipts" else "a private payee"
        return private if row["rail"] == "upi" else "bank transfer"
    gstin = row["counterparty_gstin"]
    if gstin is None:
        return "unregistered"
    return masking.gstin(str(gstin)) if covered else str(gstin)


def _rupees(paise: int) -> Decimal:
    return Decimal(paise) / 100
