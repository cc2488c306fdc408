"""News from accounts. `creditiq/wiring.py` says who hears it."""

from dataclasses import dataclass

from creditiq.kernel.events import Event


@dataclass(frozen=True)
class ConsentWithdrawn(Event):
    """A business took a consent back: whoever reads its evidence must forget it."""

    consent_id: int
    business_id: int
