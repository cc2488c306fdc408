"""Rules 1, 2, 8 and 9: who may make which bill between whom, and where the goods really go."""

from collections.abc import Iterator
from dataclasses import dataclass

from wallets.engine.importers.eway.bills import ERROR, UNREGISTERED, WARNING, Bill, Breach, Today
from wallets.engine.importers.eway.masters import ABROAD, BOTH, DISPATCH_FROM, SHIP_TO, SUB_TYPES

TRANSIN = "88"
EXPORT, IMPORT, JOB_WORK, LOTS, OTHERS = 3, 2, 4, 9, 8
SELF, OTHER = "self", "other"
_ANYONE = frozenset({OTHER, UNREGISTERED})
_OWN = frozenset({SELF})
_NOBODY = frozenset({UNREGISTERED})
_EITHER = frozenset({SELF, OTHER})


@dataclass(frozen=True)
class Combination:
    """Documents that may go with a counterparty; the bill's own side is always `self`."""

    documents: frozenset[str]
    counterparty: frozenset[str]


def _allow(documents: str, counterparty: frozenset[str]) -> Combination:
    return Combination(frozenset(documents.split()), counterparty)


COMBINATIONS: dict[tuple[str, int], tuple[Combination, ...]] = {
    ("O", 1): (_allow("INV BIL", _ANYONE),),
    ("O", 3): (_allow("INV BIL", _NOBODY),),
    ("O", 4): (_allow("CHL", _ANYONE),),
    ("O", 9): (_allow("INV BIL CHL", _ANYONE),),
    ("O", 11): (_allow("CHL OTH", _OWN),),
    ("O", 5): (_allow("CHL", _OWN),),
    ("O", 10): (_allow("CHL", _OWN),),
    ("O", 12): (_allow("CHL", _OWN),),
    ("O", 8): (_allow("CHL OTH", _EITHER),),
    ("I", 1): (_allow("INV BIL", _ANYONE),),
    ("I", 2): (_allow("BOE", _NOBODY),),
    ("I", 9): (_allow("BOE", _NOBODY), _allow("INV BIL CHL", _ANYONE)),
    ("I", 6): (_allow("CHL", _ANYONE),),
    ("I", 7): (_allow("CHL", _ANYONE),),
    ("I", 5): (_allow("CHL", _OWN),),
    ("I", 12): (_allow("CHL", _OWN),),
    ("I", 8): (_allow("CHL OTH", _EITHER),),
}


def user(bill: Bill, _today: Today) -> Iterator[Breach]:
    """Rule 1: the user is the bill's own side, or the transporter; a TRANSIN holder is never a party."""
    maker, own = bill.text("userGstin").upper(), bill.parties[0]
    known = bill.has("supplyType") and own
    side = "fromGstin" if bill.text("supplyType") == "O" else "toGstin"
    if not maker:
        yield Breach(
            "rule.1.user_missing", "Without userGstin nobody can tell who makes this bill.", "userGstin", WARNING
        )
    elif known and maker not in (own, bill.text("transporterId").upper()):
        yield Breach("rule.1.user", f"userGstin is neither {side} nor the transporter.", "userGstin")
    for name in ("fromGstin", "toGstin"):
        if bill.text(name).startswith(TRANSIN):
            yield Breach("rule.1.transin", "A TRANSIN holder neither sends nor receives goods.", name)


def standing(own: str, counterparty: str) -> frozenset[str]:
    """What a counterparty may count as. Branches of one PAN in two states are `self` and `other` at once.

    >>> sorted(standing("27AAPFU0939F1ZV", "URP")), sorted(standing("27AAPFU0939F1ZV", "29AAACG0569P1Z3"))
    (['URP'], ['other'])
    """
    if counterparty == UNREGISTERED:
        return _NOBODY
    if counterparty == own:
        return _OWN
    return _EITHER if counterparty[2:12] == own[2:12] else frozenset({OTHER})


