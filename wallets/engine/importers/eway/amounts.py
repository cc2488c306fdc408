"""Rules 3 to 6: which tax at which rate, and whether the amounts add up."""

from collections.abc import Iterator
from decimal import Decimal

from wallets.engine.importers.eway.bills import WARNING, Bill, Breach, Today
from wallets.engine.importers.eway.masters import ABROAD, PIN_ABROAD, slab_table, slabs_at
from wallets.engine.importers.eway.parties import EXPORT, IMPORT

TAXED = ("INV", "BOE")
TOLERANCE = Decimal(2)
_RATES = ("sgstRate", "cgstRate", "igstRate", "cessRate", "cessNonAdvol")
_TAXES = ("cgstValue", "sgstValue", "igstValue", "cessValue", "TotNonAdvolVal")


def untaxed_documents(bill: Bill, _today: Today) -> Iterator[Breach]:
    """Rule 3: only an invoice and a bill of entry carry tax or cess."""
    if bill.text("docType") in TAXED or not bill.has("docType"):
        return
    message = f"A document of type {bill.text('docType')} carries no tax and no cess."
    for name in _TAXES:
        if bill.money(name) > 0:
            yield Breach("rule.3.tax", message, name)
    for where, item in bill.items:
        for name in _RATES:
            if item.money(name) > 0:
                yield Breach("rule.3.rate", message, f"{where}/{name}")


def slabs(bill: Bill, today: Today) -> Iterator[Breach]:
    """Rule 4: rates are slabs in force on the document's date; CGST and SGST are equal halves."""
    now, ever = slabs_at(bill.day("docDate") or today.day), slab_table()
    for where, item in bill.items:
        central, state, integrated = (item.money(name) for name in ("cgstRate", "sgstRate", "igstRate"))
        if central != state:
            yield Breach("rule.4.halves", "CGST and SGST have the same rate.", f"{where}/cgstRate")
        checks = (
            ("igstRate", integrated, now.integrated, [each.integrated for each in ever]),
            ("cgstRate", 2 * central, now.integrated, [each.integrated for each in ever]),
            ("cessRate", item.money("cessRate"), now.cess, [each.cess for each in ever]),
            ("cessNonAdvol", item.money("cessNonAdvol"), now.cess_fixed, [each.cess_fixed for each in ever]),
        )
        for name, rate, allowed, known in checks:
            if rate in allowed:
                continue
            if any(rate in each for each in known):
                message = "This rate is a slab at another time, but not on the document's date."
                yield Breach("rule.4.slab_date", message, f"{where}/{name}")
            else:
                yield Breach("rule.4.slab", "This is not a tax slab.", f"{where}/{name}")


def heads(bill: Bill, today: Today) -> Iterator[Breach]:
    """Rule 5: CGST and SGST within a state, IGST between states and with a special economic zone."""
    sender, receiver = bill.code("fromStateCode"), bill.code("toStateCode")
    if sender is None or receiver is None:
        return
    special = not today.special_zone.isdisjoint(bill.parties)
    within = sender == receiver and not special
    wrong = ("igst",) if within else ("cgst", "sgst")
    message = "Within one state the taxes are CGST and SGST." if within else "Between states the tax is IGST."
    for head in wrong:
        if bill.money(f"{head}Value") > 0:
            yield Breach("rule.5.tax", message, f"{head}Value")
        for where, item in bill.items:
            if item.money(f"{head}Rate") > 0:
                yield Breach("rule.5.rate", message, f"{where}/{head}Rate")


def abroad(bill: Bill, _today: Today) -> Iterator[Breach]:
    """Rule 5, other countries: an export is billed to state 99 and an import from it; its pin code is 999999."""
    sub_type, supply = bill.code("subSupplyType"), bill.text("supplyType")
    if supply == "O" and sub_type == EXPORT and bill.code("toStateCode") not in (None, ABROAD):
        yield Breach("rule.5.export", "An export is billed to state 99 (other countries).", "toStateCode")
    if supply == "I" and sub_type == IMPORT and bill.code("fromStateCode") not in (None, ABROAD):
        yield Breach("rule.5.import", "An import is billed from state 99 (other countries).", "fromStateCode")
    for side, actual in (("from", "actualFromStateCode"), ("to", "actualToStateCode")):
        pin = bill.code(f"{side}Pincode")
        if bill.code(actual) == ABROAD and pin not in (None, PIN_ABROAD):
            yield Breach("rule.5.pin_abroad", "The pin code of another country is 999999.", f"{side}Pincode")


def totals(bill: Bill, _today: Today) -> Iterator[Breach]:
    """Rule 6: value, taxes, cess and other charges add up to the invoice total, within 2 rupees."""
    items = sum((item.money("taxableAmount") for _, item in bill.items), Decimal(0))
    value = bill.money("totalValue") if bill.has("totalValue") else items
    parts = value + sum((bill.money(name) for name in _TAXES), Decimal(0)) + bill.money("OthValue")
    total = bill.money("totInvValue")
    if not bill.has("totInvValue"):
        return
    if parts > total + TOLERANCE:
        yield Breach("rule.6.total_low", "Value, taxes and charges add up to more than totInvValue.", "totInvValue")
    if total > parts + TOLERANCE:
        message = "totInvValue is more than value, taxes and charges."
        yield Breach("rule.6.total_high", message, "totInvValue", WARNING)
    if bill.has("totalValue") and any(bill.items) and abs(items - value) > TOLERANCE:
        yield Breach("rule.6.items", "The items add up to another value than totalValue.", "totalValue", WARNING)
