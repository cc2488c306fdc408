"""What the evidence pages show."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import models
from django.db.models import Count, Max

from accounts.models import Business, Consent, Job, User
from accounts.selectors import live_consent, platform
from creditiq.kernel.errors import NotVisible
from creditiq.kernel.wall import named
from wallets.models import RECORD_MODELS, Record, Rejection, Upload, UploadState, known_at
from wallets.selectors.covering import Grounds, ground_of

SHOWN_UPLOADS = 20
READING = "wallets.read_upload"
"""The work whose job, keyed by the file, tells how far its reading is."""
LABELS = {
    "gst_invoices": "GST invoices",
    "gst_returns": "GST returns",
    "upi_payments": "UPI payments",
    "eway_bills": "e-way bills",
    "bank_entries": "Bank entries",
}
FORMAT_LABELS = {
    **LABELS, "gstr1": "GSTR-1", "gstr2b": "GSTR-2B", "gstr3b": "GSTR-3B", "aa_deposit": "Account Aggregator deposit",
    "ndjson": "rows over the API", "source_invoices": "GST invoices of the source system",
    "source_payments": "UPI payments of the source system",
    "source_eway_bills": "e-way bills of the source system",
}  # fmt: skip


@dataclass(frozen=True)
class Freshness:
    """How recent one source of evidence is; `last_at` is None when it holds nothing."""

    kind: str
    label: str
    consented: bool
    last_at: datetime | None
    rows: int


@dataclass(frozen=True)
class EvidencePage:
    """Everything on the owner's evidence page."""

    business: Business
    consent: Consent | None
    sources: tuple[Freshness, ...]
    uploads: tuple[Upload, ...]

    @property
    def rows(self) -> int:
        """All records the business shares."""
        return sum(source.rows for source in self.sources)


def freshness(*, business: Business, as_of: datetime, ground: Grounds) -> tuple[Freshness, ...]:
    """Per source: how much is there and how recent, of the kinds and the time consented to."""
    return tuple(_freshness(name, model, business, as_of, ground) for name, model in RECORD_MODELS.items())


def _freshness(name: str, model: type[Record], business: Business, as_of: datetime, ground: Grounds) -> Freshness:
    if name not in ground.kinds:
        return Freshness(name, LABELS[name], consented=False, last_at=None, rows=0)
    rows = model._default_manager.filter(known_at(as_of), ground.happened(as_of), business=business)
    found = rows.aggregate(last=Max("occurred_at"), rows=Count("id"))
    return Freshness(name, LABELS[name], consented=True, last_at=found["last"], rows=found["rows"])


def evidence_page(*, business: Business, as_of: datetime) -> EvidencePage:
    """The sources shared with the platform and the latest uploads."""
    consent = live_consent(business_id=business.pk, organisation_id=platform().pk, at=as_of)
    sources = freshness(business=business, as_of=as_of, ground=ground_of(consent))
    uploads = Upload.objects.filter(business=business).order_by("-received_at", "-pk")[:SHOWN_UPLOADS]
    return EvidencePage(business, consent, sources, tuple(uploads))


def visible_upload(*, user: User, upload_id: UUID) -> Upload:
    """An upload of a business the user may see. Raises NotVisible."""
    mine = Upload.objects.filter(business__in=Business.objects.visible_to(user))
    upload = mine.select_related("business").filter(uuid=upload_id).first()
    if upload is None:
        raise NotVisible
    return upload


def reading_job(upload: Upload) -> Job | None:
    """How far the reading of a file that waits is; none for a small file, or before its reading began."""
    if upload.state != UploadState.RECEIVED:
        return None
    # The key holds the id of a file that its reader may see.
    job = named(Job.objects.filter(key=f"{READING}:{upload.uuid}")).first()
    return None if job is None or job.has_ended else job


REJECTION_COLUMNS = ("line", "pointer", "field", "rule", "message", "value")


def rejection_lines(refused: models.QuerySet[Rejection]) -> Iterator[tuple[str | int, ...]]:
    """Refused lines as rows of a sheet under REJECTION_COLUMNS; values are masked."""
    yield from refused.values_list(*REJECTION_COLUMNS).iterator()


def refusals(upload: Upload) -> models.QuerySet[Rejection]:
    """The refused lines of an upload, in line order."""
    return upload.rejections.order_by("line", "pk")
