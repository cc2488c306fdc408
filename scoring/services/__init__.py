"""The verbs of scoring."""

from scoring.services.cards import BrokenModel, NoChampion, warm
from scoring.services.dossiers import Measured, measure_business, read_features
from scoring.services.forgetting import forget
from scoring.services.population import score_population
from scoring.services.replay import replay_score
from scoring.services.requests import answer_request, request_score, request_score_of_gstin, requeue_requests
from scoring.services.scoring import UnableToScore, score_business
from scoring.services.studies import UnableToStudy, study_file
from scoring.services.training import Developed, Development, TrainingReport, develop, register, train_and_register

__all__ = [
    "BrokenModel",
    "Developed",
    "Development",
    "Measured",
    "NoChampion",
    "TrainingReport",
    "UnableToScore",
    "UnableToStudy",
    "answer_request",
    "develop",
    "forget",
    "measure_business",
    "read_features",
    "register",
    "replay_score",
    "request_score",
    "request_score_of_gstin",
    "requeue_requests",
    "score_business",
    "score_population",
    "study_file",
    "train_and_register",
    "warm",
]
