"""Rows that come in over the API: judged, stored and answered one by one, in one request."""

import hashlib
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import polars as pl
from django.core.files.base import ContentFile
from django.db import transaction

from accounts import audit
from accounts.models import Business, User
from accounts.permissions import Capability, require
from creditiq.kernel.clock import micros
from creditiq.kernel.errors import InvalidInput
from creditiq.kernel.events import publish
from wallets.engine.importers import ndjson
from wallets.engine.importers.catalogue import TABLES
from wallets.engine.importers.rejections import Parsed, Refusal
from wallets.events import EvidenceRecorded
from wallets.models import RECORD_MODELS, BulkAnswer, Upload, UploadState
from wallets.models.uploads import UploadMode
from wallets.services.reading import close_upload, keep_refusals, stamped
from wallets.services.records import Stored, insert_new, lock_evidence
from wallets.services.uploads import IncomingFile, check_file, covering_consent

LONGEST_KEY = 80


@dataclass(frozen=True)
class BulkRows:
    """What a caller sent: NDJSON rows of one kind, and the key under which they may send them again (or empty)."""

    kind: str
    content: bytes
    key: str = ""

    @property
    def sha256(self) -> str:
        """Of kind and body: what makes two requests the same."""
        return hashlib.sha256(self.kind.encode() + b"\n" + self.content).hexdigest()


def record_rows(*, business: Business, rows: BulkRows, by: User, at: datetime) -> bytes:
    """Store the good rows and answer, as JSON, what became of every row.

    Under an idempotency key the same request gets the first answer again; another request under it is refused.
    """
    require(by, Capability.SHARE_EVIDENCE, business)
    _check(rows)
    consent = covering_consent(business, rows.kind, at)
    parsed = ndjson.parse(rows.content, kind=rows.kind, as_of=micros(at), own_gstin=business.gstin)
    _refuse_unreadable(parsed)
    with transaction.atomic(durable=True):
        lock_evidence(business.pk)
        known = BulkAnswer.objects.filter(business=business, by=by, key=rows.key).first() if rows.key else None
        if known:
            return _repeat(known, rows)
        upload, first = Upload.objects.select_for_update(of=("self",)).get_or_create(
            business=business,
            sha256=rows.sha256,
            defaults={
                "consent": consent, "by": by, "kind": rows.kind, "format": "ndjson", "mode": UploadMode.VALID_LINES,
                "filename": f"{rows.kind} over the API", "size": len(rows.content), "received_at": at,
                "file": ContentFile(rows.content, name=rows.sha256), "state": UploadState.PARSED,
            },
        )  # fmt: skip
        body = _store(upload, parsed, rows, at=at, first=first)
        if rows.key:
            _keep(business, rows, body, by=by, at=at)
    return body


def _check(rows: BulkRows) -> None:
    if rows.kind not in TABLES:
        raise InvalidInput(f"Choose one of: {', '.join(TABLES)}.", field="kind", rule="bulk.kind")
    if len(rows.key) > LONGEST_KEY:
        message = f"An idempotency key has at most {LONGEST_KEY} characters."
        raise InvalidInput(message, field="Idempotency-Key", rule="bulk.key")
    check_file(IncomingFile(rows.kind, rows.content, rows.kind, UploadMode.VALID_LINES))


def _refuse_unreadable(parsed: Parsed) -> None:
    """A body that cannot be taken as rows at all is refused as a whole, and nothing is kept of it."""
    if parsed.lines == 0:
        refusal = parsed.refusals[0] if parsed.refusals else Refusal(1, "", "file.empty", "There are no rows.")
        raise InvalidInput(refusal.message, field="file", rule=refusal.rule)


def _repeat(known: BulkAnswer, rows: BulkRows) -> bytes:
    if known.request_sha256 != rows.sha256:
        message = "This key was used for another request; use a new one."
        raise InvalidInput(message, field="Idempotency-Key", rule="bulk.key_reused")
    return zlib.decompress(known.body)


def _keep(business: Business, rows: BulkRows, body: bytes, *, by: User, at: datetime) -> None:
    BulkAnswer.objects.create(
        business=business, by=by, key=rows.key, request_sha256=rows.sha256, body=zlib.compress(body, 1), answered_at=at
    )


def _store(upload: Upload, parsed: Parsed, rows: BulkRows, *, at: datetime, first: bool) -> bytes:
    """Rows sent before are stored once; only the first request closes the upload that stands for it."""
    model = RECORD_MODELS[upload.kind]
    new = insert_new(model, stamped(upload, parsed.rows), upload_id=upload.pk)
    stored = Stored(parsed.rows.height, len(new.keys), new.superseded)
    if first:
        keep_refusals(upload, parsed.refusals)
        close_upload(upload, parsed, stored, refused=False)
    counts = {"rows": parsed.lines, "accepted": stored.inserted, "rejected": parsed.refused_lines}
    audit.record("evidence.parsed", target=upload, at=at, by=upload.by, payload=counts)
    if new.keys:
        publish(EvidenceRecorded(upload_id=upload.pk, business_id=upload.business_id))
    results = list(_results(parsed, model.KEY, new.keys, rows.content))
    also = {"duplicates": stored.duplicates, "superseded": stored.superseded}
    answer = {"upload": str(upload.uuid), "kind": upload.kind, **counts, **also}
    return json.dumps({**answer, "results": results}, ensure_ascii=False, separators=(",", ":")).encode()


def _results(
    parsed: Parsed, key: tuple[str, ...], new: frozenset[tuple[object, ...]], content: bytes
) -> Iterator[dict[str, object]]:
    """One result per row, by line; of more than 10,000 refusals the later ones carry no reasons."""
    reasons: dict[int, list[dict[str, str]]] = {}
    for it in parsed.refusals:
        reasons.setdefault(it.line, []).append({"field": it.field, "rule": it.rule, "message": it.message})
    states = {
        line: "accepted" if tuple(values) in new else "duplicate"
        for line, *values in parsed.rows.select(pl.col("line"), *key).iter_rows()
    }
    for line, _ in ndjson.numbered(content):
        state = states.get(line, "rejected")
        yield {"line": line, "state": state, "reasons": reasons.get(line, [])}
