"""From a received file to records: read once, stored under the evidence lock, never half-written."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import polars as pl
from django.db import transaction

from accounts import audit
from accounts.models import Job
from accounts.selectors import live_consent, platform
from accounts.services import JobCancelled, Run, runnable
from creditiq.kernel.clock import micros
from creditiq.kernel.events import publish
from wallets.engine.importers.formats import FORMATS
from wallets.engine.importers.quarterly import dated_by_quarter
from wallets.engine.importers.rejections import Parsed, Refusal
from wallets.events import EvidenceRecorded, UploadRefused
from wallets.models import RECORD_MODELS, GstReturn, Rejection, Upload, UploadState, Vpa
from wallets.models.uploads import UploadMode
from wallets.selectors.pages import READING
from wallets.services.accounts import keep_accounts
from wallets.services.forgetting import refuse_unread, take_back
from wallets.services.giving_up import take_up_again
from wallets.services.progress import CHECKING, STORING, uuid_in, watched
from wallets.services.quarters import quarters_by_month
from wallets.services.records import Stored, database_time, insert_records, lock_evidence

AT_ONCE = 20_000
LONGEST_NOTE = 200
UNKNOWN_FILING = (
    "The file does not say when the return was filed. Its figures are kept; add the date with the GST returns table, "
    "and the filing counts too."
)
# Who a payment went to is read from the address: its own column, or the bank's text of a UPI entry.
_IN_NARRATION = pl.col("narration").str.to_lowercase().str.extract(r"([a-z0-9._-]{2,256}@[a-z][a-z0-9]{1,63})", 1)
ADDRESSES = {"upi_payments": pl.col("counterparty_vpa"), "bank_entries": pl.when(mode="UPI").then(_IN_NARRATION)}


def parse_upload(*, upload_id: int, at: datetime) -> Upload:
    """Read a received file into records. Runs once: a second call finds it done and changes nothing."""
    upload = take_up_again(upload_id)
    if upload.state != UploadState.RECEIVED:
        return upload
    try:
        return _parse(upload, at)
    except JobCancelled:
        return _stopped(upload_id, at)


def _parse(upload: Upload, at: datetime) -> Upload:
    with upload.file.open("rb") as file:
        content = file.read()
    with watched(upload, content.count(b"\n"), at) as step:
        read, told = upload.format, _read(upload, content, at, step)
        del content  # storing takes as much memory again
        step(STORING, told.parsed.lines)
        with transaction.atomic(durable=True):
            lock_evidence(upload.business_id)
            upload = Upload.objects.select_for_update(of=("self",)).select_related("business").get(pk=upload.pk)
            if upload.state == UploadState.RECEIVED and upload.format == read:
                _finish(upload, told, at)
    return upload


@runnable(READING, title="Read a file of evidence", by_hand=False)
def read_upload_as_job(run: Run) -> str:
    """The reading of a file once more, after it failed; a file that was stored or taken back stays as it is."""
    key = Job.objects.values_list("key", flat=True).get(pk=run.job_id)
    upload = parse_upload(upload_id=Upload.objects.values_list("pk", flat=True).get(uuid=uuid_in(key)), at=run.at)
    return f"The file is {upload.get_state_display()}."


def _stopped(upload_id: int, at: datetime) -> Upload:
    """The reading was stopped: the file is taken back, as its owner would have done before it began."""
    with transaction.atomic(durable=True):
        upload = Upload.objects.select_for_update(of=("self",)).select_related("business").get(pk=upload_id)
        if upload.state == UploadState.RECEIVED:
            take_back(upload, by=None, at=at)
    return upload


@dataclass(frozen=True)
class Told:
    """What a file says: its rows, and where it is a return of documents, that return."""

    parsed: Parsed
    filing: Parsed | None = None


def _read(upload: Upload, content: bytes, at: datetime, step: Callable[[str, int], None]) -> Told:
    """What the file says."""
    written, own, as_of = FORMATS[upload.format], upload.business.gstin, micros(at)
    parsed = written.parse(content, as_of=as_of, own_gstin=own, watch=lambda lines: step(CHECKING, lines))
    if written.filing is None or not parsed.lines:
        return Told(parsed)
    return Told(parsed, written.filing(content, documents=parsed.rows, as_of=as_of, own_gstin=own))


def _finish(upload: Upload, told: Told, at: datetime) -> None:
    """Store what was read, unless the consent ended meanwhile."""
    consent = live_consent(business_id=upload.business_id, organisation_id=platform().pk, at=at)
    if consent is None or upload.kind not in consent.kinds:
        refuse_unread(upload, at)
    else:
        _store(upload, told, at, kinds=consent.kinds)


def _store(upload: Upload, told: Told, at: datetime, *, kinds: Collection[str]) -> None:
    parsed = told.parsed
    refused = bool(parsed.refusals) and (upload.mode == UploadMode.ALL_OR_NOTHING or parsed.rows.is_empty())
    stored = Stored(0, 0) if refused else _insert(upload, parsed.rows)
    if not refused:
        keep_accounts(upload, parsed.accounts)
        upload.note = _note(parsed.rows) if told.filing is None else _store_filing(upload, told, kinds)
    keep_refusals(upload, parsed.refusals)
    close_upload(upload, parsed, stored, refused=refused)
    counts = {
        "rows": upload.rows,
        "accepted": upload.accepted,
        "superseded": upload.superseded,
        "rejected": upload.rejected,
    }
    audit.record(f"evidence.{upload.state}", target=upload, at=at, payload=counts)
    event = UploadRefused if refused else EvidenceRecorded
    publish(event(upload_id=upload.pk, business_id=upload.business_id))


def _store_filing(upload: Upload, told: Told, kinds: Collection[str]) -> str:
    """Store the return that the file is, under the consent for returns; says what its sender should know."""
    filing = told.filing
    if filing is None or GstReturn.FRAME_NAME not in kinds:
        return "The return itself was not stored: you do not share GST returns."
    if told.parsed.refusals:
        return "The return itself was not stored: without the refused documents its turnover is not known."
    if filing.refusals:
        return f"The return itself was not stored: {filing.refusals[0].message}"[:LONGEST_NOTE]
    insert_records(GstReturn, stamped(upload, filing.rows), upload_id=upload.pk)
    return _note(filing.rows)


def _note(rows: pl.DataFrame) -> str:
    """A return whose file does not say when it was filed is kept, and is neither filed nor unfiled."""
    if "filing_known" not in rows.columns or rows["filing_known"].all():
        return ""
    return UNKNOWN_FILING


def close_upload(upload: Upload, parsed: Parsed, stored: Stored, *, refused: bool) -> None:
    """Write down what became of a file."""
    upload.state = UploadState.REFUSED if refused else UploadState.PARSED
    upload.rows, upload.rejected = parsed.lines, parsed.refused_lines
    upload.accepted, upload.duplicates, upload.superseded = stored.inserted, stored.duplicates, stored.superseded
    upload.save(update_fields=["state", "rows", "accepted", "duplicates", "superseded", "rejected", "note"])


def _insert(upload: Upload, rows: pl.DataFrame) -> Stored:
    return insert_records(RECORD_MODELS[upload.kind], stamped(upload, rows), upload_id=upload.pk)


def stamped(upload: Upload, rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with their business, the moment of learning (taken under the evidence lock) and the counterparty.

    Returns of a quarterly filer get the days that are theirs.
    """
    if upload.business.quarterly_filer and "due_told" in rows.columns:
        state, by_month = upload.business.state_code, quarters_by_month(upload.business)
        rows = dated_by_quarter(rows, state_code=state, as_of=micros(upload.received_at), by_month=by_month)
    frame = rows.with_columns(
        business=pl.lit(upload.business_id, dtype=pl.Int64),
        received_at=pl.lit(micros(database_time()), dtype=pl.Int64),
    )
    if upload.kind not in ADDRESSES:
        return frame
    named = frame.with_columns(address=ADDRESSES[upload.kind])
    owners = _owners(named["address"].drop_nulls().unique().to_list())
    other = pl.col("address").replace_strict(owners, default=None, return_dtype=pl.Int64)
    return named.with_columns(counterparty=other).drop("address")


def _owners(addresses: Sequence[str]) -> dict[str, int]:
    """The businesses that proved these UPI addresses to be theirs."""
    parts = (addresses[start : start + AT_ONCE] for start in range(0, len(addresses), AT_ONCE))
    return {
        address: owner
        for part in parts
        for address, owner in Vpa.objects.filter(address__in=part).values_list("address", "business_id")
    }


def keep_refusals(upload: Upload, refusals: Sequence[Refusal]) -> None:
    """Write the refused lines down, for the report."""
    Rejection.objects.bulk_create(
        [
            Rejection(
                upload=upload, line=it.line, pointer=it.pointer[:200], field=it.field[:40], rule=it.rule[:60],
                message=it.message[:200], value=it.value[:60],
            )
            for it in refusals
        ],
        batch_size=1_000,
    )  # fmt: skip
