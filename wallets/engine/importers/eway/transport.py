"""Rules 7 and 10: how the goods travel, what they are, and whether pin codes fit their states."""

from collections.abc import Iterator
from datetime import date

from wallets.engine.importers.eway.bills import ERROR, WARNING, Bill, Breach, Today
from wallets.engine.importers.eway.masters import AIR, RAIL, ROAD, SHIP, pin_fits
from wallets.engine.importers.tariff import SERVICES, every_heading, master_name, tariff_at


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


def goods(bill: Bill, today: Today) -> Iterator[Breach]:
    """Rule 10: every code is of a heading of the tariff on the document's date; the main code is one of the items'."""
    day, codes = bill.day("docDate") or today.day, []
    for where, item in bill.items:
        code = item.text("hsnCode")
        codes.append(code)
        yield from _in_tariff(code, day, f"{where}/hsnCode")
        if code[:2] == SERVICES:
            yield Breach("rule.10.service", "This code is of a service.", f"{where}/hsnCode", WARNING)
    if codes and all(code[:2] == SERVICES for code in codes):
        yield Breach("rule.10.no_goods", "A bill moves at least one item of goods.", "itemList")
    main = bill.text("mainHsnCode")
    yield from _in_tariff(main, day, "mainHsnCode")
    if main and not any(code[:4] == main[:4] for code in codes):
        yield Breach("rule.10.main", "The main HSN code is none of the items'.", "mainHsnCode", WARNING)


def _in_tariff(code: str, day: date, where: str) -> Iterator[Breach]:
    if not code or tariff_at(day).knows(code):
        return
    known = any(heading.startswith(code[:2]) for heading in every_heading())
    if code[:4] in every_heading():
        message = f"This heading does not stand on the document's date ({master_name()})."
    else:
        message = f"There is no such {'heading' if known else 'chapter'} in {master_name()}."
    yield Breach("rule.10.hsn", message, where)


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
