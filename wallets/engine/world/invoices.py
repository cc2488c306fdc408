"""The table of tax invoices every other document hangs on, as plain arrays."""

from dataclasses import dataclass, fields

import numpy as np

from wallets.engine.world import sectors
from wallets.engine.world.almanac import Almanac
from wallets.engine.world.population import Registry
from wallets.engine.world.spec import Flags, Floats, Ints

B2B, B2CL, B2CS, CDNR, EXP = range(5)
KIND_NAMES = ("B2B", "B2CL", "B2CS", "CDNR", "EXP")
GENUINE, CIRCULAR, ON_PAPER = range(3)
_REFORM = np.datetime64("2025-09-22")


@dataclass(frozen=True)
class Invoices:
    """One entry per document: parties, day, value in paise, credit days, and whether goods really moved.

    `by_upi` is the chance in basis points that a payment under ₹1 lakh goes by UPI; `cancelled` is 0 or 1.
    """

    seller: Ints
    buyer: Ints
    day: Ints
    kind: Ints
    sector: Ints
    hsn: Ints
    taxable: Ints
    terms: Ints
    by_upi: Ints
    origin: Ints
    cancelled: Ints

    def __len__(self) -> int:
        return len(self.seller)

    def pick(self, chosen: Flags | Ints) -> "Invoices":
        """Some of the documents, in the order asked for."""
        return Invoices(**{field.name: getattr(self, field.name)[chosen] for field in fields(self)})

    def signed(self, money: Ints) -> Ints:
        """Money that counts: credit notes subtract, cancelled documents are nothing."""
        return np.where(self.void, 0, np.where(self.kind == CDNR, -money, money))

    @property
    def void(self) -> Flags:
        """Cancelled documents."""
        return np.equal(self.cancelled, 1)


def draft(**columns: Ints) -> Invoices:
    """Documents from some columns: the others get the ordinary B2B defaults."""
    count = len(columns["seller"])
    whole = np.zeros(count, dtype=np.int64)
    return Invoices(**{field.name: columns.get(field.name, whole) for field in fields(Invoices)})


def bound(parts: list[Invoices], almanac: Almanac) -> Invoices:
    """All documents dated inside the world, oldest first; value in whole rupees, at least one."""
    whole = Invoices(
        **{field.name: np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Invoices)}
    )
    inside = np.flatnonzero((whole.day >= 0) & (whole.day < almanac.days))
    return whole.pick(inside[np.argsort(whole.day[inside], kind="stable")])


def whole_rupees(value: Floats) -> Ints:
    """Paise rounded to whole rupees, at least ₹1."""
    return np.maximum(np.rint(value / 100), 1).astype(np.int64) * 100


def rate_on(day: Ints, sector: Ints, almanac: Almanac) -> Ints:
    """Tax rate in basis points on the goods of a sector on a day."""
    reformed = day >= int((_REFORM - np.datetime64(almanac.start)).astype(np.int64))
    return np.where(reformed, sectors.RATE_AFTER[sector], sectors.RATE_BEFORE[sector])


@dataclass(frozen=True)
class Taxes:
    """Rate in basis points and tax by head in paise, one entry per document; `total` is value with tax."""

    rate: Ints
    integrated: Ints
    central: Ints
    state: Ints
    supply_state: Ints
    total: Ints

    @property
    def tax(self) -> Ints:
        """All heads together."""
        return self.integrated + self.central + self.state


def levy(documents: Invoices, registry: Registry, almanac: Almanac) -> Taxes:
    """Tax of each document: inside one state half central, half state; between states integrated; none on exports."""
    abroad = documents.kind == EXP
    rate = np.where(abroad, 0, rate_on(documents.day, documents.sector, almanac))
    origin = registry.states[documents.seller]
    supply = np.where(documents.buyer >= 0, registry.states[documents.buyer], origin)
    local = origin == supply
    half = np.rint(documents.taxable * rate / 20_000).astype(np.int64)
    whole = np.rint(documents.taxable * rate / 10_000).astype(np.int64)
    central = np.where(local, half, 0)
    integrated = np.where(local, 0, whole)
    total = documents.taxable + integrated + 2 * central
    return Taxes(rate=rate, integrated=integrated, central=central, state=central, supply_state=supply, total=total)
