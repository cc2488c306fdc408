"""Scores as they were issued, who asked for them, and the model versions that made them."""

from scoring.models.governance import DecisionTally, DriftReading, ShadowScore, Verdict, VersionAct
from scoring.models.outcomes import LoanOutcome
from scoring.models.requests import RequestState, ScoreRequest
from scoring.models.runs import AnsweredBy, RunStatus, ScoreRun, ScoreRunQuerySet
from scoring.models.shares import ShareLink
from scoring.models.versions import VERSION_STEPS, ModelVersion, VersionStatus

__all__ = [
    "VERSION_STEPS",
    "AnsweredBy",
    "DecisionTally",
    "DriftReading",
    "LoanOutcome",
    "ModelVersion",
    "RequestState",
    "RunStatus",
    "ScoreRequest",
    "ScoreRun",
    "ScoreRunQuerySet",
    "ShadowScore",
    "ShareLink",
    "Verdict",
    "VersionAct",
    "VersionStatus",
]
