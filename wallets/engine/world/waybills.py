"""eway_bills: the goods documents of invoices above ₹50,000 (and some below), as both parties see them.

Honest bills have plausible pin codes, distances and a lag of hours. Paper trade has 1 to 5 km, pin codes that do not
fit, no lag, the same lorry everywhere, and values just under the line.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from wallets.engine.world import geography
from wallets.engine.world.almanac import HOUR, SECOND
from wallets.engine.world.invoices import B2B, CIRCULAR, ON_PAPER, Invoices, Taxes
from wallets.engine.world.spec import Flags, Ints
from wallets.engine.world.trade import Economy
from wallets.engine.world.transfers import inside

LINE = 50_000 * 100
_WORTH_A_BILL = 20_000 * 100
_VOLUNTARY = 0.22
_MADE = 0.97
_CIRCULAR_MADE = 0.6
_WRONG_PIN = 0.6
_FIRST_NUMBER = 100_000_000_000
_MOST_A_MONTH = 40  # bills a business on average, far above any: blocks of a world do not share numbers
_PAPER_LORRIES = 3


@dataclass(frozen=True)
class Waybills:
    """One entry per bill: the document it is for, when it was made, and the journey it claims, sorted by time."""

    document: Ints
    at: Ints
    distance: Ints
    from_pin: Ints
    to_pin: Ints
    lorry: Ints


def raise_bills(economy: Economy, documents: Invoices, taxes: Taxes) -> Waybills:
    """Choose the documents that get a bill and draw their journeys."""
    chance = economy.spec.chance("waybills")
    people = economy.people
    own = inside(documents.seller, people.count)
    goods = ~own | people.goods[np.where(own, documents.seller, 0)]
    likely = np.where(taxes.total >= LINE, _MADE, np.where(taxes.total >= _WORTH_A_BILL, _VOLUNTARY, 0.0))
    likely = np.where(documents.origin == CIRCULAR, _CIRCULAR_MADE, likely)
    likely = np.where((documents.origin == ON_PAPER) & own, _MADE, likely)
    wanted = (documents.kind == B2B) & ~documents.void & goods & (chance.random(len(documents)) < likely)
    document = np.flatnonzero(wanted)
    at = economy.almanac.instant(documents.day[document]) + _lag(documents.origin[document], chance)
    order = np.argsort(at, kind="stable")
    order = order[at[order] <= economy.almanac.closing]
    return _journeys(economy, documents, (document[order], at[order]), chance)


def _lag(origin: Ints, chance: np.random.Generator) -> Ints:
    """Microseconds between invoice and bill: some hours when goods must be loaded, minutes when there are none."""
    loading = np.minimum(np.exp(chance.normal(np.log(5.0), 0.7, len(origin))), 60.0)
    hours = np.where(origin == ON_PAPER, chance.uniform(0.02, 0.2, len(origin)), loading)
    micros: Ints = np.rint(hours * HOUR).astype(np.int64)
    return micros


def _journeys(economy: Economy, documents: Invoices, made: tuple[Ints, Ints], chance: np.random.Generator) -> Waybills:
    document, at = made
    registry = economy.registry
    count = len(document)
    seller, buyer, origin = documents.seller[document], documents.buyer[document], documents.origin[document]
    state, other = registry.states[seller], registry.states[buyer]
    distance = geography.draw_distances(state, other, chance)
    paper = (origin == ON_PAPER) & (seller < economy.people.count)
    distance = np.where(paper, chance.integers(1, 6, count), distance)
    distance = np.where(origin == CIRCULAR, chance.integers(2, 40, count), distance)
    elsewhere = geography.draw_pincodes(chance.integers(len(geography.CODES), size=count), chance)
    wrong = paper & (chance.random(count) < _WRONG_PIN)
    lorry = np.where(paper, seller * _PAPER_LORRIES + at // HOUR % _PAPER_LORRIES, chance.integers(10**7, size=count))
    return Waybills(
        document=document,
        at=at,
        distance=distance,
        from_pin=registry.pincodes[seller],
        to_pin=np.where(wrong, elsewhere, registry.pincodes[buyer]),
        lorry=lorry,
    )


def waybills_frame(
    economy: Economy, documents: Invoices, taxes: Taxes, numbers: pl.Series, bills: Waybills
) -> pl.DataFrame:
    """The rows shown, sorted by business and time."""
    count = economy.people.count
    shown = bills.at >= economy.almanac.opening_instant
    seller, buyer = documents.seller[bills.document], documents.buyer[bills.document]
    outward = np.flatnonzero(shown & inside(seller, count))
    inward = np.flatnonzero(shown & inside(buyer, count))
    rows = np.concatenate([outward, inward])
    selling = np.arange(len(rows)) < len(outward)
    order = np.lexsort((rows, np.where(selling, seller[rows], buyer[rows])))
    return _rows(economy, (documents, taxes, numbers, bills), rows[order], selling[order])


def _rows(
    economy: Economy, papers: tuple[Invoices, Taxes, pl.Series, Waybills], rows: Ints, selling: Flags
) -> pl.DataFrame:
    documents, taxes, numbers, bills = papers
    registry = economy.registry
    chance = economy.spec.chance("waybill_notice")
    document = bills.document[rows]
    seller, buyer, at = documents.seller[document], documents.buyer[document], bills.at[rows]
    learned = np.minimum(at + chance.integers(SECOND, HOUR, len(rows)), economy.almanac.closing)
    number = _FIRST_NUMBER + economy.spec.first_serial(_MOST_A_MONTH * economy.almanac.months) + rows
    return pl.DataFrame(
        {
            "business": np.where(selling, seller, buyer),
            "number": pl.Series(number).cast(pl.String),
            "direction": pl.Series(("in", "out")).gather(selling.astype(np.int64)),
            "counterparty_gstin": registry.gstins.gather(np.where(selling, buyer, seller)),
            "document_type": pl.Series(("INV",)).gather(np.zeros(len(rows), dtype=np.int64)),
            "document_number": numbers.gather(document),
            "value_paise": taxes.total[document],
            "taxable_paise": documents.taxable[document],
            "distance_km": bills.distance[rows].astype(np.int32),
            "hsn": pl.Series(documents.hsn[document]).cast(pl.String),
            "from_pincode": pl.Series(bills.from_pin[rows]).cast(pl.String),
            "to_pincode": pl.Series(bills.to_pin[rows]).cast(pl.String),
            "from_state": geography.CODES[registry.states[seller]].astype(np.int32),
            "to_state": geography.CODES[registry.states[buyer]].astype(np.int32),
            "vehicle": _plates(registry.states[seller], bills.lorry[rows]),
            "transport_mode": np.ones(len(rows), dtype=np.int32),
            "occurred_at": at,
            "received_at": learned,
        }
    )


def _plates(state: Ints, lorry: Ints) -> pl.Series:
    """Registration plates such as GJ05AB1234."""
    letters = [chr(65 + a) + chr(65 + b) for a in range(26) for b in range(26)]
    return pl.select(
        pl.concat_str(
            [
                pl.Series(geography.LETTERS).gather(state),
                pl.Series(1 + lorry // 10_000 % 38).cast(pl.String).str.zfill(2),
                pl.Series(letters).gather(lorry * 7 // 10_000 % 676),
                pl.Series(lorry % 10_000).cast(pl.String).str.zfill(4),
            ]
        )
    ).to_series()
