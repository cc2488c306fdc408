"""The one band table: what a score between 300 and 900 is called."""

from dataclasses import dataclass

SCORE_LOW = 300
SCORE_HIGH = 900


@dataclass(frozen=True)
class Band:
    """A closed interval of integer scores with its risk name and its bureau-style label."""

    name: str
    label: str
    low: int
    high: int


BANDS: tuple[Band, ...] = (
    Band("very_low_risk", "excellent", 750, 900),
    Band("low_risk", "good", 650, 749),
    Band("medium_risk", "average", 550, 649),
    Band("high_risk", "poor", 300, 549),
)


def band_of(score: int) -> Band:
    """The band of an integer score; ValueError outside 300–900.

    >>> band_of(749).name, band_of(750).name
    ('low_risk', 'very_low_risk')
    """
    for band in BANDS:
        if band.low <= score <= band.high:
            return band
    raise ValueError(f"a score lies between {SCORE_LOW} and {SCORE_HIGH}, not {score}")


def next_band(score: int) -> Band | None:
    """The band above the one of `score`; None at the top.

    >>> next_band(620).low
    650
    """
    better = [band for band in BANDS if band.low > score]
    return min(better, key=lambda band: band.low) if better else None
