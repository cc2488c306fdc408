"""Section `fraud` of the policy document, as the engine reads it.

Every number here is a default; a live `PolicyVersion` of the section replaces it (architecture.md §2).
Times are microseconds, money is paise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

HOUR = 3_600 * 1_000_000
DAY = 24 * HOUR
PAISE = 100
SEVERITIES = ("low", "medium", "high")
QUIET = (
    "costly_distance", "high_risk_geography", "new_counterparty_burst", "round_sums", "shell_profile",
    "unusual_transport",
)  # fmt: skip
"""A part load costs little however far it goes; a place, a new supplier and a round price are no guilt; a young or
small firm pays in cash what a statement does not show; goods of a neighbour come without a bill."""


@dataclass(frozen=True, slots=True)
class FraudPolicy:
    """Thresholds of the fraud section; `from_document` reads the published JSON.

    Findings of `alert_severity` and above raise an alert, those of `hold_severity` and above hold the business while
    it stands; empty: none does. Findings of `quiet_typologies` raise none however strong: honest firms show them too
    (`evaluate_fraud` measures it), so they are for information and for rules that ask for more.
    `high_risk_pincodes` are beginnings of pin codes. `hubs` are GSTINs and UPI addresses whose payments are left out
    of the search for circles, and the queue says so: payment aggregators, the tax authority.

    >>> FraudPolicy.from_document({"window_hours": 48}).window
    172800000000
    """

    window_hours: int = 72
    max_length: int = 6
    work_budget: int = 20_000_000
    list_limit: int = 2_000_000
    goods_days: int = 45
    slab_days: int = 30
    ring_days: int = 90
    velocity_days: int = 30
    trade_days: int = 90
    suspect_confidence: float = 0.5
    least_recurrence: float = 1.5
    exposure_decay: float = 0.5
    structuring_share: float = 0.30
    structuring_z: float = 3.0
    false_discovery_rate: float = 0.05
    null_shuffles: int = 199
    null_seed: int = 7
    alert_severity: str = "high"
    hold_severity: str = ""
    quiet_typologies: tuple[str, ...] = QUIET
    high_risk_pincodes: tuple[str, ...] = ()
    hubs: tuple[str, ...] = ()
    case_hours: int = 72
    dispute_days: int = 15

    @property
    def window(self) -> int:
        """Longest duration of one temporal cycle, microseconds."""
        return self.window_hours * HOUR

    @classmethod
    def from_document(cls, document: Mapping[str, object]) -> FraudPolicy:
        """The policy of a published section; keys that are not ours are refused with ValueError."""
        unknown = sorted(set(document) - {field.name for field in fields(cls)})
        if unknown:
            raise ValueError(f"unknown fraud policy keys: {', '.join(unknown)}")
        default = cls()
        return replace(default, **{name: type(getattr(default, name))(value) for name, value in document.items()})


def reaches(severity: str, least: str) -> bool:
    """Whether a severity is at least `least`; an empty `least` is reached by none.

    >>> reaches("high", "medium"), reaches("low", "medium"), reaches("high", "")
    (True, False, False)
    """
    return least in SEVERITIES and SEVERITIES.index(severity) >= SEVERITIES.index(least)
