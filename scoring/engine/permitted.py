"""Which features may have a value under a consent: a kind of evidence that is not shared leaves no number behind.

A feature over a kind that was withheld would not be missing by itself: a share of unmatched invoices, say, is one
when no receipts may be read. So what each grain rests on is written down, and everything else becomes missing.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from scoring.engine.features import catalogue

Floats = npt.NDArray[np.float64]
Needs = tuple[frozenset[str], ...]
"""All of these groups, of each group at least one kind."""

KINDS: Final = ("gst_invoices", "gst_returns", "upi_payments", "eway_bills", "bank_entries")
_INVOICES, _RETURNS = frozenset({"gst_invoices"}), frozenset({"gst_returns"})
_UPI, _BILLS, _BANK = frozenset({"upi_payments"}), frozenset({"eway_bills"}), frozenset({"bank_entries"})
_MONEY = _UPI | _BANK
_ANY = frozenset(KINDS)
EVERYTHING: Final[Needs] = tuple(frozenset({kind}) for kind in KINDS)
"""What a grain that is not listed below rests on: nothing is shown by oversight (a test asks for its line)."""

BY_GRAIN: Final[Mapping[str, Needs]] = {
    "gst_outward": (_INVOICES,),
    "gst_weeks": (_INVOICES,),
    "gst_chapters": (_INVOICES,),
    "gst_leaders": (_INVOICES,),
    "gst_buyers": (_INVOICES,),
    "gst_filings": (_RETURNS,),
    "gst_slopes": (_RETURNS,),
    "gst_returns_due": (_RETURNS,),
    "return_pairs": (_RETURNS,),
    "credit_claims": (_RETURNS, _INVOICES),
    "upi": (_UPI,),
    "upi_gaps": (_UPI,),
    "upi_payers": (_UPI,),
    "upi_weekdays": (_UPI,),
    "eway_out": (_BILLS,),
    "eway_gaps": (_BILLS,),
    "eway_invoices": (_BILLS, _INVOICES),
    "bill_invoices": (_BILLS, _INVOICES),
    "invoice_receipts": (_INVOICES, _MONEY),
    "bank": (_BANK,),
    "bank_statutory": (_BANK,),
    "bank_days": (_BANK,),
    "bank_bounces": (_BANK,),
    "freshness": (),  # says how much is shared, so it counts what is withheld as absent
    "cash": (_MONEY,),
    "network": (_MONEY,),
    "model": (_ANY,),
}
BY_NAME: Final[Mapping[str, Needs]] = {
    "gst_upi_receivables_gap": (_INVOICES, _MONEY),
    "ewb_smurfing_index": (_BILLS,),
    "sector_relative_turnover": (_INVOICES,),
    "longest_gap_days": (_ANY,),
    "days_since_last_event": (_ANY,),
}
"""Features that rest on something else than the rest of their grain."""


RANGED: Final = "consent_range"
"""The note that only evidence of the time named in the consent was read."""


def may_measure(name: str, kinds: Collection[str]) -> bool:
    """Whether a feature may have a value when only `kinds` are shared.

    >>> may_measure("upi_hhi_30d", ["bank_entries"]), may_measure("cash_buffer_days", ["bank_entries"])
    (False, True)
    """
    needs = BY_NAME.get(name) or BY_GRAIN.get(catalogue.by_name()[name].grain, EVERYTHING)
    return all(group & set(kinds) for group in needs)


def withhold(names: Sequence[str], matrix: Floats, shared: Sequence[Collection[str]]) -> Floats:
    """`matrix` (n, m) with NaN wherever the kinds that row's business shares do not carry the feature."""
    kept = {frozenset(kinds) for kinds in shared}
    masks = {kinds: np.array([may_measure(name, kinds) for name in names], dtype=np.bool_) for kinds in kept}
    allowed = np.array([masks[frozenset(kinds)] for kinds in shared], dtype=np.bool_).reshape(matrix.shape)
    return np.where(allowed, matrix, np.nan)


def reasons(kinds: Collection[str]) -> tuple[str, ...]:
    """The notes that record why features are missing: one per kind that is not shared.

    >>> reasons(("gst_invoices", "gst_returns", "upi_payments", "eway_bills"))
    ('no_consent:bank_entries',)
    """
    return tuple(f"no_consent:{kind}" for kind in KINDS if kind not in kinds)


def shared_by(notes: Collection[str], rows: Mapping[str, int]) -> tuple[str, ...]:
    """The kinds shared as a whole and of which there is something: by the notes of `reasons`, and rows by kind.

    None when a range of time bounds them. A consent without a single row shares nothing: who sends no return would
    otherwise be taken for one who files like others.

    >>> shared_by(["cash_buffer_is_estimate", "no_consent:upi_payments"], {"gst_invoices": 9, "upi_payments": 30})
    ('gst_invoices',)
    """
    if RANGED in notes:
        return ()
    return tuple(kind for kind in KINDS if f"no_consent:{kind}" not in notes and rows.get(kind))
