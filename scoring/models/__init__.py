"""Scores as they were issued, who asked for them, and the model versions that made them."""

from scoring.models.requests import RequestState, ScoreRequest
from scoring.models.runs import RunStatus, ScoreRun, ScoreRunQuerySet
from scoring.models.shares import ShareLink
from scoring.models.versions import ModelVersion, VersionStatus

__all__ = [
    "ModelVersion",
    "RequestState",
    "RunStatus",
    "ScoreRequest",
    "ScoreRun",
    "ScoreRunQuerySet",
    "ShareLink",
    "VersionStatus",
]
