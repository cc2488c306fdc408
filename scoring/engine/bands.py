"""The one band table: what a score between 300 and 900 is called. Its cut-offs are policy; these are the defaults."""

from collections.abc import Mapping
from dataclasses import dataclass

from creditiq.kernel.errors import InvalidInput

SCORE_LOW = 300
SCORE_HIGH = 900


@dataclass(frozen=True)
class Band:
    """A closed interval of integer scores with its risk name and its bureau-style label."""

    name: str
    label: str
    low: int
    high: int


NAMES: tuple[tuple[str, str], ...] = (
    ("very_low_risk", "excellent"),
    ("low_risk", "good"),
    ("medium_risk", "average"),
    ("high_risk", "poor"),
)
"""Names and bureau labels, the best first; the last begins at 300."""


@dataclass(frozen=True)
class Bands:
    """The lowest score of each band but the last, which begins at 300."""

    very_low_risk: int = 750
    low_risk: int = 650
    medium_risk: int = 550

    @property
    def table(self) -> tuple[Band, ...]:
        """Every band with its range, the best first.

        >>> [(band.low, band.high) for band in Bands().table]
        [(750, 900), (650, 749), (550, 649), (300, 549)]
        """
        starts = (self.very_low_risk, self.low_risk, self.medium_risk, SCORE_LOW)
        ends = (SCORE_HIGH, *(start - 1 for start in starts[:-1]))
        return tuple(Band(name, label, low, high) for (name, label), low, high in zip(NAMES, starts, ends, strict=True))

    def of(self, score: int) -> Band:
        """The band of an integer score; ValueError outside 300–900.

        >>> Bands().of(749).name, Bands().of(750).name
        ('low_risk', 'very_low_risk')
        """
        for band in self.table:
            if band.low <= score <= band.high:
                return band
        raise ValueError(f"a score lies between {SCORE_LOW} and {SCORE_HIGH}, not {score}")

    def above(self, score: int) -> Band | None:
        """The band above the one of `score`; None at the top.

        >>> Bands().above(620).low
        650
        """
        better = [band for band in self.table if band.low > score]
        return min(better, key=lambda band: band.low) if better else None

    @classmethod
    def from_document(cls, document: Mapping[str, object]) -> "Bands":
        """Cut-offs of a policy; what it leaves out keeps its default. Raises InvalidInput naming the entry."""
        unknown = [name for name in document if name not in cls.__dataclass_fields__]
        if unknown:
            raise InvalidInput(
                f"There is no band {unknown[0]} with a cut-off.", field=f"bands.{unknown[0]}", rule="bands.unknown"
            )
        found = cls(**{name: _cut_off(name, value) for name, value in document.items()})
        if not SCORE_LOW < found.medium_risk < found.low_risk < found.very_low_risk <= SCORE_HIGH:
            raise InvalidInput(
                f"Cut-offs go up from medium risk to very low risk, above {SCORE_LOW} and up to {SCORE_HIGH}.",
                field="bands.very_low_risk",
                rule="bands.order",
            )
        return found

    def document(self) -> dict[str, object]:
        """The cut-offs as a policy stores them."""
        return {"very_low_risk": self.very_low_risk, "low_risk": self.low_risk, "medium_risk": self.medium_risk}


def _cut_off(name: str, value: object) -> int:
    text = str(value).strip()
    if not text.isascii() or not text.isdigit() or len(text) > len(str(SCORE_HIGH)):
        raise InvalidInput("A cut-off is a whole score, such as 650.", field=f"bands.{name}", rule="bands.whole")
    return int(text)


DEFAULT_BANDS = Bands()
