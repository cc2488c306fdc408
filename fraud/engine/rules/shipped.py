"""The rules the product comes with: the list of compliance.md §8, as data to review and put in force."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from fraud.engine.policy import SEVERITIES

Line = tuple[str, float]
JUST_UNDER = 0.01


class ShippedRule(NamedTuple):
    """Matches when any of the facts reaches its line; `lines` are (fact, least value)."""

    slug: str
    title: str
    severity: str
    lines: tuple[Line, ...]

    @property
    def alerts(self) -> bool:
        """Whether its hits raise alerts; those of the lowest severity are noted only.

        >>> [rule.slug for rule in SHIPPED if not rule.alerts][:2]
        ['odd-transport', 'round-sums']
        """
        return self.severity != SEVERITIES[0]

    @property
    def expression(self) -> Mapping[str, object]:
        """The typed tree.

        >>> SHIPPED[0].expression
        {'compare': '>=', 'left': {'fact': 'typology.structuring'}, 'right': {'value': 0.5}}
        """
        compared = [{"compare": ">=", "left": {"fact": fact}, "right": {"value": least}} for fact, least in self.lines]
        return compared[0] if len(compared) == 1 else {"any": compared}

    @property
    def cases(self) -> list[dict[str, object]]:
        """Each line reached alone, and all of them just missed."""
        nothing = {fact: 0.0 for fact, _ in self.lines}
        reached = [
            {"name": f"{fact} at {least}", "facts": nothing | {fact: least}, "expected": True}
            for fact, least in self.lines
        ]
        missed = {fact: least - JUST_UNDER for fact, least in self.lines}
        return [*reached, {"name": "all just missed", "facts": missed, "expected": False}]


def seen(*typologies: str, least: float = 0.5) -> tuple[Line, ...]:
    """The lines of typologies at one strength: 0.5 is medium, 0.8 high."""
    return tuple((f"typology.{name}", least) for name in typologies)


SHIPPED = (
    ShippedRule("structuring-below-a-limit", "Structuring below a limit", "high", seen("structuring")),
    ShippedRule("split-invoices", "Invoices split below a limit", "medium", seen("split_invoices")),
    ShippedRule("smurfing", "Smurfing: many payers", "high", seen("smurfing")),
    ShippedRule("fan-in-fan-out", "Fan-in and fan-out", "high", seen("fan_in_fan_out")),
    ShippedRule("rapid-in-out", "Rapid in and out within 48 hours", "high", seen("rapid_in_out", least=0.8)),
    ShippedRule("layering", "Layering chains", "high", seen("layering_chain")),
    ShippedRule(
        "circular-trading", "Circular trading", "high",
        (("fraud_ring_flag", 1.0), *seen("goods_circle", "circle_through_outsiders")),
    ),
    ShippedRule("invoices-not-received", "Invoices against receipts", "medium", seen("receipts_gap")),
    ShippedRule(
        "bills-that-cannot-be", "E-way bills without GST, or that cannot be", "medium",
        seen(
            "ghost_entity", "bills_without_invoices", "implausible_distance", "impossible_transport",
            "zero_logistics_lag", "implausible_vehicle",
        ),
    ),
    ShippedRule(
        "odd-transport", "Transport that is unusual or does not pay", "low",
        seen("costly_distance", "unusual_transport"),
    ),
    ShippedRule("dormant-reactivation", "Dormant reactivation", "medium", seen("dormant_reactivation")),
    ShippedRule("round-sums", "Density of round sums", "low", seen("round_sums")),
    ShippedRule("shell-profile", "Shell profile: no payroll, no utilities", "low", seen("shell_profile")),
    ShippedRule("mules", "Mule beneficiary or hub", "high", seen("mule_beneficiary", "mule_hub")),
    ShippedRule("new-counterparties", "Burst of new counterparties", "low", seen("new_counterparty_burst")),
    ShippedRule("high-risk-geography", "High-risk geography", "low", seen("high_risk_geography")),
    ShippedRule(
        "stacked-loans", "Loan stacking and round-tripped repayment", "high",
        seen("loan_stacking", "round_tripped_repayment"),
    ),
    ShippedRule("shared-address", "One address of several borrowers", "medium", seen("shared_address")),
    ShippedRule("turnover-jump", "Turnover jump before an application", "medium", seen("turnover_burst")),
    ShippedRule(
        "machine-cadence", "Payments no person makes", "medium", seen("robotic_cadence", "impossible_bursts"),
    ),
    ShippedRule("other-goods", "Goods of another trade", "medium", seen("hsn_repurposing", least=0.8)),
)  # fmt: skip
