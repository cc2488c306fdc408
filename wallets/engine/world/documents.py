"""gst_invoices: the seller's outward row and the buyer's inward row of every document, numbered per seller and year."""

import numpy as np
import polars as pl

from wallets.engine.world import geography
from wallets.engine.world.almanac import HOUR
from wallets.engine.world.invoices import CDNR, EXP, KIND_NAMES, Invoices, Taxes
from wallets.engine.world.spec import Flags, Ints
from wallets.engine.world.trade import Economy
from wallets.engine.world.transfers import inside

_FOREIGN = 96  # the code of a place of supply outside India
_OWN_BOOKS_HOURS = (1, 30)
_OTHERS_BOOKS_HOURS = (24, 120)


def document_numbers(economy: Economy, documents: Invoices) -> pl.Series:
    """Numbers such as 25-26/00012, running per seller and financial year; credit notes begin with CN."""
    year = economy.almanac.financial_year(documents.day)
    series = documents.seller * 4096 + year
    order = np.argsort(series, kind="stable")
    starts = np.flatnonzero(np.diff(series[order], prepend=-1))
    rank = np.empty(len(documents), dtype=np.int64)
    rank[order] = np.arange(len(documents)) - np.repeat(starts, np.diff(np.append(starts, len(documents)))) + 1
    years = [f"{y % 100:02d}-{(y + 1) % 100:02d}/" for y in range(int(year.min()), int(year.max()) + 1)]
    prefixes = pl.Series([*years, *(f"CN{text}" for text in years)])
    prefix = prefixes.gather(year - year.min() + len(years) * (documents.kind == CDNR))
    digits = pl.Series(rank).cast(pl.String).str.zfill(5)
    return pl.select(pl.concat_str([prefix, digits])).to_series().alias("invoice_number")


def invoices_frame(economy: Economy, documents: Invoices, taxes: Taxes, numbers: pl.Series) -> pl.DataFrame:
    """The rows shown, sorted by business and date."""
    count = economy.people.count
    shown = documents.day >= economy.almanac.opening_day
    outward = np.flatnonzero(shown & inside(documents.seller, count))
    inward = np.flatnonzero(shown & inside(documents.buyer, count))
    rows = np.concatenate([outward, inward])
    selling = np.arange(len(rows)) < len(outward)
    business = np.where(selling, documents.seller[rows], documents.buyer[rows])
    order = np.lexsort((rows, business))
    return _rows(economy, (documents, taxes, numbers), rows[order], selling[order])


def _rows(economy: Economy, papers: tuple[Invoices, Taxes, pl.Series], rows: Ints, selling: Flags) -> pl.DataFrame:
    documents, taxes, numbers = papers
    registry, almanac = economy.registry, economy.almanac
    seller, buyer = documents.seller[rows], documents.buyer[rows]
    at = almanac.instant(documents.day[rows])
    abroad = documents.kind[rows] == EXP
    other = np.where(selling, buyer, seller)
    counterparty = registry.gstins.gather(np.maximum(other, 0)).set(pl.Series(other < 0), None)
    return pl.DataFrame(
        {
            "business": np.where(selling, seller, buyer),
            "direction": pl.Series(("in", "out")).gather(selling.astype(np.int64)),
            "supplier_gstin": registry.gstins.gather(seller),
            "counterparty_gstin": counterparty,
            "invoice_number": numbers.gather(rows),
            "financial_year": almanac.financial_year(documents.day[rows]).astype(np.int32),
            "kind": pl.Series(KIND_NAMES).gather(documents.kind[rows]),
            "cancelled": documents.void[rows],
            "hsn": pl.Series(documents.hsn[rows]).cast(pl.String),
            "place_of_supply": np.where(abroad, _FOREIGN, geography.CODES[taxes.supply_state[rows]]).astype(np.int32),
            "rate_bp": taxes.rate[rows].astype(np.int32),
            "taxable_paise": documents.taxable[rows],
            "igst_paise": taxes.integrated[rows],
            "cgst_paise": taxes.central[rows],
            "sgst_paise": taxes.state[rows],
            "occurred_at": at,
            "received_at": _learned(economy, at, selling),
        }
    )


def _learned(economy: Economy, at: Ints, selling: Flags) -> Ints:
    """Own documents are in the books within a day or so, those of suppliers within the week."""
    chance = economy.spec.chance("books")
    low = np.where(selling, _OWN_BOOKS_HOURS[0], _OTHERS_BOOKS_HOURS[0]) * HOUR
    high = np.where(selling, _OWN_BOOKS_HOURS[1], _OTHERS_BOOKS_HOURS[1]) * HOUR
    delay = low + (chance.random(len(at)) * (high - low)).astype(np.int64)
    learned: Ints = np.minimum(at + delay, economy.almanac.closing)
    return learned
