"""The compiled look-up of SHAP tables: the only module of scoring that imports numba; import it inside a function.

Rows go in blocks, turned so that a column of a block lies together; every row is summed group by group in one order,
so a lone row and a million rows give the same bits.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from scoring.engine.shap_tables import Floats, Integers, Tables

Singles = NDArray[np.float32]
Splits = tuple[Integers, Singles, Integers, Integers]
Features = tuple[Integers, Integers]
Rows = tuple[Floats, Integers]

BLOCK = 256
FEW = 16
"""Below this many rows turning them costs more than it saves."""


def contributions_of(tables: Tables, matrix: Floats) -> Floats:
    """(n, f + 1) exact contributions to the averaged margin; the last column is the base."""
    rows = matrix.shape[0]
    found = np.zeros((rows, tables.columns + 1))
    plan = (
        (tables.split_feature, tables.split_cut, tables.split_default, tables.split_from),
        (tables.feature, tables.feature_from),
        (tables.table, tables.table_from),
    )
    if rows < FEW:
        _look_up_rows(np.ascontiguousarray(matrix, dtype=np.float32), found, *plan)
    else:
        for first in range(0, rows, BLOCK):
            block = np.ascontiguousarray(matrix[first : first + BLOCK].T, dtype=np.float32)
            total = np.zeros((tables.columns + 1, block.shape[1]))
            _look_up_block(block, total, *plan)
            found[first : first + BLOCK] = total.T
    found[:, tables.columns] = tables.base
    return found


@njit(cache=True, nogil=True, boundscheck=False)
def _look_up_rows(rows: Singles, total: Floats, splits: Splits, features: Features, tables: Rows) -> None:
    """The same for few rows (n, f), one by one, into `total` (n, f + 1)."""
    split_feature, cut, default, split_from = splits
    feature, feature_from = features
    table, table_from = tables
    for row in range(rows.shape[0]):
        for group in range(split_from.size - 1):
            start, width = feature_from[group], feature_from[group + 1] - feature_from[group]
            first, place = split_from[group], table_from[group]
            for split in range(first, split_from[group + 1]):
                value = rows[row, split_feature[split]]
                left = not value >= cut[split] if default[split] else value < cut[split]
                if left:
                    place += width << (split - first)
            for number in range(width):
                total[row, feature[start + number]] += table[place + number]


@njit(cache=True, nogil=True, boundscheck=False)
def _look_up_block(block: Singles, total: Floats, splits: Splits, features: Features, tables: Rows) -> None:
    """Add every group's row of contributions to `total` (f + 1, rows) for `block` (f, rows)."""
    split_feature, cut, default, split_from = splits
    feature, feature_from = features
    table, table_from = tables
    rows = block.shape[1]
    pattern = np.empty(rows, dtype=np.int32)
    for group in range(split_from.size - 1):
        start, width = feature_from[group], feature_from[group + 1] - feature_from[group]
        first = split_from[group]
        pattern[:] = 0
        for split in range(first, split_from[group + 1]):
            values, limit, bit = block[split_feature[split]], cut[split], np.int32(width << (split - first))
            if default[split]:  # missing goes left: no comparison with it holds
                for row in range(rows):
                    pattern[row] += np.int32(0) if values[row] >= limit else bit
            else:
                for row in range(rows):
                    pattern[row] += bit if values[row] < limit else np.int32(0)
        for number in range(width):
            sums = total[feature[start + number]]
            column = table[table_from[group] + number :]
            for row in range(rows):
                sums[row] += column[pattern[row]]
