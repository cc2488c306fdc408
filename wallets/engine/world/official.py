"""The records of one business in the official formats: GSTR-1, GSTR-2B and GSTR-3B JSON by period, e-way bill bulk
JSON 1.0.0621, Account Aggregator deposit XML, and UPI payments as CSV.

Cancelled invoices are in no return. Consumer sales stand in a GSTR-1 as sums by state and rate, as the form wants them.
"""

import json
from collections.abc import Iterable, Mapping
from xml.sax.saxutils import quoteattr

import polars as pl

from wallets.engine.world.almanac import IST

Frames = Mapping[str, pl.DataFrame]
Row = dict[str, int | str | bool | None]
Document = dict[str, object]
VERSION = "1.0.0621"
_SLABS = (0, 5, 12, 18)
_TAX = ("igst_paise", "cgst_paise", "sgst_paise")
_SECTIONS = {"b2b": "inv", "b2ba": "inv", "cdnr": "nt"}
_UPI = ("reference", "occurred_at", "direction", "amount", "kind", "status", "vpa", "counterparty_vpa")


def official_files(frames: Frames, business: int) -> dict[str, bytes]:
    """File name → content of everything a business would send; `frames` are those of `Records`."""
    mine = {name: frame.filter(pl.col("business") == business) for name, frame in frames.items() if name != "outcomes"}
    who = mine["businesses"].row(0, named=True)
    gstin = str(who["gstin"])
    files = {**_returns(mine, gstin, quarterly=bool(who["quarterly_filer"])), **_statements(mine, gstin)}
    if mine["eway_bills"].height:
        files["eway_bills.json"] = bulk_file(bill_documents(mine))
    if mine["bank_entries"].height:
        files["aa_deposit.xml"] = _deposit(mine["bank_entries"])
    if mine["upi_payments"].height:
        files["upi_payments.csv"] = _payments(mine["upi_payments"])
    return files


def bulk_file(bills: list[Document]) -> bytes:
    """E-way bills as the file the portal takes in bulk."""
    return _json({"version": VERSION, "billLists": bills})


def _json(document: object) -> bytes:
    return (json.dumps(document, separators=(",", ":"), ensure_ascii=False) + "\n").encode()


def _rupees(paise: object) -> float:
    """A JSON number: the shortest text of the quotient is exact to the paisa below 10¹³ rupees."""
    return _whole(paise) / 100


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0


def _period(period: int) -> str:
    return f"{period % 12 + 1:02d}{period // 12}"


def _moment(form: str) -> pl.Expr:
    return pl.from_epoch(pl.col("occurred_at") + IST, time_unit="us").dt.strftime(form)


def _returns(mine: Frames, gstin: str, *, quarterly: bool) -> dict[str, bytes]:
    """Every return that was filed; a quarterly GSTR-1 holds the documents of its three months."""
    sold = _dated(mine["gst_invoices"].filter(pl.col("direction") == "out"), quarterly=quarterly)
    amended = mine["gst_amendments"].filter(pl.col("direction") == "out")
    amended = _dated(amended, quarterly=quarterly).with_columns(return_period=_quarter(pl.col("version"), quarterly))
    files = {}
    for row in mine["gst_returns"].filter(pl.col("filed_at").is_not_null()).to_dicts():
        period = int(row["period"])
        name = f"{str(row['return_type']).lower()}-{_period(period)}.json"
        if row["return_type"] == "GSTR1":
            chosen = (each.filter(pl.col("return_period") == period).to_dicts() for each in (sold, amended))
            files[name] = _json({"gstin": gstin, "fp": _period(period), **_outward(*chosen)})
        else:
            files[name] = _json(_summary(row, gstin))
    return files


def _dated(rows: pl.DataFrame, *, quarterly: bool) -> pl.DataFrame:
    day = pl.from_epoch(pl.col("occurred_at") + IST, time_unit="us").dt
    period = day.year() * 12 + day.month() - 1
    return rows.filter(~pl.col("cancelled")).with_columns(
        date=_moment("%d-%m-%Y"), return_period=_quarter(period, quarterly)
    )


def _quarter(period: pl.Expr, quarterly: bool) -> pl.Expr:
    return period + 2 - period % 3 if quarterly else period


def _outward(sold: list[Row], amended: list[Row]) -> Document:
    """The sections of a GSTR-1."""
    kinds = {kind: [row for row in sold if row["kind"] == kind] for kind in ("B2B", "B2CL", "B2CS", "CDNR", "EXP")}
    notes = kinds["CDNR"]
    sections: Document = {
        "b2b": _by_party("b2b", kinds["B2B"]),
        "b2ba": _by_party("b2ba", amended),
        "b2cl": [{"pos": _place(row), "inv": [_invoice(row)]} for row in kinds["B2CL"]],
        "b2cs": _consumers(kinds["B2CS"]),
        "exp": [{"exp_typ": "WOPAY", "inv": [_invoice(row) for row in kinds["EXP"]]}] if kinds["EXP"] else [],
        "cdnr": _by_party("cdnr", [row for row in notes if row["counterparty_gstin"]]),
        "cdnur": [{**_note(row), "typ": "EXPWOP"} for row in notes if not row["counterparty_gstin"]],
    }
    return {name: rows for name, rows in sections.items() if rows}


