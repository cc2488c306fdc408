"""Every typology by name: one small file each; a new one is one file and one line here."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from fraud.engine.policy import FraudPolicy
from fraud.engine.typologies.bills_without_invoices import bills_without_invoices
from fraud.engine.typologies.circle_through_outsiders import circle_through_outsiders
from fraud.engine.typologies.costly_distance import costly_distance
from fraud.engine.typologies.dormant_reactivation import dormant_reactivation
from fraud.engine.typologies.fan_in_fan_out import fan_in_fan_out
from fraud.engine.typologies.findings import Finding, Frames, Typology
from fraud.engine.typologies.ghost_entity import ghost_entity
from fraud.engine.typologies.goods_circle import goods_circle
from fraud.engine.typologies.high_risk_geography import high_risk_geography
from fraud.engine.typologies.hsn_repurposing import hsn_repurposing
from fraud.engine.typologies.implausible_distance import implausible_distance
from fraud.engine.typologies.implausible_vehicle import implausible_vehicle
from fraud.engine.typologies.impossible_bursts import impossible_bursts
from fraud.engine.typologies.impossible_transport import impossible_transport
from fraud.engine.typologies.layering_chain import layering_chain
from fraud.engine.typologies.loan_stacking import loan_stacking
from fraud.engine.typologies.mule_beneficiary import mule_beneficiary
from fraud.engine.typologies.mule_hub import mule_hub
from fraud.engine.typologies.new_counterparty_burst import new_counterparty_burst
from fraud.engine.typologies.rapid_in_out import rapid_in_out
from fraud.engine.typologies.receipts_gap import receipts_gap
from fraud.engine.typologies.robotic_cadence import robotic_cadence
from fraud.engine.typologies.round_sums import round_sums
from fraud.engine.typologies.round_tripped_repayment import round_tripped_repayment
from fraud.engine.typologies.shared_address import shared_address
from fraud.engine.typologies.shell_profile import shell_profile
from fraud.engine.typologies.smurfing import smurfing
from fraud.engine.typologies.split_invoices import split_invoices
from fraud.engine.typologies.structuring import structuring
from fraud.engine.typologies.turnover_burst import turnover_burst
from fraud.engine.typologies.unusual_transport import unusual_transport
from fraud.engine.typologies.zero_logistics_lag import zero_logistics_lag

TYPOLOGIES: Mapping[str, Typology] = {
    "bills_without_invoices": bills_without_invoices,
    "circle_through_outsiders": circle_through_outsiders,
    "costly_distance": costly_distance,
    "dormant_reactivation": dormant_reactivation,
    "fan_in_fan_out": fan_in_fan_out,
    "ghost_entity": ghost_entity,
    "goods_circle": goods_circle,
    "high_risk_geography": high_risk_geography,
    "hsn_repurposing": hsn_repurposing,
    "implausible_distance": implausible_distance,
    "implausible_vehicle": implausible_vehicle,
    "impossible_bursts": impossible_bursts,
    "impossible_transport": impossible_transport,
    "layering_chain": layering_chain,
    "loan_stacking": loan_stacking,
    "mule_beneficiary": mule_beneficiary,
    "mule_hub": mule_hub,
    "new_counterparty_burst": new_counterparty_burst,
    "rapid_in_out": rapid_in_out,
    "receipts_gap": receipts_gap,
    "robotic_cadence": robotic_cadence,
    "round_sums": round_sums,
    "round_tripped_repayment": round_tripped_repayment,
    "shared_address": shared_address,
    "shell_profile": shell_profile,
    "smurfing": smurfing,
    "split_invoices": split_invoices,
    "structuring": structuring,
    "turnover_burst": turnover_burst,
    "unusual_transport": unusual_transport,
    "zero_logistics_lag": zero_logistics_lag,
}


def what_it_sees(name: str) -> str:
    """The first sentence of the typology's file; empty for a name that is none.

    >>> what_it_sees("mule_hub").partition(":")[0], what_it_sees("?")
    ('Mule hub', '')
    """
    typology = TYPOLOGIES.get(name)
    text = sys.modules[typology.__module__].__doc__ if typology else None
    return (text or "").strip()


def find_all(frames: Frames, as_of: int, policy: FraudPolicy) -> list[Finding]:
    """What every typology sees in the frames at a moment (microseconds), by business and name."""
    found = [finding for typology in TYPOLOGIES.values() for finding in typology(frames, as_of, policy)]
    return sorted(found, key=lambda finding: (finding.business, finding.typology))
