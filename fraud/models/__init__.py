"""What the network said, what was found in it, and what people made of it."""

from fraud.models.alerts import Alert, AlertQuerySet, AlertState
from fraud.models.findings import Finding, FindingQuerySet, Severity
from fraud.models.rings import Cycle, CycleQuerySet, Ring, RingMember, RingQuerySet
from fraud.models.rules import Backtest, Rule, RuleHit, RuleState, RuleVersion
from fraud.models.screenings import PopulationScreening, Screening, ScreeningQuerySet

__all__ = [
    "Alert",
    "AlertQuerySet",
    "AlertState",
    "Backtest",
    "Cycle",
    "CycleQuerySet",
    "Finding",
    "FindingQuerySet",
    "PopulationScreening",
    "Ring",
    "RingMember",
    "RingQuerySet",
    "Rule",
    "RuleHit",
    "RuleState",
    "RuleVersion",
    "Screening",
    "ScreeningQuerySet",
    "Severity",
]
