"""Every field of a bill and an item: type, limits, and whether the format requires it."""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal

from creditiq.kernel.identifiers import gstin
from wallets.engine.importers.checks import VEHICLE_PATTERN
from wallets.engine.importers.documents import as_number, as_text
from wallets.engine.importers.eway.bills import WARNING, Breach, read_day
from wallets.engine.importers.eway.masters import DOCUMENTS, STATES, SUB_TYPES, UNITS

Check = Callable[[object], bool]
MOST = Decimal(10) ** 16
LONGEST_LIST = 1_000
_TRANSIN = re.compile(r"88[0-9A-Z]{13}")


@dataclass(frozen=True)
class Field:
    """A member: what it must look like and what to tell who sent something else."""

    name: str
    check: Check
    message: str
    required: bool = False


def _matches(pattern: str) -> Check:
    compiled = re.compile(pattern)
    return lambda value: isinstance(value, str) and compiled.fullmatch(value.strip()) is not None


def _one_of(words: Collection[str]) -> Check:
    return lambda value: isinstance(value, str) and value in words


def _short(most: int) -> Check:
    return lambda value: isinstance(value, str) and len(value) <= most


def _number(step: str, *, signed: bool = False) -> Check:
    def check(value: object) -> bool:
        number = as_number(value)
        if number is None or abs(number) >= MOST or (number < 0 and not signed):
            return False
        return number % Decimal(step) == 0

    return check


def _whole(low: int, high: int, *, text: bool = False) -> Check:
    def check(value: object) -> bool:
        written = as_text(value) if text else as_text(as_number(value))
        return written.isascii() and written.isdigit() and len(written) <= 9 and low <= int(written) <= high

    return check


def _state(value: object) -> bool:
    return _whole(1, 99)(value) and int(as_text(value)) in STATES


def _carrier(value: object) -> bool:
    return isinstance(value, str) and bool(gstin.is_valid(value.upper()) or _TRANSIN.fullmatch(value.upper()))


def _party(value: object) -> bool:
    """A TRANSIN is well formed here and refused by rule 1, which says why."""
    return _carrier(value) or (isinstance(value, str) and value.upper() == "URP")


def _hsn(value: object) -> bool:
    return re.fullmatch(r"[0-9]{4}|[0-9]{6}|[0-9]{8}", as_text(value)) is not None and not isinstance(value, bool)


_DATE = "A date dd/mm/yyyy of the years 2010 to 2029."
_MONEY = "Rupees with at most two decimals, as a number."
_RATE = "A rate in percent, at most three decimals, as a number."
_ADDRESS = r"[0-9A-Za-z@#/&., \-]{0,120}"
_STATE = "A state code of the master list."
_PARTY = "A valid GSTIN, or URP for a party without one."
_PIN = "A pin code from 100000 to 999999."

BILL = (
    Field("userGstin", lambda value: isinstance(value, str) and gstin.is_valid(value.upper()), "A valid GSTIN."),
    Field("supplyType", _matches("[OI]"), "O for outward or I for inward.", required=True),
    Field("subSupplyType", _whole(1, max(SUB_TYPES), text=True), "A sub-type from 1 to 12.", required=True),
    Field("subSupplyDesc", _short(100), "At most 100 characters."),
    Field("docType", _one_of(DOCUMENTS), f"One of {', '.join(DOCUMENTS)}.", required=True),
    Field("docNo", _matches(r"[0-9A-Za-z/.-]{1,16}"), "1 to 16 letters, digits, “-”, “/” and “.”.", required=True),
    Field("docDate", lambda value: read_day(as_text(value)) is not None, _DATE, required=True),
    Field("transType", _whole(1, 4, text=True), "A transaction type from 1 to 4.", required=True),
    *(Field(name, _party, _PARTY, required=True) for name in ("fromGstin", "toGstin")),
    *(Field(name, _short(100), "At most 100 characters.") for name in ("fromTrdName", "toTrdName", "transporterName")),
    *(
        Field(f"{side}Addr{line}", _matches(_ADDRESS), "At most 120 letters, digits and @ # - / & . ,")
        for side in ("from", "to")
        for line in (1, 2)
    ),
    *(Field(name, _short(50), "At most 50 characters.") for name in ("fromPlace", "toPlace")),
    *(Field(name, _whole(100_000, 999_999), _PIN, required=True) for name in ("fromPincode", "toPincode")),
    *(
        Field(name, _state, _STATE, required=True)
        for name in ("fromStateCode", "toStateCode", "actualFromStateCode", "actualToStateCode")
    ),
    *(
        Field(name, _number("0.01"), _MONEY)
        for name in ("totalValue", "cgstValue", "sgstValue", "igstValue", "cessValue", "TotNonAdvolVal")
    ),
    Field("OthValue", _number("0.01", signed=True), _MONEY),
    Field("totInvValue", _number("0.01"), _MONEY, required=True),
    Field("transMode", _whole(1, 4, text=True), "1 road, 2 rail, 3 air or 4 ship."),
    Field("transDistance", _whole(0, 4000, text=True), "Whole kilometres from 0 to 4000.", required=True),
    Field("transporterId", _carrier, "A valid GSTIN or a TRANSIN."),
    Field("transDocNo", _matches(r"[0-9A-Za-z/. -]{0,16}"), "At most 16 letters, digits, “-” and “/”."),
    Field("transDocDate", lambda value: read_day(as_text(value)) is not None, _DATE),
    Field("vehicleNo", _matches(VEHICLE_PATTERN), "A registration without spaces, as KA12KA1234."),
    Field("vehicleType", _matches("[RO]"), "R for regular or O for over-dimensional."),
    Field("mainHsnCode", _hsn, "4, 6 or 8 digits."),
    Field("itemList", lambda value: isinstance(value, list) and 0 < len(value) <= LONGEST_LIST,
          f"A list of 1 to {LONGEST_LIST:,} items.", required=True),
)  # fmt: skip
ITEM = (
    Field("itemNo", _number("1"), "A number."),
    *(Field(name, _short(100), "At most 100 characters.") for name in ("productName", "productDesc")),
    Field("hsnCode", _hsn, "4, 6 or 8 digits.", required=True),
    Field("quantity", _number("0.001"), "A number with at most three decimals."),
    Field(
        "qtyUnit",
        _one_of(UNITS),
        "A unit of the master list, three capital letters.",
    ),
    Field("taxableAmount", _number("0.01"), _MONEY, required=True),
    *(Field(name, _number("0.001"), _RATE) for name in ("sgstRate", "cgstRate", "igstRate", "cessRate")),
    Field("cessNonAdvol", _number("0.01"), _MONEY),
)
REPLY = frozenset({"ewayBillNo", "ewayBillDate", "validUpto", "genMode", "status"})
"""Members of the portal's answer, which a downloaded bill carries as well."""


def breaches(values: dict[str, object], fields: tuple[Field, ...], where: str = "") -> Iterator[Breach]:
    """What is missing, malformed or unknown among the members of a bill or an item (`where` “itemList/0/”)."""
    known = {field.name for field in fields} | REPLY
    for field in fields:
        value = values.get(field.name)
        if value is None or value == "":
            if field.required:
                yield Breach(f"field.{field.name}.missing", f"{field.name} is required.", where + field.name)
        elif not field.check(value):
            yield Breach(f"field.{field.name}", field.message, where + field.name)
    for name in sorted(set(values) - known)[:10]:
        shown = name[:40].encode("ascii", "replace").decode()
        yield Breach("field.unknown", f"“{shown}” is not a member of the format.", where + shown, WARNING)
