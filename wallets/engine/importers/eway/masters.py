"""Master codes of the e-way bill system (bulk format 1.0.0621) and the tax slabs in force at a date."""

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

SUB_TYPES = {
    1: "supply", 2: "import", 3: "export", 4: "job work", 5: "own use", 6: "job work return", 7: "sales return",
    8: "others", 9: "SKD, CKD or lots", 10: "line sales", 11: "recipient not known", 12: "exhibition or fair",
}  # fmt: skip
REGULAR, SHIP_TO, DISPATCH_FROM, BOTH = 1, 2, 3, 4
ROAD, RAIL, AIR, SHIP = 1, 2, 3, 4
DOCUMENTS = ("INV", "BIL", "BOE", "CHL", "OTH")
UNITS = frozenset(
    [
        "BAG",
        "BAL",
        "BDL",
        "BKL",
        "BOU",
        "BOX",
        "BTL",
        "BUN",
        "CAN",
        "CBM",
        "CCM",
        "CMS",
        "CTN",
        "DOZ",
        "DRM",
        "GGK",
        "GMS",
        "GRS",
        "GYD",
        "KGS",
        "KLR",
        "KME",
        "LTR",
        "MLT",
        "MTR",
        "MTS",
        "NOS",
        "OTH",
        "PAC",
        "PCS",
        "PRS",
        "QTL",
        "ROL",
        "SET",
        "SQF",
        "SQM",
        "SQY",
        "TBS",
        "TGM",
        "THD",
        "TON",
        "TUB",
        "UGS",
        "UNT",
        "YDS",
    ]
)
ABROAD, ELSEWHERE = 99, 97
PIN_ABROAD = 999_999
STATES = frozenset([*range(1, 28), *range(29, 39), ELSEWHERE, ABROAD])
"""Codes an address may carry; 38 (Ladakh) is missing from the published master and added here."""
# First and last three digits of the pin codes of each state; borders are shared, so a mismatch is only a warning.
_PINS: dict[int, tuple[tuple[int, int], ...]] = {
    1: ((180, 194),), 2: ((171, 177),), 3: ((140, 160),), 4: ((140, 140), (160, 160)), 5: ((244, 263),),
    6: ((121, 136),), 7: ((110, 110),), 8: ((301, 345),), 9: ((201, 285),), 10: ((800, 855),), 11: ((737, 737),),
    12: ((790, 792),), 13: ((797, 798),), 14: ((795, 795),), 15: ((796, 796),), 16: ((799, 799),), 17: ((793, 794),),
    18: ((781, 788),), 19: ((700, 743),), 20: ((813, 835),), 21: ((751, 770),), 22: ((490, 497),), 23: ((450, 488),),
    24: ((360, 396),), 25: ((362, 362), (396, 396)), 26: ((362, 362), (396, 396)), 27: ((400, 445),),
    29: ((560, 591),), 30: ((403, 403),), 31: ((682, 682),), 32: ((670, 695),), 33: ((600, 643),),
    34: ((533, 533), (605, 609), (673, 673)), 35: ((744, 744),), 36: ((500, 509),), 37: ((500, 535),),
    38: ((194, 194),),
}  # fmt: skip


def pin_fits(pin: int, state: int) -> bool:
    """Whether a pin code can lie in a state; states without a range fit every pin code.

    >>> pin_fits(400001, 27), pin_fits(400001, 29)
    (True, False)
    """
    ranges = _PINS.get(state)
    return ranges is None or any(low <= pin // 1000 <= high for low, high in ranges)


@dataclass(frozen=True)
class Slabs:
    """Tax rates in percent that stand from a date on: IGST (CGST and SGST are half each) and cess."""

    since: date
    integrated: frozenset[Decimal]
    cess: frozenset[Decimal]
    cess_fixed: frozenset[Decimal]


@cache
def slab_table() -> tuple[Slabs, ...]:
    """All versions of the table, oldest first (tax_slabs.json)."""
    versions = json.loads(Path(__file__).with_name("tax_slabs.json").read_text(encoding="utf-8"))["versions"]
    return tuple(
        Slabs(
            since=date.fromisoformat(version["since"]),
            integrated=frozenset(map(Decimal, version["igst"])),
            cess=frozenset(map(Decimal, version["cess"])),
            cess_fixed=frozenset(map(Decimal, version["cess_fixed"])),
        )
        for version in versions
    )


def slabs_at(day: date) -> Slabs:
    """The slabs in force on a day; before the first version, the first."""
    table = slab_table()
    return next((slabs for slabs in reversed(table) if slabs.since <= day), table[0])