def _by_party(section: str, rows: Iterable[Row]) -> list[Document]:
    parties: dict[str, list[Document]] = {}
    for row in rows:
        written = _note(row) if section == "cdnr" else _invoice(row)
        first = {"oinum": row["amended_from"], "oidt": row["date"]} if section == "b2ba" else {}
        parties.setdefault(str(row["counterparty_gstin"]), []).append({**written, **first})
    return [{"ctin": party, _SECTIONS[section]: documents} for party, documents in parties.items()]


def _place(row: Row) -> str:
    return f"{_whole(row['place_of_supply']):02d}"


def _items(row: Row) -> Document:
    names = {"txval": "taxable_paise", "iamt": "igst_paise", "camt": "cgst_paise", "samt": "sgst_paise"}
    amounts = {name: _rupees(row[column]) for name, column in names.items()}
    return {"rt": _rupees(row["rate_bp"]), **amounts, "csamt": 0}


def _shared(row: Row) -> Document:
    total = sum(_whole(row[name]) for name in ("taxable_paise", *_TAX))
    return {
        "val": _rupees(total),
        "pos": _place(row),
        "rchrg": "N",
        "inv_typ": "R",
        "itms": [{"num": 1, "itm_det": _items(row)}],
    }


def _invoice(row: Row) -> Document:
    return {"inum": row["invoice_number"], "idt": row["date"], **_shared(row)}


def _note(row: Row) -> Document:
    return {"ntty": "C", "nt_num": row["invoice_number"], "nt_dt": row["date"], **_shared(row)}


def _consumers(rows: Iterable[Row]) -> list[Document]:
    sums: dict[tuple[object, object], Row] = {}
    for row in rows:
        known = sums.setdefault((row["place_of_supply"], row["rate_bp"]), {**row, **dict.fromkeys(_TAX, 0)})
        if known["invoice_number"] != row["invoice_number"]:
            known["taxable_paise"] = _whole(known["taxable_paise"]) + _whole(row["taxable_paise"])
        for name in _TAX:
            known[name] = _whole(known[name]) + _whole(row[name])
    return [{"sply_ty": "INTRA", "typ": "OE", "pos": _place(row), **_items(row)} for row in sums.values()]


def _summary(row: Row, gstin: str) -> Document:
    """A GSTR-3B with how its tax was paid."""
    cash, credit = _rupees(row["tax_cash_paise"]), _rupees(row["tax_itc_paise"])
    tax = _rupees(_whole(row["tax_cash_paise"]) + _whole(row["tax_itc_paise"]))
    nothing = {"iamt": 0, "camt": 0, "samt": 0, "csamt": 0}
    filed = pl.Series([row["filed_at"]]).cast(pl.Int64) + IST
    return {
        "gstin": gstin,
        "ret_period": _period(_whole(row["period"])),
        "fil_dt": filed.cast(pl.Datetime("us")).dt.strftime("%d-%m-%Y").item(),
        "arn": row["arn"],
        "sup_details": {"osup_det": {**nothing, "txval": _rupees(row["turnover_paise"]), "iamt": tax}},
        "itc_elg": {"itc_net": {**nothing, "iamt": credit}},
        "tx_pmt": {"pdcash": [{"ipd": cash}], "pditc": {"i_pdi": credit}},
    }


def _statements(mine: Frames, gstin: str) -> dict[str, bytes]:
    """GSTR-2B: what suppliers reported, one statement a month."""
    bought = _dated(mine["gst_invoices"].filter(pl.col("direction") == "in"), quarterly=False)
    files = {}
    for (period,), rows in bought.sort("return_period").group_by("return_period", maintain_order=True):
        sections: dict[str, dict[str, list[Document]]] = {"b2b": {}, "cdnr": {}}
        for row in rows.to_dicts():
            note = row["kind"] == "CDNR"
            number = {"ntnum": row["invoice_number"], "typ": "C"} if note else {"inum": row["invoice_number"]}
            money = {name.removesuffix("_paise"): _rupees(row[name]) for name in _TAX}
            item = {"num": 1, "rt": _rupees(row["rate_bp"]), "txval": _rupees(row["taxable_paise"]), **money, "cess": 0}
            written = {**number, "dt": row["date"], "val": _shared(row)["val"], "pos": _place(row), "items": [item]}
            sections["cdnr" if note else "b2b"].setdefault(str(row["supplier_gstin"]), []).append(written)
        listed = {name: _listed(name, parties) for name, parties in sections.items() if parties}
        month = _period(_whole(period))
        files[f"gstr2b-{month}.json"] = _json({"data": {"gstin": gstin, "rtnprd": month, "docdata": listed}})
    return files


def _listed(section: str, parties: Mapping[str, list[Document]]) -> list[Document]:
    return [{"ctin": party, _SECTIONS[section]: documents} for party, documents in parties.items()]


