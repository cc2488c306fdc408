"""Policy versions: written by one person, approved by another, live from a date."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from accounts import audit
from accounts.models import PolicyStatus, PolicyVersion, User
from creditiq.kernel import locks
from creditiq.kernel.errors import ApplicationError
from creditiq.kernel.hashing import digest


class UnableToPublish(ApplicationError):
    """The policy cannot go live as asked."""

    code = "unable_to_publish"


def publish_policy(
    *, section: str, document: Mapping[str, object], author: User, approver: User, at: datetime
) -> PolicyVersion:
    """Put a new version of a section in force from `at` and retire the one before it.

    Raises UnableToPublish when maker and checker are one person or a later version is live already.
    """
    if author.pk == approver.pk:
        raise UnableToPublish("A policy is approved by somebody else than its author.")
    with transaction.atomic(durable=True):
        locks.hold(f"accounts.policy.{section}", 0)
        versions = PolicyVersion.objects.filter(section=section)
        live = versions.filter(status=PolicyStatus.LIVE).first()
        if live is not None:
            _retire(live, at)
        last = versions.aggregate(last=Max("version"))["last"] or 0
        policy = PolicyVersion.objects.create(
            section=section,
            version=last + 1,
            status=PolicyStatus.LIVE,
            document=dict(document),
            live_from=at,
            author=author,
            approver=approver,
        )
        payload = {"version": policy.version, "author": author.uuid, "document": digest(dict(document))}
        audit.record("policy.published", target=f"policy:{section}", at=at, by=approver, payload=payload)
    return policy


def _retire(live: PolicyVersion, at: datetime) -> None:
    if live.live_from is None or live.live_from > at:
        raise UnableToPublish("A version that goes live later is published already.")
    live.status, live.retired_at = PolicyStatus.RETIRED, at
    live.save(update_fields=["status", "retired_at"])
