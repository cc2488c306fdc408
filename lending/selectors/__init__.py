"""What pages and the API read from lending."""

from lending.selectors.applications import (
    Queue,
    QueueRow,
    own_applications,
    queue,
    visible_application,
)
from lending.selectors.cases import Case, DecisionReport, case, decision_report, decisions_of
from lending.selectors.disputes import DisputeScores, dispute_scores
from lending.selectors.lookups import (
    banks_open_to,
    stored_decision,
    visible_decision,
    visible_score_run,
)
from lending.selectors.owner import OwnerHome, owner_home
from lending.selectors.products import (
    ProductView,
    VersionView,
    product_named,
    products_offered,
    terms_to_start_from,
    versions_kept,
)
from lending.selectors.score_views import ScoreView, limits_report, score_view
from lending.selectors.verdicts import VerdictReport, read_verdict

__all__ = [
    "Case",
    "DecisionReport",
    "DisputeScores",
    "OwnerHome",
    "ProductView",
    "Queue",
    "QueueRow",
    "ScoreView",
    "VerdictReport",
    "VersionView",
    "banks_open_to",
    "case",
    "decision_report",
    "decisions_of",
    "dispute_scores",
    "limits_report",
    "own_applications",
    "owner_home",
    "product_named",
    "products_offered",
    "queue",
    "read_verdict",
    "score_view",
    "stored_decision",
    "terms_to_start_from",
    "versions_kept",
    "visible_application",
    "visible_decision",
    "visible_score_run",
]
