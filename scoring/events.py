"""What scoring announces."""

from dataclasses import dataclass

from creditiq.kernel.events import Event


@dataclass(frozen=True)
class ScoreRequested(Event):
    """Somebody asked for a score of a business and waits for it."""

    request_id: int
    business_id: int


@dataclass(frozen=True)
class ScoreIssued(Event):
    """A score run was stored, be it a number or the statement that there is too little evidence."""

    score_id: int
    business_id: int


@dataclass(frozen=True)
class ModelSuspended(Event):
    """A model version was taken out of service by the risk manager."""

    version_id: int


@dataclass(frozen=True)
class DriftFound(Event):
    """A weekly reading says that the world is no longer the one a version learned."""

    version_id: int


@dataclass(frozen=True)
class ScoresRefreshed(Event):
    """Everybody was scored anew, as every week; the last run of the pass."""

    run_id: int


@dataclass(frozen=True)
class PolicyTakenUp(Event):
    """Everybody was scored under a scoring policy that went live."""

    policy_id: int
