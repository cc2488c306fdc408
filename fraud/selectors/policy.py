"""The fraud section of the policy in force."""

from dataclasses import dataclass
from datetime import datetime

from accounts import selectors as accounts
from accounts.models import Business, PolicySection, PolicyVersion
from fraud.engine.policy import FraudPolicy


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
