"""The records behind a finding in the order of time: who paid or billed whom, when, and what has gone on since."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from django.db.models import Q

from accounts.models import Business, User
from accounts.selectors import live_consent
from creditiq.kernel.money import Rupees, from_paise
from fraud.engine.outsiders import masked
from wallets.models import RECORD_MODELS, Record, known_at
from wallets.selectors import happened

KEYS = {
    "upi_payments": "reference",
    "bank_entries": "reference",
    "gst_invoices": "invoice_number",
    "eway_bills": "number",
}
AMOUNTS = {
    "upi_payments": "amount_paise",
    "bank_entries": "amount_paise",
    "gst_invoices": "taxable_paise",
    "eway_bills": "value_paise",
}
INWARD = {"in", "credit"}
MONEY = {"upi_payments", "bank_entries"}


class Moment(NamedTuple):
    """One record: `inward` says which way it went, `other` whom it was with (covered), a GSTIN or an address.

    `passed_on` is what left on the shown payments ÷ what had come in by then; None for documents, and before any
    money came in.
    """

    at: datetime
    kind: str
    key: str
    inward: bool
    gstin: str
    address: str
    amount: Rupees
    passed_on: float | None


def timeline_of(*, user: User, business: Business, rows: Iterable[Mapping[str, object]], at: datetime) -> list[Moment]:
    """Of the rows ({kind, key}) those the person's organisation may read at `at` under a consent, oldest first."""
    consent = None
    if user.organisation is not None:
        consent = live_consent(business_id=business.pk, organisation_id=user.organisation.pk, at=at)
    wanted: dict[str, list[str]] = {}
    for row in rows:
        kind = str(row["kind"])
        if consent is not None and kind in KEYS and kind in consent.kinds:
            wanted.setdefault(kind, []).append(str(row["key"]))
    covered = Q(known_at(at), happened(consent, at))
    found = [(kind, record) for kind, keys in wanted.items() for record in _records(business, kind, keys, covered)]
    found.sort(key=lambda item: (item[1].occurred_at, item[0], item[1].pk))
    return list(_told(found))


def _records(business: Business, kind: str, keys: list[str], covered: Q) -> Iterable[Record]:
    rows = RECORD_MODELS[kind]._default_manager.filter(covered, business=business)
    return rows.filter(**{f"{KEYS[kind]}__in": keys}).order_by("occurred_at", "pk")


def _told(found: Iterable[tuple[str, Record]]) -> Iterable[Moment]:
    came = went = 0
    for kind, record in found:
        paise, inward = int(getattr(record, AMOUNTS[kind])), getattr(record, "direction", "") in INWARD
        if kind in MONEY:
            came, went = (came + paise, went) if inward else (came, went + paise)
        yield Moment(
            at=record.occurred_at,
            kind=kind,
            key=str(getattr(record, KEYS[kind])),
            inward=inward,
            gstin=getattr(record, "counterparty_gstin", None) or "",
            address=masked(address) if (address := getattr(record, "counterparty_vpa", "")) else "",
            amount=from_paise(paise),
            passed_on=went / came if kind in MONEY and came else None,
        )
