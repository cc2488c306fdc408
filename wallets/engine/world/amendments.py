"""Invoices that were first told with a slip of the pen and put right in a later GSTR-1.

The first telling (gst_invoices) has the wrong value; its correction (gst_amendments) has the right one, names what it
replaces, and is known once the amending return is filed. Money and goods always moved by the right value.
"""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from wallets.engine.world.documents import invoices_frame
from wallets.engine.world.invoices import B2B, GENUINE, Invoices, Taxes, levy, whole_rupees
from wallets.engine.world.spec import Floats, Ints
from wallets.engine.world.trade import Economy

_SHARE = 0.006
_AFTER_MONTHS = (1, 4)
_GSTR1_DAY = 11
_WRONG: Floats = np.array([0.1, 0.9, 0.98, 1.02, 1.1, 1.8])  # a digit lost, swapped, or put twice


@dataclass(frozen=True)
class Slips:
    """`document` is amended in the return of month `month`; `factor` is the value first told over the right one."""

    document: Ints
    month: Ints
    factor: Floats


def slips(economy: Economy, documents: Invoices) -> Slips:
    """The documents of honest sellers of the population that are told wrongly first."""
    chance = economy.spec.chance("amendments")
    people = economy.people
    own = np.where(documents.seller < people.count, documents.seller, 0)
    honest = (documents.seller < people.count) & ~people.crooked[own] & (documents.origin == GENUINE)
    wrong = honest & (documents.kind == B2B) & ~documents.void & (chance.random(len(documents)) < _SHARE)
    document = np.flatnonzero(wrong & (documents.day >= economy.almanac.opening_day))
    later = chance.integers(*_AFTER_MONTHS, len(document))
    return Slips(
        document=document,
        month=economy.almanac.month_of_day[documents.day[document]] + later,
        factor=_WRONG[chance.integers(len(_WRONG), size=len(document))],
    )


def first_told(economy: Economy, documents: Invoices, made: Slips) -> tuple[Invoices, Taxes]:
    """All documents as they were first written, slips and all."""
    taxable = documents.taxable.copy()
    taxable[made.document] = whole_rupees(taxable[made.document] * made.factor)
    written = replace(documents, taxable=taxable)
    return written, levy(written, economy.registry, economy.almanac)


def amendments_frame(
    economy: Economy, documents: Invoices, taxes: Taxes, numbers: pl.Series, made: Slips
) -> pl.DataFrame:
    """gst_amendments: the columns of gst_invoices with `amended_from`, `amended_from_year` and `version`.

    Both parties have a row. `version` is the period of the amending return; rows not known inside the world drop out.
    """
    almanac = economy.almanac
    known = almanac.instant(almanac.monthly_day(made.month + 1, _GSTR1_DAY))
    inside = np.flatnonzero(known <= almanac.closing)
    chosen = made.document[inside]
    right, right_taxes = documents.pick(chosen), Taxes(**{name: each[chosen] for name, each in vars(taxes).items()})
    rows = invoices_frame(economy, right, right_taxes, numbers.gather(chosen))
    named = pl.DataFrame(
        {
            "supplier_gstin": economy.registry.gstins.gather(right.seller),
            "invoice_number": numbers.gather(chosen),
            "financial_year": almanac.financial_year(right.day).astype(np.int32),
            "version": (almanac.first_period + made.month[inside]).astype(np.int32),
            "known_at": known[inside],
        }
    )
    keys = ["supplier_gstin", "invoice_number", "financial_year"]
    return (
        rows.join(named, on=keys, maintain_order="left")
        .with_columns(
            amended_from=pl.col("invoice_number"), amended_from_year="financial_year", received_at=pl.col("known_at")
        )
        .drop("known_at")
    )
