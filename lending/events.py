"""News from lending. `creditiq/wiring.py` says who hears it."""

from dataclasses import dataclass

from creditiq.kernel.events import Event


@dataclass(frozen=True)
class DecisionMade(Event):
    """A person recommended, sanctioned or declined an application."""

    decision_id: int
    business_id: int


@dataclass(frozen=True)
class ApplicationMoved(Event):
    """An application took a step on its way."""

    application_id: int
    business_id: int


@dataclass(frozen=True)
class LoanChanged(Event):
    """A person did something to a loan: it was paid out, paid on, changed or closed."""

    loan_id: int
    business_id: int


@dataclass(frozen=True)
class LoansClassified(Event):
    """The end of a day changed the asset class of loans of a business."""

    business_id: int
