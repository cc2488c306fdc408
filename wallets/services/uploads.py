"""Evidence that comes in as a file: received once, and taken back only while it waits."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction

from accounts import audit
from accounts.models import Business, Consent, User
from accounts.permissions import Capability, require
from accounts.selectors import live_consent, platform
from creditiq.kernel.errors import ApplicationError, InvalidInput
from creditiq.kernel.events import publish
from wallets.engine.importers.formats import FORMATS
from wallets.events import EvidenceReceived
from wallets.models import Upload, UploadState
from wallets.models.uploads import UploadMode
from wallets.selectors.pages import visible_upload
from wallets.services.forgetting import take_back
from wallets.services.giving_up import was_given_up

KINDS = tuple(FORMATS)
REOPENED = (
    "consent", "by", "format", "kind", "mode", "filename", "origin", "state", "received_at", "rows", "rejected", "note",
)  # fmt: skip


class UnableToReceive(ApplicationError):
    """The file cannot be taken in now."""

    code = "unable_to_receive"


class UnableToCancel(ApplicationError):
    """The file has been read already."""

    code = "unable_to_cancel"


@dataclass(frozen=True)
class IncomingFile:
    """A file as its sender named it, how it is written (`kind`: a key of FORMATS) and what to do with bad lines."""

    name: str
    content: bytes
    kind: str
    mode: str
    origin: str = ""
    """The official source it was fetched from; empty for what somebody sent in."""


def receive_upload(*, business: Business, file: IncomingFile, by: User, at: datetime) -> Upload:
    """Take in a file of evidence. The same bytes for the same business return the earlier upload.

    A file of which nothing was written is read anew when it is sent again in another way.
    """
    require(by, Capability.SHARE_EVIDENCE, business)
    return _receive(business, file, by, at)


def import_file(*, business: Business, file: IncomingFile, at: datetime) -> Upload:
    """The same for an operator at the command line; the owner's consent is needed all the same."""
    return _receive(business, file, None, at)


def _receive(business: Business, file: IncomingFile, by: User | None, at: datetime) -> Upload:
    check_file(file)
    consent = covering_consent(business, FORMATS[file.kind].kind, at)
    sha256 = hashlib.sha256(file.content).hexdigest()
    with transaction.atomic(durable=True):
        upload, created = Upload.objects.select_for_update().get_or_create(
            business=business,
            sha256=sha256,
            defaults={
                **_terms(file, consent, by, at), "size": len(file.content),
                "file": ContentFile(file.content, name=sha256),
            },
        )  # fmt: skip
        if created or _reopen(upload, _terms(file, consent, by, at)):
            payload = {"sha256": sha256, "kind": upload.kind, "format": upload.format}
            if file.origin:
                payload["fetched_from"] = file.origin
            audit.record("evidence.received", target=upload, at=at, by=by, payload=payload)
            publish(EvidenceReceived(upload_id=upload.pk, business_id=business.pk))
    return upload


def _terms(file: IncomingFile, consent: Consent, by: User | None, at: datetime) -> dict[str, object]:
    return {
        "consent": consent, "by": by, "format": file.kind, "kind": FORMATS[file.kind].kind, "mode": file.mode,
        "filename": file.name[:200], "received_at": at, "origin": file.origin,
    }  # fmt: skip


def _reopen(upload: Upload, terms: dict[str, object]) -> bool:
    """Whether a known file of which nothing was written waits to be read again, under new terms."""
    changed = (upload.format, upload.mode) != (terms["format"], terms["mode"])
    refused = upload.state == UploadState.REFUSED and (changed or was_given_up(upload))
    if upload.state != UploadState.CANCELLED and not refused:
        return False
    cleared = {"state": UploadState.RECEIVED, "rows": 0, "rejected": 0, "note": ""}
    for name, value in {**terms, **cleared}.items():
        setattr(upload, name, value)
    upload.save(update_fields=REOPENED)
    upload.rejections.all().delete()
    return True


def check_file(file: IncomingFile) -> None:
    """Raise InvalidInput for a file that is not worth storing."""
    if file.kind not in KINDS:
        raise InvalidInput(f"Choose one of: {', '.join(KINDS)}.", field="kind", rule="upload.kind")
    if file.mode not in UploadMode.values:
        raise InvalidInput(f"Choose one of: {', '.join(UploadMode.values)}.", field="mode", rule="upload.mode")
    if not file.content:
        raise InvalidInput("The file is empty.", field="file", rule="upload.empty")
    if len(file.content) > settings.MAX_UPLOAD_BYTES:
        most = settings.MAX_UPLOAD_BYTES // 2**20
        raise InvalidInput(f"The file is larger than {most} MiB; split it.", field="file", rule="upload.size")


def covering_consent(business: Business, kind: str, at: datetime) -> Consent:
    """The live consent to the platform that covers a kind of record. Raises UnableToReceive."""
    consent = live_consent(business_id=business.pk, organisation_id=platform().pk, at=at)
    if consent is None or kind not in consent.kinds:
        raise UnableToReceive("There is no live consent for this kind of evidence; grant it first.", code="no_consent")
    return consent


def cancel_upload(*, upload_id: UUID, by: User, at: datetime) -> Upload:
    """Take back a file that waits to be read or is being read. Raises UnableToCancel, NotVisible, Forbidden."""
    found = visible_upload(user=by, upload_id=upload_id)
    require(by, Capability.SHARE_EVIDENCE, found.business)
    with transaction.atomic(durable=True):
        upload = Upload.objects.select_for_update().get(pk=found.pk)
        if upload.state != UploadState.RECEIVED:
            raise UnableToCancel("This file is not waiting any more.")
        take_back(upload, by=by, at=at)
    return upload
