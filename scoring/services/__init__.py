"""The verbs of scoring."""

from scoring.services.assistant import LONGEST_QUESTION, Answer, Citation, answer_question, ask_assistant
from scoring.services.cards import BrokenModel, NoChampion, warm
from scoring.services.dossiers import Measured, measure_business, read_features
from scoring.services.explaining import (
    NoNumber,
    UnableToCompare,
    compare_runs,
    dials,
    percentiles,
    plan_of,
    refusal_reasons,
    try_out,
)
from scoring.services.exploring import Interplay, Meeting, PairEffect, interplay
from scoring.services.forgetting import forget
from scoring.services.governance import UnableToStep, step_version
from scoring.services.looking import look_over_time
from scoring.services.monitoring import MonitorReport, Outcome, Tally, UnableToMonitor, monitor_model, record_conduct
from scoring.services.outcomes import Repayment, record_outcome, record_outcomes
from scoring.services.overseeing import list_due_validations, review_outcomes
from scoring.services.population import score_population
from scoring.services.replay import replay_score
from scoring.services.reports import print_report
from scoring.services.requests import (
    answer_request,
    request_score,
    request_score_of_gstin,
    request_scores,
    requeue_requests,
)
from scoring.services.rivals import Rivals, compare_versions
from scoring.services.scoring import UnableToScore, score_business
from scoring.services.sharing import OpenedTooOften, open_share, revoke_share, share_score, token_of
from scoring.services.shipping import register_shipped, ship
from scoring.services.shocks import gst_shock
from scoring.services.simulating import Numbers, Rescored, rescore
from scoring.services.studies import UnableToStudy, study_file
from scoring.services.taking_up import take_up_policy
from scoring.services.training import (
    Developed,
    Development,
    TrainingReport,
    develop,
    develop_from_book,
    register,
    train_and_register,
)
from scoring.services.works import refresh_scores_as_job

__all__ = [
    "LONGEST_QUESTION",
    "Answer",
    "BrokenModel",
    "Citation",
    "Developed",
    "Development",
    "Interplay",
    "Measured",
    "Meeting",
    "MonitorReport",
    "NoChampion",
    "NoNumber",
    "Numbers",
    "OpenedTooOften",
    "Outcome",
    "PairEffect",
    "Repayment",
    "Rescored",
    "Rivals",
    "Tally",
    "TrainingReport",
    "UnableToCompare",
    "UnableToMonitor",
    "UnableToScore",
    "UnableToStep",
    "UnableToStudy",
    "answer_question",
    "answer_request",
    "ask_assistant",
    "compare_runs",
    "compare_versions",
    "develop",
    "develop_from_book",
    "dials",
    "forget",
    "gst_shock",
    "interplay",
    "list_due_validations",
    "look_over_time",
    "measure_business",
    "monitor_model",
    "open_share",
    "percentiles",
    "plan_of",
    "print_report",
    "read_features",
    "record_conduct",
    "record_outcome",
    "record_outcomes",
    "refresh_scores_as_job",
    "refusal_reasons",
    "register",
    "register_shipped",
    "replay_score",
    "request_score",
    "request_score_of_gstin",
    "request_scores",
    "requeue_requests",
    "rescore",
    "review_outcomes",
    "revoke_share",
    "score_business",
    "score_population",
    "share_score",
    "ship",
    "step_version",
    "study_file",
    "take_up_policy",
    "token_of",
    "train_and_register",
    "try_out",
    "warm",
]
