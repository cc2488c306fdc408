"""Single records with where they came from: which file, under which consent, learned when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from django.db.models import QuerySet

from accounts.models import Business, Consent, User
from accounts.permissions import Capability, require
from wallets.models import RECORD_MODELS, Record, Upload, known_at
from wallets.selectors.columns import COLUMNS, Column, Value, value_of
from wallets.selectors.covering import Grounds, grounds
from wallets.selectors.frames import NoLiveConsent
from wallets.selectors.tellings import Telling, tellings_of


class Cell(NamedTuple):
    """One value of a record under its column."""

    column: Column
    value: Value


@dataclass(frozen=True)
class RecordRow:
    """A record as people see it. Without an upload it was loaded in bulk or came over a connector."""

    record: Record
    cells: tuple[Cell, ...]
    upload: Upload | None
    consent: Consent | None
    tellings: tuple[Telling, ...] = ()
    """Further files that hold the same invoice, with what they tell differently."""

    @property
    def fields(self) -> dict[str, Value]:
        """The values by the name of the column; money is rupees as text, without the ending of its paise column."""
        return {cell.column.name.removesuffix("_paise"): _plain(cell.value) for cell in self.cells}


def _plain(value: Value) -> Value:
    return str(value) if isinstance(value, Decimal) else value


@dataclass(frozen=True)
class Readable:
    """Records in no order yet, and the consent they are read under; None for an owner."""

    records: QuerySet[Record]
    consent: Consent | None


def known(business: Business, kind: str, ground: Grounds, as_of: datetime) -> QuerySet[Record]:
    """Records of one kind that had happened, were known and not replaced, in no order yet."""
    rows = RECORD_MODELS[kind]._default_manager
    return rows.filter(known_at(as_of), ground.happened(as_of), business=business)


def readable_records(*, user: User, business: Business, kind: str, at: datetime) -> Readable:
    """The same for a person who asks for one kind. Raises NoLiveConsent, NotVisible, Forbidden."""
    require(user, Capability.VIEW_EVIDENCE, business)
    ground = grounds(user=user, business=business, at=at)
    if kind not in ground.kinds:
        raise NoLiveConsent("There is no live consent to read this kind of evidence.")
    return Readable(known(business, kind, ground, at), ground.consent)


def record_rows(
    kind: str, records: Sequence[Record], *, consent: Consent | None, revealed: bool = False
) -> tuple[RecordRow, ...]:
    """The records with their provenance, in the given order; one query, two for invoices.

    `consent` stands for those without a file.
    """
    wanted = {record.upload_id for record in records if record.upload_id is not None}
    uploads = Upload.objects.filter(pk__in=wanted).select_related("consent").in_bulk() if wanted else {}
    also = tellings_of(records, revealed=revealed)
    rows = []
    for record in records:
        upload = uploads.get(record.upload_id)
        cells = tuple(Cell(column, value_of(record, column, revealed=revealed)) for column in COLUMNS[kind])
        rows.append(RecordRow(record, cells, upload, upload.consent if upload else consent, also.get(record.id, ())))
    return tuple(rows)
