"""What is lent, who asked for it, and what was decided."""

from lending.models.applications import STEPS, ApplicationState, LoanApplication, Step
from lending.models.decisions import Assessment, Decision, DecisionOutcome
from lending.models.products import LoanProduct, ProductVersion, VersionStatus

__all__ = [
    "STEPS",
    "ApplicationState",
    "Assessment",
    "Decision",
    "DecisionOutcome",
    "LoanApplication",
    "LoanProduct",
    "ProductVersion",
    "Step",
    "VersionStatus",
]
