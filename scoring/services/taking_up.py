"""A scoring policy that went live is taken up: everybody is scored under it, once, as of the moment it began."""

from datetime import datetime

from django.db import transaction

from accounts.models import AuditEntry, PolicySection, PolicyVersion
from creditiq.kernel.clock import micros
from creditiq.kernel.events import publish
from scoring.events import PolicyTakenUp
from scoring.models import ScoreRun
from scoring.services.cards import NoChampion
from scoring.services.dossiers import policy_at, policy_of
from scoring.services.population import score_population


def take_up_policy(*, at: datetime) -> int:
    """Score everybody under the policy in force when it reads scores otherwise than the one before it.

    Asked again it changes nothing; broken off it goes on where it stopped. Returns how many runs are new.
    """
    policy = policy_at(at)
    if policy is None or policy.live_from is None or not ScoreRun.objects.exists():
        return 0
    if _is_taken_up(policy.live_from) or policy_of(policy) == policy_of(_before(policy)):
        return 0
    try:
        new = score_population(as_of=policy.live_from)
    except NoChampion:
        return 0
    with transaction.atomic(durable=True):
        publish(PolicyTakenUp(policy_id=policy.pk))
    return new


def _is_taken_up(moment: datetime) -> bool:
    return AuditEntry.objects.filter(action="score.population", target=f"as_of:{micros(moment)}").exists()


def _before(policy: PolicyVersion) -> PolicyVersion | None:
    """The version that held until this one went live; None when the defaults did."""
    earlier = PolicyVersion.objects.filter(section=PolicySection.SCORING, live_from__lt=policy.live_from)
    return earlier.order_by("-live_from", "-version").first()
