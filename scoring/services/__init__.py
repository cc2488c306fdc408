"""The verbs of scoring."""

from scoring.services.cards import BrokenModel, NoChampion, warm
from scoring.services.dossiers import Measured, measure_business, read_features
from scoring.services.forgetting import forget
from scoring.services.governance import UnableToStep, step_version
from scoring.services.monitoring import MonitorReport, Outcome, UnableToMonitor, monitor_model
from scoring.services.population import score_population
from scoring.services.replay import replay_score
from scoring.services.requests import answer_request, request_score, request_score_of_gstin, requeue_requests
from scoring.services.scoring import UnableToScore, score_business
from scoring.services.simulating import Numbers, Rescored, check_policy, rescore
from scoring.services.studies import UnableToStudy, study_file
from scoring.services.training import Developed, Development, TrainingReport, develop, register, train_and_register

__all__ = [
    "BrokenModel",
    "Developed",
    "Development",
    "Measured",
    "MonitorReport",
    "NoChampion",
    "Numbers",
    "Outcome",
    "Rescored",
    "TrainingReport",
    "UnableToMonitor",
    "UnableToScore",
    "UnableToStep",
    "UnableToStudy",
    "answer_request",
    "check_policy",
    "develop",
    "forget",
    "measure_business",
    "monitor_model",
    "read_features",
    "register",
    "replay_score",
    "request_score",
    "request_score_of_gstin",
    "requeue_requests",
    "rescore",
    "score_business",
    "score_population",
    "step_version",
    "study_file",
    "train_and_register",
    "warm",
]
