"""Papers of an application: taken as they are, known by their digest, verified by another person."""

import hashlib
from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts import audit
from accounts.models import User
from accounts.permissions import Capability, require
from creditiq.kernel.errors import InvalidInput, NotVisible
from lending.engine.papers import UnsafePaper, media_type_of
from lending.models import ApplicationDocument, DocumentKind
from lending.models.applications import OPEN_STATES, ApplicationState
from lending.selectors.applications import visible_application
from lending.services.moving import UnableToProceed

MOST_PAPERS = 20


def attach_paper(
    *, application_id: UUID, kind: str, name: str, content: bytes, by: User, at: datetime
) -> ApplicationDocument:
    """Keep a paper with an application that is still open. The same file twice is one paper.

    Raises NotVisible, InvalidInput for a file that is not safe to keep, UnableToProceed once it is decided.
    """
    application = visible_application(user=by, application_id=application_id, at=at)
    require(by, Capability.APPLY, application)
    if application.state not in (ApplicationState.DRAFT, *OPEN_STATES):
        raise UnableToProceed("Papers can be added until the application is decided.", code="decided")
    if kind not in DocumentKind.values:
        raise InvalidInput("Say what kind of paper this is.", field="kind", rule="paper.kind")
    try:
        media_type = media_type_of(content)
    except UnsafePaper as unsafe:
        raise InvalidInput(str(unsafe), field="file", rule="paper.unsafe") from unsafe
    sha256 = hashlib.sha256(content).hexdigest()
    with transaction.atomic(durable=True):
        if application.documents.count() >= MOST_PAPERS:
            raise InvalidInput(f"An application holds up to {MOST_PAPERS} papers.", field="file", rule="paper.count")
        paper, fresh = ApplicationDocument.objects.get_or_create(
            application=application, sha256=sha256,
            defaults={
                "kind": kind, "name": name.strip()[:120] or "paper", "media_type": media_type, "size": len(content),
                "content": content, "at": at, "by": by,
            },
        )  # fmt: skip
        if fresh:
            audit.record(
                "application.paper_added", target=application, at=at, by=by, organisation=application.organisation,
                payload={"kind": kind, "sha256": sha256, "size": len(content)},
            )  # fmt: skip
    return paper


def verify_paper(*, paper_id: UUID, by: User, at: datetime) -> ApplicationDocument:
    """Say that a paper was held against its original. Raises NotVisible."""
    found = ApplicationDocument.objects.defer("content").select_related("application").filter(uuid=paper_id).first()
    if found is None:
        raise NotVisible
    application = visible_application(user=by, application_id=found.application.uuid, at=at)
    require(by, Capability.RECOMMEND, application)
    with transaction.atomic(durable=True):
        locked = ApplicationDocument.objects.defer("content").select_for_update(of=("self",)).get(pk=found.pk)
        if locked.verified_at is None:
            locked.verified_at, locked.verified_by = at, by
            locked.save(update_fields=["verified_at", "verified_by"])
            audit.record(
                "application.paper_verified", target=application, at=at, by=by,
                organisation=application.organisation, payload={"sha256": locked.sha256},
            )  # fmt: skip
    return locked
