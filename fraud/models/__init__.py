"""What the network said, what was found in it, and what people made of it."""

from fraud.models.alerts import Alert, AlertQuerySet, AlertState
from fraud.models.cases import (
    Case,
    CaseAct,
    CaseEvent,
    CaseLink,
    CaseOutcome,
    CaseQuerySet,
    CaseState,
    Snooze,
    SnoozeQuerySet,
)
from fraud.models.disputes import (
    UNRESOLVED,
    Dispute,
    DisputeFile,
    DisputeMessage,
    DisputeQuerySet,
    DisputeState,
    DisputeSubject,
)
from fraud.models.findings import Finding, FindingQuerySet, Severity
from fraud.models.reports import (
    MonitoringQuerySet,
    MonitoringReport,
    StrEdit,
    StrQuerySet,
    StrReport,
    StrState,
)
from fraud.models.rings import Cycle, CycleQuerySet, Ring, RingMember, RingQuerySet
from fraud.models.rules import Backtest, Rule, RuleHit, RuleState, RuleVersion
from fraud.models.screenings import PopulationScreening, Screening, ScreeningQuerySet

__all__ = [
    "UNRESOLVED",
    "Alert",
    "AlertQuerySet",
    "AlertState",
    "Backtest",
    "Case",
    "CaseAct",
    "CaseEvent",
    "CaseLink",
    "CaseOutcome",
    "CaseQuerySet",
    "CaseState",
    "Cycle",
    "CycleQuerySet",
    "Dispute",
    "DisputeFile",
    "DisputeMessage",
    "DisputeQuerySet",
    "DisputeState",
    "DisputeSubject",
    "Finding",
    "FindingQuerySet",
    "MonitoringQuerySet",
    "MonitoringReport",
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
    "Snooze",
    "SnoozeQuerySet",
    "StrEdit",
    "StrQuerySet",
    "StrReport",
    "StrState",
]
