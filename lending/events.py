"""News from lending. `creditiq/wiring.py` says who hears it."""

from dataclasses import dataclass

from creditiq.kernel.events import Event


@dataclass(frozen=True)
class DecisionMade(Event):
    """A person recommended, sanctioned or declined an application."""

    decision_id: int
    business_id: int
