"""Identifier checks over whole columns; what they accept is what `creditiq.kernel.identifiers` accepts."""

import numpy as np
import polars as pl

from creditiq.kernel.identifiers import gstin as gstins
from creditiq.kernel.identifiers import pan as pans
from creditiq.kernel.identifiers.errors import InvalidIdentifier

VPA_PATTERN = r"^[a-z0-9._-]{2,256}@[a-z][a-z0-9]{1,63}$"
PINCODE_PATTERN = r"^[1-9][0-9]{5}$"
VEHICLE_PATTERN = (
    r"^([A-Z]{2}[0-9]{2}[A-Z]{0,3}[0-9]{4}|[A-Z]{2}[0-9]{3}[A-Z][0-9]{4}|[A-Z]{3}[0-9]{4}|(DF|TM|BP|NP)[0-9A-Z]{6})$"
)
INVOICE_NUMBER_PATTERN = r"^[0-9A-Za-z][0-9A-Za-z/-]{0,15}$"
_LENGTH = 15
_STATES = "|".join(f"{code:02d}" for code in sorted(gstins.STATE_CODES))
# The everyday form; 14th characters C and D (collectors, deductors) and the special forms are left to the kernel.
_EVERYDAY = rf"^({_STATES})[A-Z]{{3}}[{''.join(pans.HOLDERS)}][A-Z][0-9]{{4}}[A-Z][1-9A-Z][Z1-9ABE-J][0-9A-Z]$"


def valid_gstins(texts: pl.Series) -> pl.Series:
    """Which texts are valid GSTINs; null where the text is null.

    >>> valid_gstins(pl.Series(["27AAPFU0939F1ZV", "22AAAAA0000A1Z5", None])).to_list()
    [True, False, None]
    """
    distinct = pl.DataFrame({"text": texts.unique().drop_nulls()})
    everyday = distinct.filter(pl.col("text").str.contains(_EVERYDAY))["text"]
    good = everyday.filter(pl.Series(_check_characters_agree(everyday)))
    rest = distinct["text"].filter(~distinct["text"].is_in(everyday.implode()))
    special = [text for text in rest if len(text) == _LENGTH and gstins.is_valid(text)]
    return texts.is_in(pl.concat([good, pl.Series(special, dtype=pl.String)]).implode())


def _check_characters_agree(texts: pl.Series) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Sum of quotient and remainder by 36 of each value times 1, 2, 1, 2 …; with the check value it divides by 36."""
    letters = (
        np.frombuffer("".join(texts).encode("ascii"), dtype=np.uint8).reshape(len(texts), _LENGTH).astype(np.int64)
    )
    values = np.where(letters < ord("A"), letters - ord("0"), letters - ord("A") + 10)
    products = values[:, :-1] * (1 + np.arange(_LENGTH - 1) % 2)
    total = (products // 36 + products % 36).sum(axis=1) + values[:, -1]
    agree: np.ndarray[tuple[int], np.dtype[np.bool_]] = total % 36 == 0
    return agree


def gstin_fault(text: str) -> tuple[str, str]:
    """Rule id and message of a text that is not a GSTIN.

    >>> gstin_fault("22AAAAA0000A1Z5")[0]
    'gstin.check_digit'
    """
    try:
        gstins.parse(text.strip().upper())
    except InvalidIdentifier as fault:
        return fault.rule, fault.message
    return "gstin.pattern", "This is not a GSTIN."
