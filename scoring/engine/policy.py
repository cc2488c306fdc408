"""The scoring section of the policy document, as frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class ScoringPolicy:
    """How much evidence a number needs."""

    least_months: int = 3
    least_coverage: float = 0.4

    @classmethod
    def from_document(cls, document: Mapping[str, object]) -> "ScoringPolicy":
        """Read a stored document; what it leaves out keeps its default."""
        return cls(
            least_months=int(str(document.get("least_months", cls.least_months))),
            least_coverage=float(str(document.get("least_coverage", cls.least_coverage))),
        )

    def document(self) -> dict[str, object]:
        """What a policy version stores."""
        return {"least_months": self.least_months, "least_coverage": self.least_coverage}
