"""Documents that the importers accept whole; each test changes one thing."""

import copy
import io
import json
from collections.abc import Mapping, Sequence
from typing import Literal

import polars as pl
from openpyxl import Workbook

from wallets.engine.importers.catalogue import TABLES

AS_OF = 1_794_000_000_000_000
"""7 November 2026."""
OWN = "27AAPFU0939F1ZV"
OTHER = "29AAACG0569P1Z3"
NEIGHBOUR = "27AAACG0569P1Z7"
KINDS = tuple(TABLES)


def good_row(kind: str, /, **changes: str) -> dict[str, str]:
    """The first example of a kind's template."""
    return {column.name: column.examples[0] for column in TABLES[kind].columns} | changes


def csv_of(kind: str, rows: Sequence[Mapping[str, str]]) -> bytes:
    names = TABLES[kind].headings.all
    return "\n".join([",".join(names), *(",".join(f'"{row[name]}"' for name in names) for row in rows)]).encode()


def xlsx_of(kind: str, rows: Sequence[Mapping[str, object]]) -> bytes:
    names = TABLES[kind].headings.all
    book = Workbook()
    sheet = book.worksheets[0]
    for values in (names, *([row[name] for name in names] for row in rows)):
        sheet.append(list(values))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def parquet_of(
    kind: str, rows: Sequence[Mapping[str, object]], compression: Literal["zstd", "uncompressed"] = "zstd"
) -> bytes:
    stream = io.BytesIO()
    _frame(kind, rows).write_parquet(stream, compression=compression)
    return stream.getvalue()


def _frame(kind: str, rows: Sequence[Mapping[str, object]]) -> pl.DataFrame:
    names = TABLES[kind].headings.all
    return pl.DataFrame(list(rows), strict=False) if rows else pl.DataFrame(schema=dict.fromkeys(names, pl.String))


def bill(**changes: object) -> dict[str, object]:
    """An outward inter-state supply by road that breaks no rule."""
    item = {
        "itemNo": 1, "productName": "Coils", "productDesc": "Hot rolled", "hsnCode": "7208", "quantity": 12,
        "qtyUnit": "MTS", "taxableAmount": 100000, "sgstRate": 0, "cgstRate": 0, "igstRate": 18, "cessRate": 0,
        "cessNonAdvol": 0,
    }  # fmt: skip
    whole: dict[str, object] = {
        "userGstin": OWN, "supplyType": "O", "subSupplyType": 1, "subSupplyDesc": "", "docType": "INV",
        "docNo": "26-27/00012", "docDate": "14/06/2026", "transType": 1, "fromGstin": OWN, "fromTrdName": "Sender",
        "fromAddr1": "1, Fort", "fromAddr2": "", "fromPlace": "Mumbai", "fromPincode": 400001, "fromStateCode": 27,
        "actualFromStateCode": 27, "toGstin": OTHER, "toTrdName": "Receiver", "toAddr1": "2, MG Road", "toAddr2": "",
        "toPlace": "Bengaluru", "toPincode": 560001, "toStateCode": 29, "actualToStateCode": 29, "totalValue": 100000,
        "cgstValue": 0, "sgstValue": 0, "igstValue": 18000, "cessValue": 0, "TotNonAdvolVal": 0, "OthValue": 0,
        "totInvValue": 118000, "transMode": 1, "transDistance": 980, "transporterName": "", "transporterId": "",
        "transDocNo": "", "transDocDate": "", "vehicleNo": "MH12AB1234", "vehicleType": "R", "mainHsnCode": "7208",
        "itemList": [item],
    }  # fmt: skip
    return whole | changes


def item(**changes: object) -> list[dict[str, object]]:
    """The item list of `bill`, with its one item changed."""
    first = copy.deepcopy(bill()["itemList"])
    assert isinstance(first, list)
    return [{**first[0], **changes}]


def bulk(*bills: object) -> bytes:
    return json.dumps({"version": "1.0.0621", "billLists": list(bills)}).encode()


def invoice(number: str = "26-27/1", **changes: object) -> dict[str, object]:
    """An invoice of GSTR-1 with two rates."""
    rates = [(18, 1000.5, 180.09), (5, 200, 10)]
    items = [
        {"num": place, "itm_det": {"rt": rate, "txval": value, "iamt": tax, "camt": 0, "samt": 0, "csamt": 0}}
        for place, (rate, value, tax) in enumerate(rates, 1)
    ]
    whole: dict[str, object] = {
        "inum": number, "idt": "14-06-2026", "val": 1390.59, "pos": "29", "rchrg": "N", "inv_typ": "R", "itms": items,
    }  # fmt: skip
    return whole | changes


def note(number: str = "CN/1", **changes: object) -> dict[str, object]:
    whole: dict[str, object] = {
        "nt_num": number, "nt_dt": "20-06-2026", "ntty": "C", "pos": "29", "val": 118,
        "itms": [{"num": 1, "itm_det": {"rt": 18, "txval": 100, "iamt": 18}}],
    }  # fmt: skip
    return whole | changes


def gstr1(**sections: object) -> bytes:
    return json.dumps({"gstin": OWN, "fp": "062026", **sections}).encode()


def gstr2b(**sections: object) -> bytes:
    return json.dumps({"data": {"gstin": OWN, "rtnprd": "062026", "docdata": sections}}).encode()


def deposit_xml(*transactions: str, head: str = "", account: str = 'maskedAccNumber="XXXXXX1234"') -> bytes:
    body = "".join(transactions)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{head}'
        f'<Account xmlns="http://api.rebit.org.in/FISchema/deposit" type="deposit" version="1.2" {account}>'
        '<Profile><Holders type="SINGLE"><Holder name="A" /></Holders></Profile><Summary currentBalance="5.00" />'
        f'<Transactions startDate="2026-06-01" endDate="2026-06-30">{body}</Transactions></Account>'
    ).encode()


def transaction(**changes: str) -> str:
    values = {
        "txnId": "S123", "type": "CREDIT", "mode": "FT", "amount": "1250.500", "currentBalance": "-10.25",
        "transactionTimestamp": "2026-06-14T11:25:00.000+05:30", "valueDate": "2026-06-14",
        "narration": "NEFT ACME STEEL", "reference": "R1",
    } | changes  # fmt: skip
    return "<Transaction " + " ".join(f'{name}="{value}"' for name, value in values.items()) + "/>"
