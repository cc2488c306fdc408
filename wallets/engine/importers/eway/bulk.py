"""Valid bills of a bulk file as the eway_bills frame; invalid ones are refused with their rules and pointers.

A bulk file asks for numbers, so a bill may have none yet: then its number is “D” and eleven characters made of the
other natural key (user, document type, number and date), so that the same bill is the same record.
"""

import base64
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import polars as pl

from creditiq.kernel.hashing import digest
from wallets.engine.importers.columns import DAY, MIDDAY, Watch, unwatched
from wallets.engine.importers.eway.bills import ERROR, UNREGISTERED, Bill, Today
from wallets.engine.importers.eway.validation import Verdict, indian_day, judge
from wallets.engine.importers.rejections import MOST_KEPT, Parsed, Refusal, UnreadableFile, masked

SCHEMA: dict[str, type[pl.DataType]] = {
    "line": pl.Int64, "pointer": pl.String, "number": pl.String, "direction": pl.String,
    "counterparty_gstin": pl.String, "document_type": pl.String, "document_number": pl.String, "value_paise": pl.Int64,
    "taxable_paise": pl.Int64, "distance_km": pl.Int32, "hsn": pl.String, "from_pincode": pl.String,
    "to_pincode": pl.String, "from_state": pl.Int32, "to_state": pl.Int32, "vehicle": pl.String,
    "transport_mode": pl.Int32, "occurred_at": pl.Int64, "supply_type": pl.String, "sub_supply_type": pl.Int32,
    "transaction_type": pl.Int32, "document_date": pl.Date, "transporter": pl.String, "part_b": pl.String,
    "details": pl.String,
}  # fmt: skip
_COLUMNS = frozenset(
    {
        "ewayBillNo", "ewayBillDate", "docType", "docNo", "docDate", "totInvValue", "transDistance", "supplyType",
        "subSupplyType", "transType", "fromPincode", "toPincode", "actualFromStateCode", "actualToStateCode",
        "vehicleNo", "transMode", "transporterId",
    }
)  # fmt: skip
"""Members of a bill that are columns of the record."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MOMENT = ("%d/%m/%Y %I:%M:%S %p", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %I:%M %p")


def parse(content: bytes, *, as_of: int, own_gstin: str, watch: Watch = unwatched) -> Parsed:
    """The eway_bills frame (without business and received_at; with `line`, the bill from 1, and `pointer`)."""
    try:
        _, verdicts = judge(content, Today(indian_day(as_of)), watch)
    except UnreadableFile as error:
        return Parsed(pl.DataFrame(schema=SCHEMA), (error.refusal,), lines=0, refused_lines=1)
    rows: list[dict[str, object]] = []
    refusals: list[Refusal] = []
    seen: set[str] = set()
    for verdict in verdicts:
        faults = _faults(verdict, own_gstin, seen)
        refusals += faults[: max(0, MOST_KEPT - len(refusals))]
        if not faults:
            seen.add(number_of(verdict.bill))
            rows.append(_row(verdict, as_of, own_gstin))
    return Parsed(
        rows=pl.DataFrame(rows, schema=SCHEMA),
        refusals=tuple(refusals),
        lines=len(verdicts),
        refused_lines=len(verdicts) - len(rows),
    )


def _faults(verdict: Verdict, own_gstin: str, seen: set[str]) -> list[Refusal]:
    errors = [finding for finding in verdict.findings if finding.level == ERROR]
    faults = [
        Refusal(verdict.number, _member(error.pointer), error.rule, error.message,
                masked(verdict.bill.text(_member(error.pointer))), error.pointer)
        for error in errors
    ]  # fmt: skip
    if faults:
        return faults
    where = f"/billLists/{verdict.number - 1}"
    if own_gstin not in verdict.bill.parties:
        message = "Neither sender nor receiver is your GSTIN."
        return [Refusal(verdict.number, "fromGstin", "eway.own", message, pointer=f"{where}/fromGstin")]
    if number_of(verdict.bill) in seen:
        message = "This bill stands in the file already."
        return [Refusal(verdict.number, "docNo", "eway.repeated", message, pointer=f"{where}/docNo")]
    return []


def _member(pointer: str) -> str:
    return pointer.rpartition("/")[2][:40]


def number_of(bill: Bill) -> str:
    """The 12-digit number the portal gave, or the key of a bill that has none yet."""
    given = bill.text("ewayBillNo")
    if len(given) == 12 and given.isascii() and given.isdigit():
        return given
    key = [bill.parties[0], bill.text("docType"), bill.text("docNo"), bill.text("docDate")]
    return "D" + base64.b32encode(bytes.fromhex(digest(key))).decode()[:11]


def _row(verdict: Verdict, as_of: int, own_gstin: str) -> dict[str, object]:
    bill = verdict.bill
    sender, receiver = bill.text("fromGstin").upper(), bill.text("toGstin").upper()
    outward = sender == own_gstin
    other = receiver if outward else sender
    items = [item for _, item in bill.items]
    taxable = sum((item.money("taxableAmount") for item in items), Decimal(0))
    main = max(items, key=lambda item: item.money("taxableAmount"))
    return {
        "line": verdict.number,
        "pointer": f"/billLists/{verdict.number - 1}",
        "number": number_of(bill),
        "direction": "out" if outward else "in",
        "counterparty_gstin": None if other == UNREGISTERED else other,
        "document_type": bill.text("docType"),
        "document_number": bill.text("docNo").strip(),
        "value_paise": int(bill.money("totInvValue") * 100),
        "taxable_paise": int((bill.money("totalValue") if bill.has("totalValue") else taxable) * 100),
        "distance_km": bill.code("transDistance"),
        "hsn": bill.text("mainHsnCode") or main.text("hsnCode"),
        "from_pincode": bill.text("fromPincode"),
        "to_pincode": bill.text("toPincode"),
        "from_state": bill.code("actualFromStateCode"),
        "to_state": bill.code("actualToStateCode"),
        "vehicle": bill.text("vehicleNo") or None,
        "transport_mode": bill.code("transMode") or 0,
        "occurred_at": min(_made_at(bill), as_of),
        "supply_type": bill.text("supplyType"),
        "sub_supply_type": bill.code("subSupplyType"),
        "transaction_type": bill.code("transType"),
        "document_date": bill.day("docDate"),
        "transporter": bill.text("transporterId").upper() or None,
        "part_b": "complete" if bill.has("vehicleNo") or bill.has("transDocNo") else "waiting",
        "details": _details(bill),
    }


def _details(bill: Bill) -> str:
    """Every member that has no column of its own, as JSON; amounts as text, so that none passes through a float."""
    further = {name: value for name, value in bill.values.items() if name not in _COLUMNS}
    written = json.dumps(further, default=str, ensure_ascii=False, sort_keys=True)
    # PostgreSQL stores neither the character NUL nor half a surrogate pair.
    return written.replace("\\u0000", "\\ufffd").encode("utf-8", "replace").decode()


def _made_at(bill: Bill) -> int:
    """Microseconds of the portal's time stamp (Indian time), else midday of the document's date."""
    for pattern in _MOMENT:
        try:
            made = datetime.strptime(f"{bill.text('ewayBillDate')} +0530", f"{pattern} %z")
        except ValueError:
            continue
        return (made - _EPOCH) // timedelta(microseconds=1)
    dated = bill.day("docDate")
    return (dated.toordinal() - _EPOCH.toordinal()) * DAY + MIDDAY if dated else 0
