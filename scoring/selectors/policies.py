"""The scoring section of the policy as other rooms read it."""

from collections.abc import Mapping

from scoring.engine.bands import DEFAULT_BANDS, Bands
from scoring.engine.policy import ScoringPolicy
from scoring.models import ScoreRun


def written_out(document: Mapping[str, object]) -> dict[str, object]:
    """A scoring document as it is read, defaults filled in. Raises InvalidInput naming the entry."""
    return ScoringPolicy.from_document(document).written_out()


def bands_of(run: ScoreRun) -> Bands:
    """The cut-offs a run's band was read by: those of its own policy. Callers load the policy with the run."""
    return ScoringPolicy.from_document(run.policy_version.document).bands if run.policy_version else DEFAULT_BANDS