def combination(bill: Bill, _today: Today) -> Iterator[Breach]:
    """Rule 2: supply, sub-type, document and parties must go together."""
    supply, sub_type, document = bill.text("supplyType"), bill.code("subSupplyType") or 0, bill.text("docType")
    own, counterparty = bill.parties
    if not (supply and sub_type and document and own and counterparty):
        return
    named = f"{'outward' if supply == 'O' else 'inward'} {SUB_TYPES.get(sub_type, '')}"
    allowed = COMBINATIONS.get((supply, sub_type))
    if own == UNREGISTERED:
        yield Breach("rule.2.own_side", "The bill's own side has a GSTIN.", "fromGstin" if supply == "O" else "toGstin")
    if allowed is None:
        yield Breach("rule.2.sub_type", f"There is no {named}.", "subSupplyType")
        return
    fitting = [each for each in allowed if document in each.documents]
    if not fitting:
        documents = sorted(set().union(*(each.documents for each in allowed)))
        yield Breach("rule.2.document", f"For {named} the document is {' or '.join(documents)}.", "docType")
    elif not any(each.counterparty & standing(own, counterparty) for each in fitting):
        words = " or ".join(sorted(set().union(*(each.counterparty for each in fitting))))
        yield Breach("rule.2.party", f"For {named} the other party is {words}.",
                     "toGstin" if supply == "O" else "fromGstin")  # fmt: skip
    yield from _remarks(bill, sub_type)


def _remarks(bill: Bill, sub_type: int) -> Iterator[Breach]:
    counterparty = bill.parties[1]
    if bill.text("supplyType") == "O" and sub_type in (JOB_WORK, LOTS) and counterparty != UNREGISTERED:
        message = "The sheet's prose allows only URP here, its matrix also others; the matrix is followed."
        yield Breach("rule.2.prose", message, "toGstin", WARNING)
    if sub_type == OTHERS and not bill.has("subSupplyDesc"):
        yield Breach("rule.2.description", "Sub-type 8 (others) says what it is in subSupplyDesc.", "subSupplyDesc")
    if sub_type != OTHERS and bill.has("subSupplyDesc"):
        yield Breach("rule.2.description_unused", "Only sub-type 8 has a description.", "subSupplyDesc", WARNING)


def places(bill: Bill, _today: Today) -> Iterator[Breach]:
    """Rule 8: only bill-to/ship-to and bill-from/dispatch-from bills move goods in other states than the parties'."""
    kind = bill.code("transType")
    sides = (
        ("from", (DISPATCH_FROM, BOTH), "actualFromStateCode"),
        ("to", (SHIP_TO, BOTH), "actualToStateCode"),
    )
    for side, moving, actual in sides:
        party, place = bill.code(f"{side}StateCode"), bill.code(actual)
        if None not in (party, place) and party != place and kind not in moving:
            message = f"For transaction type {kind} the goods' state and the {side} party's state are the same."
            # the party of an export or import is abroad, the goods leave or arrive at a port of India
            yield Breach(f"rule.8.{side}_state", message, actual, WARNING if party == ABROAD else ERROR)
        registered = bill.text(f"{side}Gstin")[:2]
        if party is not None and registered.isdigit() and int(registered) != party:
            message = f"{side}StateCode is not the state of {side}Gstin."
            yield Breach(f"rule.8.{side}_gstin", message, f"{side}StateCode", WARNING)


def journeys(bill: Bill, _today: Today) -> Iterator[Breach]:
    """Rule 9: distance is what is driven inside India, also for imports and exports."""
    distance = bill.code("transDistance")
    abroad = bill.code("subSupplyType") in (EXPORT, IMPORT) or ABROAD in (
        bill.code("fromStateCode"), bill.code("toStateCode"),
    )  # fmt: skip
    if distance == 0:
        message = "Write the kilometres inside India; with 0 the portal works them out."
        yield Breach("rule.9.abroad" if abroad else "rule.9.distance", message, "transDistance", WARNING)
    same = bill.code("fromPincode") is not None and bill.code("fromPincode") == bill.code("toPincode")
    if same and distance is not None and distance > 100:
        yield Breach("rule.9.one_pin", "Within one pin code nobody drives over 100 km.", "transDistance", WARNING)
