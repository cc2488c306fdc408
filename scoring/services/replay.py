"""Rebuild a stored score from the evidence as known at its moment."""

from scoring.models import ScoreRun
from scoring.services.dossiers import appraise_one, standing_again


def replay_score(run: ScoreRun) -> bytes:
    """The canonical snapshot made again by the stored version, as of the stored moment; nothing is written.

    Equal to `run.snapshot` byte for byte unless something was changed underneath. Raises BrokenModel when
    the version's files are gone or altered, or when the features were redefined since.
    """
    return appraise_one(standing_again(run)).snapshot
