"""The eight sectors: their HSN codes, tax rates, who buys from whom, and their seasons."""

import numpy as np

from wallets.engine.world import festivals
from wallets.engine.world.spec import Floats, Ints

NAMES = ("iron_steel", "textiles", "food_grains", "chemicals", "machinery", "electronics", "plastics", "paper")
WORDS = ("Steel", "Textiles", "Agro", "Chemicals", "Engineering", "Electronics", "Polymers", "Papers")
HSN: Ints = np.array(
    [
        (7201, 7202, 7204, 7207, 7208, 7209, 7210, 7213),
        (5208, 5209, 5210, 5211, 6001, 6002, 6006, 5201),
        (1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008),
        (2801, 2802, 2803, 2804, 2901, 2902, 3801, 3802),
        (8401, 8402, 8403, 8404, 8405, 8406, 8407, 8408),
        (8501, 8502, 8503, 8504, 8505, 8506, 8507, 8508),
        (3901, 3902, 3903, 3904, 3905, 3906, 3907, 3908),
        (4801, 4802, 4803, 4804, 4805, 4701, 4702, 4703),
    ],
    dtype=np.int64,
)
# Rates in basis points before and from 22 September 2025, when the 12 % slab went.
RATE_BEFORE: Ints = np.array([1800, 500, 0, 1800, 1800, 1800, 1800, 1200], dtype=np.int64)
RATE_AFTER: Ints = np.array([1800, 500, 0, 1800, 1800, 1800, 1800, 500], dtype=np.int64)
SHARES: Floats = np.array([0.13, 0.19, 0.14, 0.09, 0.14, 0.12, 0.11, 0.08])
RETAIL: Floats = np.array([0.10, 0.40, 0.45, 0.12, 0.12, 0.42, 0.22, 0.28])
# Row sells to column; made from the usual input-output picture (steel feeds machinery, chemicals feed plastics …).
SELLS_TO: Floats = np.array(
    [
        (0.30, 0.02, 0.03, 0.03, 0.40, 0.15, 0.04, 0.03),
        (0.02, 0.72, 0.04, 0.02, 0.05, 0.03, 0.06, 0.06),
        (0.01, 0.04, 0.78, 0.08, 0.02, 0.01, 0.03, 0.03),
        (0.06, 0.16, 0.10, 0.22, 0.05, 0.06, 0.25, 0.10),
        (0.16, 0.12, 0.12, 0.08, 0.25, 0.12, 0.08, 0.07),
        (0.06, 0.05, 0.05, 0.05, 0.25, 0.42, 0.06, 0.06),
        (0.03, 0.10, 0.16, 0.08, 0.14, 0.22, 0.17, 0.10),
        (0.03, 0.10, 0.20, 0.08, 0.08, 0.14, 0.12, 0.25),
    ]
)
# Peak month (0 = January) and amplitude of each sector's season, on top of the year-end and the moving festivals.
_PEAK: Ints = np.array([1, 9, 3, 5, 2, 9, 4, 5], dtype=np.int64)
_SWING: Floats = np.array([0.08, 0.15, 0.22, 0.06, 0.10, 0.14, 0.08, 0.12])
_COMMON: Floats = np.array([0.98, 0.99, 1.10, 0.95, 0.96, 0.94, 0.95, 0.97, 0.97, 0.99, 0.98, 0.96])


def seasons(sector: Ints, periods: Ints) -> Floats:
    """(len(sector), len(periods)) seasonal factor of sales in months (year·12 + month - 1), about 1 on average."""
    month = periods % 12
    angle = 2 * np.pi * (month[None, :] - _PEAK[sector][:, None]) / 12
    ordinary = (1 + _SWING[sector][:, None] * np.cos(angle)) * _COMMON[month][None, :]
    return ordinary * festivals.lifts(periods.tolist())[sector]
