"""Everything lending does: open applications, decide them, keep the verdict current, replay what was decided."""

from lending.services.applications import Asked, UnableToApply, open_application
from lending.services.assessing import redecide_open_applications
from lending.services.backtesting import backtest_rule
from lending.services.closing import EodReport, run_eod
from lending.services.collecting import Said, answer_grievance, complain, may_contact, record_contact
from lending.services.deciding import UnableToDecide, decide
from lending.services.forgetting import forget
from lending.services.loans import Agreed, Payout, UnableToDisburse, disburse
from lending.services.looking import open_case
from lending.services.policies import (
    Simulation,
    discard_version,
    publish_version,
    simulate_policy,
    write_policy,
)
from lending.services.product_versions import (
    UnableToChangeProduct,
    approve_product,
    discard_draft,
    draft_product,
)
from lending.services.products import offer_products
from lending.services.proposals import Wish, answer_proposal, cancel_proposal, propose
from lending.services.proving import Proof, prove_books
from lending.services.replaying import Difference, Replay, Subject, replay, replay_as_of, replay_decision, replay_score
from lending.services.sealing import bring_co_signature, offer_co_signature, seal_agreement, seal_agreements
from lending.services.servicing import Paid, UnableToServe, record_receipt

__all__ = [
    "Agreed",
    "Asked",
    "Difference",
    "EodReport",
    "Paid",
    "Payout",
    "Proof",
    "Replay",
    "Said",
    "Simulation",
    "Subject",
    "UnableToApply",
    "UnableToChangeProduct",
    "UnableToDecide",
    "UnableToDisburse",
    "UnableToServe",
    "Wish",
    "answer_grievance",
    "answer_proposal",
    "approve_product",
    "backtest_rule",
    "bring_co_signature",
    "cancel_proposal",
    "complain",
    "decide",
    "disburse",
    "discard_draft",
    "discard_version",
    "draft_product",
    "forget",
    "may_contact",
    "offer_co_signature",
    "offer_products",
    "open_application",
    "open_case",
    "propose",
    "prove_books",
    "publish_version",
    "record_contact",
    "record_receipt",
    "redecide_open_applications",
    "replay",
    "replay_as_of",
    "replay_decision",
    "replay_score",
    "run_eod",
    "seal_agreement",
    "seal_agreements",
    "simulate_policy",
    "write_policy",
]
