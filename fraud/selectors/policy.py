"""The fraud section of the policy in force."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from accounts import selectors as accounts
from accounts.models import Business, PolicySection, PolicyVersion
from creditiq.kernel.errors import InvalidInput
from fraud.engine.policy import SEVERITIES, FraudPolicy
from fraud.engine.typologies.registry import TYPOLOGIES

GRADES = ("alert_severity", "hold_severity")
SHARES = ("suspect_confidence", "structuring_share", "exposure_decay", "false_discovery_rate")
MAY_BE_ZERO = ("null_seed", "least_recurrence", "structuring_z", *SHARES)


@dataclass(frozen=True)
class PolicyInForce:
    """The thresholds and the version they come from; no version means the built-in defaults."""

    policy: FraudPolicy
    version: PolicyVersion | None


def policy_at(at: datetime) -> PolicyInForce:
    """The fraud policy in force at `at`; before any was published, the defaults."""
    try:
        version = accounts.policy(PolicySection.FRAUD, at)
    except accounts.NoPolicy:
        return PolicyInForce(FraudPolicy(), None)
    return PolicyInForce(FraudPolicy.from_document(version.document), version)


def hub_keys(policy: FraudPolicy) -> frozenset[int]:
    """Businesses whose GSTIN the policy names as a hub; no query when it names none."""
    if not policy.hubs:
        return frozenset()
    return frozenset(Business.register.filter(gstin__in=policy.hubs).values_list("pk", flat=True))


def written_out(document: Mapping[str, object]) -> dict[str, object]:
    """A fraud document as it is read, defaults filled in; lists are lists. Raises InvalidInput naming the entry."""
    values = asdict(checked_policy(document))
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def checked_policy(document: Mapping[str, object]) -> FraudPolicy:
    """The document as thresholds. Raises InvalidInput naming the entry and what it may be."""
    known = asdict(FraudPolicy())
    for name, value in document.items():
        if name not in known:
            raise _wrong(name, "is no entry of this section")
        if wrong := _fault(name, value, known[name]):
            raise _wrong(name, wrong)
    return FraudPolicy.from_document(document)


def _fault(name: str, value: object, default: object) -> str:
    """What is wrong with one entry; empty when nothing is."""
    if name in GRADES:
        return "" if value in ("", *SEVERITIES) else f"is empty or one of {', '.join(SEVERITIES)}"
    if name == "hubs":
        named = isinstance(value, list | tuple) and all(isinstance(hub, str) and hub.strip() for hub in value)
        return "" if named else 'is a list of GSTINs and UPI addresses, such as ["gst@rbi"]'
    if name == "quiet_typologies":
        known = isinstance(value, list | tuple) and set(value) <= set(TYPOLOGIES)
        return "" if known else 'is a list of names of typologies, such as ["round_sums"]'
    if isinstance(default, tuple):
        pins = isinstance(value, list | tuple) and all(isinstance(pin, str) and pin.isdecimal() for pin in value)
        return "" if pins else 'is a list of beginnings of pin codes, such as ["7430"]'
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "is a number"
    if isinstance(default, int) and value != int(value):
        return "is a whole number"
    if name in SHARES and not 0 <= value <= 1:
        return "lies between 0 and 1"
    return "" if value > 0 or (value == 0 and name in MAY_BE_ZERO) else "is above 0"


def _wrong(name: str, why: str) -> InvalidInput:
    return InvalidInput(f"{name} {why}.", field=name, rule="policy.entry")
