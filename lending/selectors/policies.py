"""The lending policy in force at a moment."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import PolicySection, PolicyVersion
from creditiq.kernel.hashing import digest
from lending.engine.policy import DEFAULT_DOCUMENT, LendingPolicy


@dataclass(frozen=True)
class PolicyInForce:
    """A policy with its row; `row` is None while nobody has published a version and the built-in one applies."""

    row: PolicyVersion | None
    policy: LendingPolicy
    digest: str

    @property
    def version(self) -> int:
        """Number of the version, 0 for the built-in one."""
        return self.row.version if self.row else 0


def policy_at(at: datetime) -> PolicyInForce:
    """What the house lends by at `at`."""
    versions = PolicyVersion.objects.filter(section=PolicySection.LENDING).in_force_at(at)
    return policy_of(versions.order_by("-live_from", "-version").first())


def policy_of(row: PolicyVersion | None) -> PolicyInForce:
    """The frozen values of a stored version, or of the built-in one."""
    document: dict[str, object] = row.document if row else DEFAULT_DOCUMENT
    return PolicyInForce(row=row, policy=LendingPolicy.from_document(document), digest=digest(document))
