"""The scoring section of the policy document, as frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass

from creditiq.kernel.errors import InvalidInput
from scoring.engine.amnesty import Amnesty
from scoring.engine.bands import DEFAULT_BANDS, Bands

MOST_MONTHS = 24


@dataclass(frozen=True)
class ScoringPolicy:
    """How much evidence a number needs, the cut-offs of the bands, and the filing amnesty, if one was ever declared."""

    least_months: int = 3
    least_coverage: float = 0.4
    amnesty: Amnesty | None = None
    bands: Bands = DEFAULT_BANDS

    @property
    def relief(self) -> Amnesty | None:
        """The amnesty while it is active and changes something."""
        return self.amnesty if self.amnesty and self.amnesty.active and self.amnesty.multiplier < 1.0 else None

    @classmethod
    def from_document(cls, document: Mapping[str, object]) -> "ScoringPolicy":
        """Read a stored document; what it leaves out keeps its default. Raises InvalidInput naming the entry."""
        amnesty, bands = document.get("amnesty"), document.get("bands")
        months, coverage = (
            float(str(document.get(name, getattr(cls, name)))) for name in ("least_months", "least_coverage")
        )
        if not (1 <= months <= MOST_MONTHS and months == int(months)):
            raise InvalidInput(
                f"Months of evidence are 1 to {MOST_MONTHS}.", field="least_months", rule="policy.months"
            )
        if not 0.0 <= coverage <= 1.0:
            raise InvalidInput("Coverage is a share from 0 to 1.", field="least_coverage", rule="policy.coverage")
        return cls(
            int(months),
            coverage,
            Amnesty.from_document(amnesty) if isinstance(amnesty, Mapping) else None,
            Bands.from_document(bands) if isinstance(bands, Mapping) else DEFAULT_BANDS,
        )

    def document(self) -> dict[str, object]:
        """What a snapshot says of it: no amnesty and the usual bands go without saying, as they always have."""
        told: dict[str, object] = {"least_months": self.least_months, "least_coverage": self.least_coverage}
        if self.bands != DEFAULT_BANDS:
            told["bands"] = self.bands.document()
        return told | {"amnesty": self.amnesty.document()} if self.amnesty else told

    def written_out(self) -> dict[str, object]:
        """What a policy version stores: the same with the bands, whatever they are."""
        return {**self.document(), "bands": self.bands.document()}
