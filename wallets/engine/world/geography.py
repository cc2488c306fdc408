"""The eleven states of the default economy: codes, pin codes, and how far apart they are."""

import numpy as np

from wallets.engine.world.spec import Floats, Ints

# code, Udyam letters, first and last pin code prefix, latitude, longitude, share of businesses
_STATES = (
    (6, "HR", 121, 136, 29.0, 76.3, 0.07),
    (7, "DL", 110, 110, 28.6, 77.2, 0.10),
    (8, "RJ", 301, 345, 26.6, 74.2, 0.07),
    (9, "UP", 201, 285, 27.0, 80.5, 0.11),
    (19, "WB", 700, 743, 22.9, 88.0, 0.08),
    (22, "CG", 490, 497, 21.3, 81.8, 0.05),
    (24, "GJ", 360, 396, 22.6, 72.3, 0.14),
    (27, "MH", 400, 445, 19.2, 74.5, 0.16),
    (29, "KA", 560, 591, 13.6, 76.8, 0.08),
    (33, "TN", 600, 643, 11.6, 78.6, 0.10),
    (36, "TS", 500, 509, 17.6, 78.8, 0.04),
)
CODES: Ints = np.array([s[0] for s in _STATES], dtype=np.int64)
LETTERS = [s[1] for s in _STATES]
SHARES: Floats = np.array([s[6] for s in _STATES])
_PIN_LOW: Ints = np.array([s[2] for s in _STATES], dtype=np.int64)
_PIN_HIGH: Ints = np.array([s[3] for s in _STATES], dtype=np.int64)
# The 3B of a quarterly filer falls due on the 22nd in these states and on the 24th in the others.
EARLY_QUARTERLY = np.isin(CODES, [22, 24, 27, 29, 33, 36])
_ROAD_FACTOR = 1.25
_EARTH_KM = 6371.0


def _road_table() -> Floats:
    latitude = np.radians([s[4] for s in _STATES])
    longitude = np.radians([s[5] for s in _STATES])
    half = np.sin((latitude[:, None] - latitude) / 2) ** 2
    half += np.cos(latitude)[:, None] * np.cos(latitude) * np.sin((longitude[:, None] - longitude) / 2) ** 2
    distance: Floats = 2 * _EARTH_KM * np.arcsin(np.sqrt(half)) * _ROAD_FACTOR
    return distance


ROAD_KM: Floats = _road_table()


def draw_pincodes(state: Ints, chance: np.random.Generator) -> Ints:
    """Pin codes whose prefix belongs to each state (index into CODES)."""
    span = _PIN_HIGH[state] - _PIN_LOW[state] + 1
    prefix = _PIN_LOW[state] + (chance.random(len(state)) * span).astype(np.int64)
    return prefix * 1000 + chance.integers(1, 120, len(state))


def draw_distances(origin: Ints, destination: Ints, chance: np.random.Generator) -> Ints:
    """Plausible road kilometres between states (indexes), 5 to 4000; inside a state mostly 20 to 300."""
    local = np.exp(chance.normal(4.2, 0.8, len(origin)))
    road = ROAD_KM[origin, destination] * chance.uniform(0.8, 1.2, len(origin))
    return np.clip(np.rint(road + np.minimum(local, 450)), 5, 4000).astype(np.int64)
