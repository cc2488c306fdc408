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
from lending.selectors.exposures import LimitView, banks_with_limits, limits_of
from lending.selectors.intentions import intention_of
from lending.selectors.letters import LetterView, letter_view
from lending.selectors.lists import (
    APPLICATIONS,
    APPROVALS,
    BOOK,
    COLLECTIONS,
    DECISIONS,
    LOANS,
    RETURNS,
    REVIEWS,
)
from lending.selectors.loan_acts import visible_loan
from lending.selectors.loans import (
    LoanList,
    LoanView,
    collection_queue,
    loan_list,
    loan_view,
    own_loans,
    statement,
)
from lending.selectors.lookups import (
    banks_open_to,
    stored_decision,
    visible_decision,
    visible_score_run,
)
from lending.selectors.owner import OwnerHome, owner_home
from lending.selectors.policy_versions import document_to_edit, policy_sections, policy_version
from lending.selectors.portfolio import Portfolio, portfolio
from lending.selectors.previews import ReceiptPreview, payoff_quote, receipt_preview
from lending.selectors.products import (
    ProductView,
    VersionView,
    product_named,
    products_offered,
    terms_to_start_from,
    versions_kept,
)
from lending.selectors.quotes import LoanQuote, prepay_quote, rate_quote
from lending.selectors.returns import returns_made, tables_of, visible_return
from lending.selectors.score_views import ScoreView, limits_report, score_view
from lending.selectors.seals import SealView, seal_file, seal_view
from lending.selectors.verdicts import VerdictReport, read_verdict
from lending.selectors.worth import Worth, worth_of

__all__ = [
    "APPLICATIONS",
    "APPROVALS",
    "BOOK",
    "COLLECTIONS",
    "DECISIONS",
    "LOANS",
    "RETURNS",
    "REVIEWS",
    "Case",
    "DecisionReport",
    "DisputeScores",
    "LetterView",
    "LimitView",
    "LoanList",
    "LoanQuote",
    "LoanView",
    "OwnerHome",
    "Portfolio",
    "ProductView",
    "Queue",
    "QueueRow",
    "ReceiptPreview",
    "ScoreView",
    "SealView",
    "VerdictReport",
    "VersionView",
    "Worth",
    "banks_open_to",
    "banks_with_limits",
    "case",
    "collection_queue",
    "decision_report",
    "decisions_of",
    "dispute_scores",
    "document_to_edit",
    "intention_of",
    "letter_view",
    "limits_of",
    "limits_report",
    "loan_list",
    "loan_view",
    "own_applications",
    "own_loans",
    "owner_home",
    "payoff_quote",
    "policy_sections",
    "policy_version",
    "portfolio",
    "prepay_quote",
    "product_named",
    "products_offered",
    "queue",
    "rate_quote",
    "read_verdict",
    "receipt_preview",
    "returns_made",
    "score_view",
    "seal_file",
    "seal_view",
    "statement",
    "stored_decision",
    "tables_of",
    "terms_to_start_from",
    "versions_kept",
    "visible_application",
    "visible_decision",
    "visible_loan",
    "visible_return",
    "visible_score_run",
    "worth_of",
]
