"""Which columns may teach: no row numbers, no identifiers, no constants, and nothing that gives the outcome away."""

import re
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from scoring.engine.sample import LEAK_AUC
from scoring.engine.tabular.cells import Column
from scoring.engine.tabular.design import rates
from scoring.engine.validation import auc

Floats = NDArray[np.float64]

NAMED_AS_KEY = re.compile(
    r"(^|[\W_])(id|ids|uuid|guid|key|index|row|rownum|sno|sl ?no|serial|number|no)$", re.IGNORECASE
)
UNNAMED = re.compile(r"^(unnamed(: ?\d+)?.*|column \d+|row names|index|level_0)$", re.IGNORECASE)
KEY_SHARE = 0.95
WORDY_SHARE = 0.5
FEW_ROWS = 50
LEAK_BINS = 20
LEAST_FOR_LEAKS = 100


def unusable(column: Column, rows: int) -> str | None:
    """Why a column cannot teach, in words; None when it can."""
    known = column.known()
    if not known.size:
        return "missing in every row"
    different = column.distinct()
    if different == 1 and known.size == rows:
        return "the same value in every row"
    if column.codes is not None:
        wordy = different > WORDY_SHARE * known.size and different > FEW_ROWS
        return "nearly every row has a text of its own" if wordy else None
    return _key(column, known, different)


def _key(column: Column, known: Floats, different: int) -> str | None:
    if different < KEY_SHARE * known.size or known.size < FEW_ROWS or not np.equal(np.mod(known, 1), 0).all():
        return None
    if known.max() - known.min() == known.size - 1:
        return "it numbers the rows"
    named = UNNAMED.match(column.name) or NAMED_AS_KEY.search(_spaced(column.name))
    return "it names the rows" if named else None


def _spaced(name: str) -> str:
    """SomeId as Some Id, so that the last word is seen."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)


def leaks(columns: Sequence[Column], target: Floats) -> Iterator[tuple[str, float]]:
    """Columns that alone order the outcome beyond AUC 0.95, with that AUC.

    Judged through binned rates learnt on one half of the rows and asked of the other, so that a code, a hole
    where a value should be, or a curve that goes up and down is found as well as a plain order.
    """
    if target.size < LEAST_FOR_LEAKS:
        return
    half = np.random.default_rng(0).random(target.size) < 0.5
    for column in columns:
        codes = _coarse(column)
        found = np.zeros(target.size)
        for seen in (half, ~half):
            table = _filled(rates(codes[seen], target[seen], int(codes.max()) + 1))
            found[~seen] = table[codes[~seen]]
        area = min(auc(target[half], found[half]), auc(target[~half], found[~half]))
        if area > LEAK_AUC:
            yield column.name, area


def _coarse(column: Column) -> NDArray[np.int64]:
    """Codes without holes: levels or bins of equal size, missing as one more."""
    if column.codes is not None:
        return np.where(column.codes < 0, len(column.levels), column.codes).astype(np.int64)
    values = column.values()
    known = values[~np.isnan(values)]
    cuts = np.unique(np.quantile(known, np.linspace(0, 1, LEAK_BINS + 1)[:-1]))
    # both sides of each cut, so that one heavy value has a bin of its own
    place = np.searchsorted(cuts, values, side="left") + np.searchsorted(cuts, values, side="right")
    return np.where(np.isnan(values), 2 * cuts.size + 1, place).astype(np.int64)


def _filled(table: Floats) -> Floats:
    return np.asarray(np.nan_to_num(table, nan=0.5), dtype=np.float64)
