"""What wallets does when a business shuts the platform out."""

from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.models import User
from accounts.selectors import live_consent, platform
from creditiq.kernel.events import publish
from wallets.events import SourceMoved, UploadCancelled, UploadRefused
from wallets.models import ConnectionState, Rejection, SourceConnection, Upload, UploadState
from wallets.models.connecting import OPEN
from wallets.selectors.connecting import FORMATS, NO_CONSENT
from wallets.services.connecting import close

RULE = "upload.consent"


def forget(*, business_id: int, at: datetime) -> int:
    """Refuse the files that wait to be read and are no longer covered by a live consent. Returns how many.

    Connections to sources of which nothing is covered any more are ended, with their keys. Records that were read
    before stay where they are; every reader of evidence needs a live consent.
    """
    consent = live_consent(business_id=business_id, organisation_id=platform().pk, at=at)
    kinds = consent.kinds if consent else []
    with transaction.atomic(durable=True):
        waiting = Upload.objects.select_for_update().filter(business=business_id, state=UploadState.RECEIVED)
        refused = list(waiting.exclude(kind__in=kinds).order_by("pk"))
        for upload in refused:
            refuse_unread(upload, at)
        _end_connections(business_id, set(kinds), at)
    return len(refused)


def _end_connections(business_id: int, kinds: set[str], at: datetime) -> None:
    """Inside the caller's transaction."""
    for connection in SourceConnection.objects.select_for_update().filter(business=business_id, state__in=OPEN):
        if not kinds & set(FORMATS[connection.source].values()):
            close(connection, ConnectionState.ENDED, NO_CONSENT)
            audit.record("source.ended", target=connection, at=at, outcome=NO_CONSENT)
            publish(SourceMoved(connection_id=connection.pk, business_id=business_id))


def take_back(upload: Upload, *, by: User | None, at: datetime) -> None:
    """Close a file that was taken back before it was stored; inside the caller's transaction."""
    upload.state = UploadState.CANCELLED
    upload.save(update_fields=["state"])
    audit.record("evidence.cancelled", target=upload, at=at, by=by)
    publish(UploadCancelled(upload_id=upload.pk, business_id=upload.business_id))


def refuse_unread(upload: Upload, at: datetime) -> None:
    """Close a file that may not be read any more, and say why; inside the caller's transaction."""
    upload.state = UploadState.REFUSED
    upload.save(update_fields=["state"])
    message = "The consent for this kind of evidence ended before the file was read. Nothing of it was stored."
    Rejection.objects.create(upload=upload, line=1, field="", rule=RULE, message=message)
    audit.record("evidence.refused", target=upload, at=at, outcome="no_consent")
    publish(UploadRefused(upload_id=upload.pk, business_id=upload.business_id))
