"""Evidence that comes in as a file: received once, read once, never half-written."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import polars as pl
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction

from accounts import audit
from accounts.models import Business, Consent, User
from accounts.permissions import Capability, require
from accounts.selectors import live_consent, platform
from creditiq.kernel.clock import micros
from creditiq.kernel.errors import ApplicationError, InvalidInput
from creditiq.kernel.events import publish
from wallets.engine.importers import upi_csv
from wallets.engine.importers.rejections import Parsed, Refusal
from wallets.events import EvidenceReceived, EvidenceRecorded, UploadRefused
from wallets.models import Rejection, UpiPayment, Upload, UploadState, Vpa
from wallets.models.uploads import UploadMode
from wallets.services.records import Stored, database_time, insert_records, lock_evidence

KINDS = ("upi_payments",)


class UnableToReceive(ApplicationError):
    """The file cannot be taken in now."""

    code = "unable_to_receive"


@dataclass(frozen=True)
class IncomingFile:
    """A file as its sender named it, what it holds and what to do with bad lines."""

    name: str
    content: bytes
    kind: str
    mode: str


def receive_upload(*, business: Business, file: IncomingFile, by: User, at: datetime) -> Upload:
    """Take in a file of evidence. The same bytes for the same business return the earlier upload."""
    require(by, Capability.SHARE_EVIDENCE, business)
    _check(file)
    consent = _consent(business, file.kind, at)
    sha256 = hashlib.sha256(file.content).hexdigest()
    known = Upload.objects.filter(business=business, sha256=sha256).first()
    if known:
        return known
    with transaction.atomic(durable=True):
        upload, created = Upload.objects.get_or_create(
            business=business,
            sha256=sha256,
            defaults={
                "consent": consent, "by": by, "kind": file.kind, "mode": file.mode, "filename": file.name[:200],
                "size": len(file.content), "received_at": at, "file": ContentFile(file.content, name=sha256),
            },
        )  # fmt: skip
        if created:
            audit.record(
                "evidence.received", target=upload, at=at, by=by, payload={"sha256": sha256, "kind": file.kind}
            )
            publish(EvidenceReceived(upload_id=upload.pk, business_id=business.pk))
    return upload


def _check(file: IncomingFile) -> None:
    if file.kind not in KINDS:
        raise InvalidInput(f"Choose one of: {', '.join(KINDS)}.", field="kind", rule="upload.kind")
    if file.mode not in UploadMode.values:
        raise InvalidInput(f"Choose one of: {', '.join(UploadMode.values)}.", field="mode", rule="upload.mode")
    if not file.content:
        raise InvalidInput("The file is empty.", field="file", rule="upload.empty")
    if len(file.content) > settings.MAX_UPLOAD_BYTES:
        most = settings.MAX_UPLOAD_BYTES // 2**20
        raise InvalidInput(f"The file is larger than {most} MiB; split it.", field="file", rule="upload.size")


def _consent(business: Business, kind: str, at: datetime) -> Consent:
    consent = live_consent(business_id=business.pk, organisation_id=platform().pk, at=at)
    if consent is None or kind not in consent.kinds:
        raise UnableToReceive("There is no live consent for this kind of evidence; grant it first.", code="no_consent")
    return consent


def parse_upload(*, upload_id: int, at: datetime) -> Upload:
    """Read a received file into records. Runs once: a second call finds it done and changes nothing."""
    upload = Upload.objects.select_related("business").get(pk=upload_id)
    if upload.state != UploadState.RECEIVED:
        return upload
    with upload.file.open("rb") as file:
        parsed = upi_csv.parse(file.read(), as_of=micros(at))
    with transaction.atomic(durable=True):
        lock_evidence(upload.business_id)
        upload = Upload.objects.select_for_update().select_related("business").get(pk=upload_id)
        if upload.state == UploadState.RECEIVED:
            _store(upload, parsed, at)
    return upload


def _store(upload: Upload, parsed: Parsed, at: datetime) -> None:
    refused = bool(parsed.refusals) and (upload.mode == UploadMode.ALL_OR_NOTHING or parsed.rows.is_empty())
    stored = Stored(0, 0) if refused else _insert(upload, parsed.rows)
    _keep_refusals(upload, parsed.refusals)
    upload.state = UploadState.REFUSED if refused else UploadState.PARSED
    upload.rows, upload.rejected = parsed.lines, parsed.refused_lines
    upload.accepted, upload.duplicates = stored.inserted, stored.duplicates
    upload.save(update_fields=["state", "rows", "accepted", "duplicates", "rejected"])
    counts = {"rows": upload.rows, "accepted": upload.accepted, "rejected": upload.rejected}
    audit.record(f"evidence.{upload.state}", target=upload, at=at, payload=counts)
    event = UploadRefused if refused else EvidenceRecorded
    publish(event(upload_id=upload.pk, business_id=upload.business_id))


def _insert(upload: Upload, rows: pl.DataFrame) -> Stored:
    """Stamp the moment of learning under the evidence lock, resolve counterparties, and insert."""
    received_at = micros(database_time())
    addresses = rows["counterparty_vpa"].unique().to_list()
    owners = dict(Vpa.objects.filter(address__in=addresses).values_list("address", "business_id"))
    frame = rows.with_columns(
        business=pl.lit(upload.business_id, dtype=pl.Int64),
        received_at=pl.lit(received_at, dtype=pl.Int64),
        counterparty=pl.col("counterparty_vpa").replace_strict(owners, default=None, return_dtype=pl.Int64),
    )
    return insert_records(UpiPayment, frame, upload_id=upload.pk)


def _keep_refusals(upload: Upload, refusals: Sequence[Refusal]) -> None:
    Rejection.objects.bulk_create(
        [
            Rejection(upload=upload, line=it.line, field=it.field, rule=it.rule, message=it.message, value=it.value)
            for it in refusals
        ],
        batch_size=1_000,
    )
