"""Rules 7 and 10: how the goods travel, what they are, and whether pin codes fit their states."""

from collections.abc import Iterator

from wallets.engine.importers.eway.bills import ERROR, WARNING, Bill, Breach, Today
from wallets.engine.importers.eway.masters import AIR, RAIL, ROAD, SHIP, pin_fits

SERVICES = "99"
_NO_CHAPTER = frozenset({"00", "77"})
"""Chapter 77 of the tariff is reserved, there is none numbered 00."""


def dates(bill: Bill, today: Today) -> Iterator[Breach]:
    """The document is not of tomorrow, and the goods leave with or after it."""
    document, transport = bill.day("docDate"), bill.day("transDocDate")
    if document and document > today.day:
        yield Breach("rule.date.future", "The document's date lies in the future.", "docDate")
    if document and transport and transport < document:
        yield Breach("rule.date.transport", "The transport document is older than the goods' document.", "transDocDate")


def part_b(bill: Bill, _today: Today) -> Iterator[Breach]:
    """Rule 7: what each way of transport needs; without one only Part A is made."""
    mode, kind = bill.code("transMode"), bill.text("vehicleType")
    if mode is None:
        message = "Without transMode the bill gets a number but no validity (Part A only)."
        yield Breach("rule.7.part_a", message, "transMode", WARNING)
    elif mode == ROAD:
        yield from _by_road(bill)
    elif mode in (RAIL, AIR):
        yield from _papers(bill)
        if kind != "R":  # the field table asks for it by road only, so its absence alone refuses nothing
            message = "By rail and air the vehicle type is R."
            yield Breach("rule.7.vehicle_type", message, "vehicleType", ERROR if kind else WARNING)
    elif mode == SHIP:
        message = "The sheet asks for both R and O by ship; either is accepted."
        yield Breach("rule.7.ship", message, "vehicleType", WARNING)


def _by_road(bill: Bill) -> Iterator[Breach]:
    if not bill.has("vehicleNo") and not bill.has("transporterId"):
        yield Breach("rule.7.road", "By road a vehicle or a transporter is named.", "vehicleNo")
    if not bill.has("vehicleType"):
        yield Breach("rule.7.vehicle_type", "By road the vehicle type is named.", "vehicleType")


def _papers(bill: Bill) -> Iterator[Breach]:
    for name in ("transDocNo", "transDocDate"):
        if not bill.has(name):
            yield Breach("rule.7.papers", f"By rail and air {name} is needed.", name)


def goods(bill: Bill, _today: Today) -> Iterator[Breach]:
    """Rule 10: items are goods of a chapter of the tariff; the main code is one of them."""
    codes = []
    for where, item in bill.items:
        code = item.text("hsnCode")
        codes.append(code)
        if code[:2] in _NO_CHAPTER:
            yield Breach("rule.10.hsn", "There is no such chapter in the tariff.", f"{where}/hsnCode")
        if code[:2] == SERVICES:
            yield Breach("rule.10.service", "This code is of a service.", f"{where}/hsnCode", WARNING)
    if codes and all(code[:2] == SERVICES for code in codes):
        yield Breach("rule.10.no_goods", "A bill moves at least one item of goods.", "itemList")
    main = bill.text("mainHsnCode")
    if main and not any(code[:4] == main[:4] for code in codes):
        yield Breach("rule.10.main", "The main HSN code is none of the items'.", "mainHsnCode", WARNING)


def pin_codes(bill: Bill, _today: Today) -> Iterator[Breach]:
    """Not in the sheet, but telling: a pin code begins with digits of its state."""
    for side, actual in (("from", "actualFromStateCode"), ("to", "actualToStateCode")):
        pin, state = bill.code(f"{side}Pincode"), bill.code(actual)
        if pin is not None and state is not None and not pin_fits(pin, state):
            yield Breach("rule.10.pin", f"This pin code is not of state {state}.", f"{side}Pincode", WARNING)


def lengths(bill: Bill, _today: Today) -> Iterator[Breach]:
    """Where schema and sheet differ, the looser is accepted and the stricter told."""
    if len(bill.text("transporterName")) > 25:
        yield Breach("rule.length.transporter", "The sheet allows 25 characters.", "transporterName", WARNING)
    if len(bill.text("transDocNo")) > 15:
        yield Breach("rule.length.papers", "The schema allows 15 characters.", "transDocNo", WARNING)
