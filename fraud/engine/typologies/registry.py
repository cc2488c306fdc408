"""Every typology by name: one small file each; a new one is one file and one line here."""

from __future__ import annotations

from collections.abc import Mapping

from fraud.engine.policy import FraudPolicy
from fraud.engine.typologies.dormant_reactivation import dormant_reactivation
from fraud.engine.typologies.findings import Finding, Frames, Typology
from fraud.engine.typologies.ghost_entity import ghost_entity
from fraud.engine.typologies.hsn_repurposing import hsn_repurposing
from fraud.engine.typologies.impossible_transport import impossible_transport
from fraud.engine.typologies.mule_hub import mule_hub
from fraud.engine.typologies.new_counterparty_burst import new_counterparty_burst
from fraud.engine.typologies.robotic_cadence import robotic_cadence
from fraud.engine.typologies.round_sums import round_sums
from fraud.engine.typologies.shell_profile import shell_profile
from fraud.engine.typologies.split_invoices import split_invoices
from fraud.engine.typologies.structuring import structuring
from fraud.engine.typologies.turnover_burst import turnover_burst

TYPOLOGIES: Mapping[str, Typology] = {
    "dormant_reactivation": dormant_reactivation,
    "ghost_entity": ghost_entity,
    "hsn_repurposing": hsn_repurposing,
    "impossible_transport": impossible_transport,
    "mule_hub": mule_hub,
    "new_counterparty_burst": new_counterparty_burst,
    "robotic_cadence": robotic_cadence,
    "round_sums": round_sums,
    "shell_profile": shell_profile,
    "split_invoices": split_invoices,
    "structuring": structuring,
    "turnover_burst": turnover_burst,
}


def find_all(frames: Frames, as_of: int, policy: FraudPolicy) -> list[Finding]:
    """What every typology sees in the frames at a moment (microseconds), by business and name."""
    found = [finding for typology in TYPOLOGIES.values() for finding in typology(frames, as_of, policy)]
    return sorted(found, key=lambda finding: (finding.business, finding.typology))
