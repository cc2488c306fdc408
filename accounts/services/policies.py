"""Policy versions: written by one person, approved by another, live from a date."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from accounts import audit
from accounts.models import PolicyStatus, PolicyVersion, User
from creditiq.kernel import locks
from creditiq.kernel.errors import ApplicationError, NotVisible
from creditiq.kernel.hashing import digest


class UnableToPublish(ApplicationError):
    """The policy cannot go live as asked."""

    code = "unable_to_publish"


def publish_policy(
    *, section: str, document: Mapping[str, object], author: User, approver: User, at: datetime
) -> PolicyVersion:
    """Write a version of a section and put it in force in one act, as a new house is set up; drafts go the long way.

    Raises UnableToPublish when maker and checker are one person or a later version is live already.
    """
    with transaction.atomic(durable=True):
        if author.pk == approver.pk:
            raise UnableToPublish("A policy is approved by somebody else than its author.")
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


def draft_policy(*, section: str, document: Mapping[str, object], author: User, at: datetime) -> PolicyVersion:
    """Write the next version of a section down as a draft; whoever reads the section has checked the document."""
    with transaction.atomic(durable=True):
        locks.hold(f"accounts.policy.{section}", 0)
        last = PolicyVersion.objects.filter(section=section).aggregate(last=Max("version"))["last"] or 0
        draft = PolicyVersion.objects.create(section=section, version=last + 1, document=dict(document), author=author)
        payload = {"version": draft.version, "document": digest(dict(document))}
        audit.record("policy.drafted", target=f"policy:{section}", at=at, by=author, payload=payload)
    return draft


def publish_draft(*, section: str, version: int, approver: User, live_from: datetime, at: datetime) -> PolicyVersion:
    """Put a draft in force from `live_from`, now or later, and retire the version before it then.

    Raises NotVisible, UnableToPublish when maker and checker are one person, the moment is past or a later version
    is published already.
    """
    with transaction.atomic(durable=True):
        locks.hold(f"accounts.policy.{section}", 0)
        draft = _draft(section, version)
        if draft.author_id == approver.pk:
            raise UnableToPublish("A policy is approved by somebody else than its author.")
        if live_from < at:
            raise UnableToPublish("A policy goes live now or later, never in the past.")
        live = PolicyVersion.objects.filter(section=section, status=PolicyStatus.LIVE).first()
        if live is not None:
            _retire(live, live_from)
        draft.status, draft.live_from, draft.approver = PolicyStatus.LIVE, live_from, approver
        draft.save(update_fields=["status", "live_from", "approver"])
        payload = {"version": version, "author": draft.author.uuid, "live_from": live_from.isoformat()}
        audit.record("policy.published", target=f"policy:{section}", at=at, by=approver, payload=payload)
    return draft


def discard_policy(*, section: str, version: int, by: User, at: datetime) -> None:
    """Throw a draft away. Raises NotVisible."""
    with transaction.atomic(durable=True):
        locks.hold(f"accounts.policy.{section}", 0)
        _draft(section, version).delete()
        audit.record("policy.discarded", target=f"policy:{section}", at=at, by=by, payload={"version": version})


def _draft(section: str, version: int) -> PolicyVersion:
    drafts = PolicyVersion.objects.select_related("author").filter(status=PolicyStatus.DRAFT)
    found = drafts.filter(section=section, version=version).first()
    if found is None:
        raise NotVisible
    return found


def _retire(live: PolicyVersion, at: datetime) -> None:
    if live.live_from is None or live.live_from > at:
        raise UnableToPublish("A version that goes live later is published already.")
    live.status, live.retired_at = PolicyStatus.RETIRED, at
    live.save(update_fields=["status", "retired_at"])
