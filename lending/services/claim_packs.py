"""What a bank sends to the guarantee trust for a covered loan that went bad: claim, schedule, statement, notices."""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from accounts import audit
from accounts.models import User
from accounts.permissions import Capability, require
from creditiq.kernel.clock import IST
from creditiq.kernel.documents import pdf
from creditiq.kernel.money import format_inr
from lending.engine.days import months_after
from lending.engine.regulation import shipped
from lending.models import Loan
from lending.selectors.loan_acts import visible_loan
from lending.selectors.loans import guarantee_claim, schedule, statement
from lending.services.servicing import UnableToServe

Rows = Iterable[Sequence[object]]


def claim_pack(*, loan_id: UUID, by: User, at: datetime) -> tuple[str, bytes]:
    """A file name and a zip: claim.pdf, tables of the loan, and manifest.json with the digest of each.

    The same books at the same moment give the same bytes. Raises NotVisible, Forbidden, and UnableToServe for a loan
    without a guarantee or one that performs.
    """
    require(by, Capability.VIEW_LOANS)
    loan = visible_loan(user=by, loan_id=loan_id)
    if not loan.cover:
        raise UnableToServe("No guarantee covers this loan.", code="not_covered")
    amount = guarantee_claim(loan)
    if amount is None:
        raise UnableToServe("The loan performs: there is nothing to claim.", code="performing")
    files = {"claim.pdf": _paper(loan, amount, at), **_tables(loan)}
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    manifest = {"loan": loan.account_no, "made_at": at.isoformat(), "claim": f"{amount:.2f}", "sha256": digests}
    files["manifest.json"] = json.dumps(manifest, indent=1, sort_keys=True).encode()
    with transaction.atomic(durable=True):
        audit.record(
            "loan.claim_packed", target=loan, at=at, by=by, organisation=loan.organisation,
            payload={"claim": amount, "sha256": digests["claim.pdf"]},
        )  # fmt: skip
    return f"{loan.account_no}-claim.zip", _zipped(files, at)


def _paper(loan: Loan, amount: Decimal, at: datetime) -> bytes:
    on = loan.disbursement.on
    locked = shipped().figure("cgtmse.lock_in_months", at.astimezone(IST).date())
    until = months_after(on, int(locked.value))
    in_default = loan.principal + loan.interest_due
    facts = {
        "account": loan.account_no,
        "made": f"{at.astimezone(IST):%d %b %Y, %H:%M} IST",
        "pairs": [
            ["Bank", loan.organisation.name],
            ["Borrower", loan.business.legal_name],
            ["GSTIN, PAN", f"{loan.business.gstin}, {loan.business.pan}"],
            ["Udyam registration", loan.business.udyam or "not known"],
            ["Sanctioned, paid out on", f"{format_inr(loan.sanctioned, places=2)}, {_day(on)}"],
            ["Non-performing since", _day(loan.npa_date)],
            ["Class, days past due", f"{loan.get_asset_class_display()}, {loan.dpd}"],
            ["Principal outstanding", format_inr(loan.principal, places=2)],
            ["Interest due", format_inr(loan.interest_due, places=2)],
            ["Amount in default", format_inr(in_default, places=2)],
            ["Guaranteed share", f"{loan.cover.normalize():f} %"],
            ["Guaranteed amount", format_inr(loan.sanctioned * loan.cover / 100, places=2)],
            ["Claim", format_inr(amount, places=2)],
            ["Lock-in ends", f"{_day(until)} ({locked.source})"],
            ["May be sent", "yes" if at.astimezone(IST).date() >= until else f"from {_day(until)} on"],
        ],
        "fees": [
            [str(fee.year), _day(fee.on), format_inr(fee.guaranteed, places=2), format_inr(fee.fee, places=2)]
            for fee in loan.guarantee_fees.order_by("year")
        ],
        "notices": [[_day(one.on), one.text] for one in loan.notices.order_by("on", "pk")],
    }
    return pdf("lending/claim.typ", facts, at=at)


def _tables(loan: Loan) -> Mapping[str, bytes]:
    dues = list(loan.dues.order_by("due", "component", "pk"))
    return {
        "schedule.csv": _csv(
            ("due", "principal", "interest", "unpaid"),
            ((row.due, row.principal, row.interest, row.unpaid) for row in schedule(loan, dues)),
        ),
        "statement.csv": _csv(
            ("date", "text", "charged", "paid", "balance"),
            ((row.on, row.text, row.charged, row.paid, row.balance) for row in statement(loan)),
        ),
        "notices.csv": _csv(
            ("date", "kind", "text"), loan.notices.order_by("on", "pk").values_list("on", "kind", "text")
        ),
        "contacts.csv": _csv(
            ("at", "channel", "note", "promised", "promised_on", "promise"),
            loan.contacts.order_by("at", "pk").values_list(
                "at", "channel", "note", "promised", "promised_on", "promise"
            ),
        ),
        "classes.csv": _csv(
            ("date", "days", "from", "to", "because_of"),
            loan.classifications.order_by("on", "pk").values_list("on", "dpd", "from_class", "to_class", "trigger"),
        ),
    }


def _csv(head: Sequence[str], rows: Rows) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(head)
    writer.writerows([_harmless("" if cell is None else str(cell)) for cell in row] for row in rows)
    return text.getvalue().encode()


def _harmless(cell: str) -> str:
    """What people typed never runs in a spreadsheet."""
    return f"'{cell}" if cell.startswith(("=", "+", "@", "\t", "\r")) else cell


def _day(day: date | None) -> str:
    return f"{day:%d %b %Y}" if day else "–"


def _zipped(files: Mapping[str, bytes], at: datetime) -> bytes:
    pack = io.BytesIO()
    with zipfile.ZipFile(pack, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, at.astimezone(UTC).timetuple()[:6]), content)
    return pack.getvalue()
