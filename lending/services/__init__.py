"""Everything lending does: open applications, decide them, keep the verdict current, replay what was decided."""

from lending.services.applications import Asked, UnableToApply, open_application, take_counter
from lending.services.assessing import redecide_open_applications
from lending.services.backtesting import backtest_rule
from lending.services.claim_packs import claim_pack
from lending.services.closing import EodReport, run_eod
from lending.services.collecting import Said, answer_grievance, complain, may_contact, record_contact
from lending.services.deciding import Given, UnableToDecide, counter, decide
from lending.services.escalating import escalate_late
from lending.services.forgetting import forget
from lending.services.intending import intend_payment
from lending.services.letters import acknowledge_letter, deliver_letter, letter_pdf, open_letter, write_letter
from lending.services.limits import Cap, ask_exposure_limit, set_approved_limit
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
from lending.services.proposals import Wish, answer_proposal, cancel_proposal, expire_proposals, propose
from lending.services.proving import Proof, prove_books
from lending.services.replaying import Difference, Replay, Subject, replay, replay_as_of, replay_decision, replay_score
from lending.services.returns import (
    freeze_all,
    freeze_collection_queues,
    freeze_return,
    make_return,
    return_csv,
    return_pdf,
)
from lending.services.sandbox import reset_sandbox_as_job
from lending.services.sealing import bring_co_signature, offer_co_signature, seal_agreement, seal_agreements
from lending.services.securing import Asset, charge_asset, register_charge, state_stock, value_asset
from lending.services.servicing import Paid, UnableToServe, record_receipt
from lending.services.simulation_papers import simulation_csv, simulation_paper, simulation_pdf
from lending.services.telling import tell_of_statements

__all__ = [
    "Agreed",
    "Asked",
    "Asset",
    "Cap",
    "Difference",
    "EodReport",
    "Given",
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
    "acknowledge_letter",
    "answer_grievance",
    "answer_proposal",
    "approve_product",
    "ask_exposure_limit",
    "backtest_rule",
    "bring_co_signature",
    "cancel_proposal",
    "charge_asset",
    "claim_pack",
    "complain",
    "counter",
    "decide",
    "deliver_letter",
    "disburse",
    "discard_draft",
    "discard_version",
    "draft_product",
    "escalate_late",
    "expire_proposals",
    "forget",
    "freeze_all",
    "freeze_collection_queues",
    "freeze_return",
    "intend_payment",
    "letter_pdf",
    "make_return",
    "may_contact",
    "offer_co_signature",
    "offer_products",
    "open_application",
    "open_case",
    "open_letter",
    "propose",
    "prove_books",
    "publish_version",
    "record_contact",
    "record_receipt",
    "redecide_open_applications",
    "register_charge",
    "replay",
    "replay_as_of",
    "replay_decision",
    "replay_score",
    "reset_sandbox_as_job",
    "return_csv",
    "return_pdf",
    "run_eod",
    "seal_agreement",
    "seal_agreements",
    "set_approved_limit",
    "simulate_policy",
    "simulation_csv",
    "simulation_paper",
    "simulation_pdf",
    "state_stock",
    "take_counter",
    "tell_of_statements",
    "value_asset",
    "write_letter",
    "write_policy",
]
