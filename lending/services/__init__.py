"""Everything lending does: open applications, decide them, keep the verdict current, replay what was decided."""

from lending.services.applications import Asked, UnableToApply, open_application
from lending.services.assessing import redecide_open_applications
from lending.services.backtesting import backtest_rule
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
from lending.services.replaying import Difference, Replay, Subject, replay, replay_as_of, replay_decision, replay_score

__all__ = [
    "Agreed",
    "Asked",
    "Difference",
    "Payout",
    "Replay",
    "Simulation",
    "Subject",
    "UnableToApply",
    "UnableToChangeProduct",
    "UnableToDecide",
    "UnableToDisburse",
    "approve_product",
    "backtest_rule",
    "decide",
    "disburse",
    "discard_draft",
    "discard_version",
    "draft_product",
    "forget",
    "offer_products",
    "open_application",
    "open_case",
    "publish_version",
    "redecide_open_applications",
    "replay",
    "replay_as_of",
    "replay_decision",
    "replay_score",
    "simulate_policy",
    "write_policy",
]