def bill_documents(frames: Frames) -> list[Document]:
    """Every e-way bill as its business would send it, in the frame's order; the document's date is its invoice's."""
    keys = ["business", "counterparty_gstin", "document_number"]
    dates = frames["gst_invoices"].select(
        "business", "counterparty_gstin", document_number="invoice_number", document_date=_moment("%d/%m/%Y")
    )
    owners = frames["businesses"].select("business", "gstin")
    bills = frames["eway_bills"].join(owners, on="business", maintain_order="left")
    bills = bills.join(dates.unique(keys, keep="first"), on=keys, how="left", maintain_order="left")
    dated = bills.with_columns(
        made=_moment("%d/%m/%Y %I:%M:%S %p"), day=pl.coalesce("document_date", _moment("%d/%m/%Y"))
    )
    return [_bill(row, str(row["gstin"])) for row in dated.to_dicts()]


def _bill(row: Row, gstin: str) -> Document:
    outward = row["direction"] == "out"
    value, total = _whole(row["taxable_paise"]), _whole(row["value_paise"])
    rate = min(_SLABS, key=lambda slab: abs((total - value) * 100 - slab * value))
    local = row["from_state"] == row["to_state"]
    central, integrated = ((total - value) // 2, 0) if local else (0, total - value)
    other = row["counterparty_gstin"] or "URP"
    sender, receiver = (gstin, other) if outward else (other, gstin)
    places = {
        f"{side}{name}": row[column]
        for side, column in (("from", "from_state"), ("to", "to_state"))
        for name in ("StateCode",)
    }
    item = {
        "itemNo": 1, "productName": f"Goods of {row['hsn']}", "hsnCode": row["hsn"], "quantity": 1, "qtyUnit": "OTH",
        "taxableAmount": _rupees(value), "sgstRate": rate / 2 if local else 0, "cgstRate": rate / 2 if local else 0,
        "igstRate": 0 if local else rate, "cessRate": 0, "cessNonAdvol": 0,
    }  # fmt: skip
    return {
        "userGstin": gstin, "supplyType": "O" if outward else "I", "subSupplyType": 1, "docType": row["document_type"],
        "docNo": row["document_number"], "docDate": row["day"], "transType": 1, "fromGstin": sender,
        "fromPincode": int(str(row["from_pincode"])), "actualFromStateCode": row["from_state"], "toGstin": receiver,
        "toPincode": int(str(row["to_pincode"])), "actualToStateCode": row["to_state"], **places,
        "totalValue": _rupees(value), "cgstValue": _rupees(central), "sgstValue": _rupees(central),
        "igstValue": _rupees(integrated), "cessValue": 0, "TotNonAdvolVal": 0, "OthValue": 0,
        "totInvValue": _rupees(total), "transMode": row["transport_mode"], "transDistance": row["distance_km"],
        "vehicleNo": row["vehicle"], "vehicleType": "R", "mainHsnCode": row["hsn"], "itemList": [item],
        "ewayBillNo": row["number"], "ewayBillDate": row["made"],
    }  # fmt: skip


def _deposit(entries: pl.DataFrame) -> bytes:
    """ReBIT deposit XML of the business's account, oldest transaction first."""
    rows = entries.with_columns(at=_moment("%Y-%m-%dT%H:%M:%S%.6f+05:30"), day=_moment("%Y-%m-%d")).sort(
        "occurred_at", maintain_order=True
    )
    last = rows.row(-1, named=True)
    account = str(last["account"])
    masked = "X" * (len(account) - 4) + account[-4:]
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<Account xmlns="http://api.rebit.org.in/FISchema/deposit" '
        f'type="deposit" version="1.2" maskedAccNumber={quoteattr(masked)}>\n'
        f'<Summary currentBalance="{_text(last["balance_paise"])}" type="CURRENT" />\n'
        f'<Transactions startDate="{rows["day"][0]}" endDate="{rows["day"][-1]}">\n'
        + "".join(_transaction(row) for row in rows.to_dicts())
        + "</Transactions>\n</Account>\n"
    ).encode()


def _transaction(row: Row) -> str:
    values = {
        "txnId": row["reference"],
        "type": str(row["direction"]).upper(),
        "mode": row["mode"],
        "amount": _text(row["amount_paise"]),
        "currentBalance": _text(row["balance_paise"]),
        "transactionTimestamp": row["at"],
        "valueDate": row["day"],
        "narration": row["narration"],
    }
    return "<Transaction " + " ".join(f"{name}={quoteattr(str(value))}" for name, value in values.items()) + " />\n"


def _text(paise: object) -> str:
    whole, rest = divmod(abs(_whole(paise)), 100)
    return f"{'-' if _whole(paise) < 0 else ''}{whole}.{rest:02d}"


def _payments(payments: pl.DataFrame) -> bytes:
    paise = pl.col("amount_paise")
    amount = (paise // 100).cast(pl.String) + "." + (paise % 100).cast(pl.String).str.zfill(2)
    return (
        payments.with_columns(occurred_at=_moment("%Y-%m-%dT%H:%M:%S%.6f+05:30"), amount=amount)
        .select(_UPI)
        .write_csv()
        .encode()
    )
