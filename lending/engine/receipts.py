"""A payment and the dues it meets, read from a JSON document and answered as one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import TypeVar

from creditiq.kernel.money import PAISA
from lending.engine.allocation import (
    Allocated,
    Component,
    Due,
    FutureRule,
    Orientation,
    Waterfall,
    allocate,
    oldest_due,
)
from lending.engine.classification import days_past_due, sma

Choice = TypeVar("Choice", bound=StrEnum)

KEYS = {"date", "amount", "orientation", "order", "future", "dues"}
# The JSON Schema (2020-12) of a receipt, as `allocate --help` shows it.
SCHEMA: dict[str, object] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Receipt to allocate",
    "type": "object",
    "required": ["date", "amount", "dues"],
    "additionalProperties": False,
    "properties": {
        "date": {"type": "string", "format": "date", "description": "day the money was received"},
        "amount": {"$ref": "#/$defs/rupees"},
        "orientation": {"enum": [*Orientation], "default": "horizontal"},
        "order": {
            "type": "array",
            "items": {"enum": [*Component]},
            "uniqueItems": True,
            "default": ["interest", "principal", "fee", "penal"],
            "description": "components in the order they are met; those left out follow in the default order",
        },
        "future": {
            "enum": [*FutureRule],
            "default": "hold",
            "description": "money beyond what is due on the date: kept, or used for coming dues",
        },
        "dues": {
            "type": "array",
            "description": "either one component a row, or all components of a due date in one row",
            "items": {
                "oneOf": [
                    {
                        "type": "object",
                        "required": ["component", "amount"],
                        "additionalProperties": False,
                        "properties": {
                            "due": {"type": "string", "format": "date", "description": "the date when left out"},
                            "component": {"enum": [*Component]},
                            "amount": {"$ref": "#/$defs/rupees"},
                        },
                    },
                    {
                        "type": "object",
                        "additionalProperties": False,
                        "properties": {
                            "due": {"type": "string", "format": "date", "description": "the date when left out"},
                            **{component.value: {"$ref": "#/$defs/rupees"} for component in Component},
                        },
                    },
                ]
            },
        },
    },
    "$defs": {"rupees": {"type": ["string", "number"], "description": "rupees ≥ 0 with at most two decimals"}},
}


class UnreadableReceipt(ValueError):
    """The document is not a receipt; `field` is the path to the value to change."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field
        self.message = message


@dataclass(frozen=True, slots=True)
class Receipt:
    """Rupees received on a day, the dues of the loan and the order they are met in."""

    on: date
    amount: Decimal
    dues: tuple[Due, ...]
    waterfall: Waterfall


def read_receipt(document: object) -> Receipt:
    """Read a document of SCHEMA. Raises UnreadableReceipt naming the field."""
    if not isinstance(document, Mapping):
        raise UnreadableReceipt("file", "Give one JSON object with date, amount and dues.")
    _known(document, KEYS, "")
    on = _date(document.get("date"), "date")
    rows = document.get("dues")
    if not isinstance(rows, list):
        raise UnreadableReceipt("dues", "Give a list of dues.")
    return Receipt(
        on=on,
        amount=_rupees(document.get("amount"), "amount"),
        dues=tuple(due for place, row in enumerate(rows) for due in _dues(row, on, f"dues[{place}]")),
        waterfall=Waterfall(
            components=_order(document.get("order", [])),
            orientation=_choice(Orientation, document.get("orientation", Orientation.HORIZONTAL), "orientation"),
            future=_choice(FutureRule, document.get("future", FutureRule.HOLD), "future"),
        ),
    )


def answer(receipt: Receipt) -> dict[str, object]:
    """The allocation as plain values: allocations, left, surplus, dpd_after and sma_after."""
    laid = allocate(receipt.dues, receipt.amount, receipt.on, receipt.waterfall)
    return written(laid, receipt.on)


def written(laid: Allocated, on: date) -> dict[str, object]:
    """An allocation as plain values; money is a string with two decimals."""
    dpd = days_past_due(oldest_due(laid.left, on), on)
    return {
        "allocations": [_row(due) for due in laid.paid],
        "left": [_row(due) for due in laid.left],
        "surplus": f"{laid.surplus:.2f}",
        "dpd_after": dpd,
        "sma_after": sma(dpd),
    }


def _row(due: Due) -> dict[str, str]:
    return {"due": due.due.isoformat(), "component": due.component.value, "amount": f"{due.amount:.2f}"}


def _dues(row: object, on: date, path: str) -> list[Due]:
    if not isinstance(row, Mapping):
        raise UnreadableReceipt(path, "Give an object.")
    due = _date(row["due"], f"{path}.due") if row.get("due") is not None else on
    if "component" in row:
        _known(row, {"due", "component", "amount"}, f"{path}.")
        component = _choice(Component, row["component"], f"{path}.component")
        return [Due(due, component, _rupees(row.get("amount"), f"{path}.amount"))]
    _known(row, {"due", *Component}, f"{path}.")
    present = [component for component in Component if component in row]
    return [Due(due, component, _rupees(row[component], f"{path}.{component}")) for component in present]


def _order(names: object) -> tuple[Component, ...]:
    if not isinstance(names, list):
        raise UnreadableReceipt("order", "Give a list of components.")
    given = [_choice(Component, name, f"order[{place}]") for place, name in enumerate(names)]
    if len(set(given)) != len(given):
        raise UnreadableReceipt("order", "Name each component once.")
    usual = (Component.INTEREST, Component.PRINCIPAL, Component.FEE, Component.PENAL)
    return (*given, *(component for component in usual if component not in given))


def _known(row: Mapping[str, object], keys: set[str], path: str) -> None:
    stranger = next((key for key in row if key not in keys), None)
    if stranger is not None:
        raise UnreadableReceipt(f"{path}{stranger}", f"This field is not known; use {', '.join(sorted(keys))}.")


def _choice(kind: type[Choice], value: object, path: str) -> Choice:
    try:
        return kind(str(value))
    except ValueError as stranger:
        raise UnreadableReceipt(path, f"Choose one of {', '.join(kind)}.") from stranger


def _date(value: object, path: str) -> date:
    try:
        return date.fromisoformat(str(value))
    except ValueError as broken:
        raise UnreadableReceipt(path, "Give a date such as 2026-03-20.") from broken


def _rupees(value: object, path: str) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise UnreadableReceipt(path, "Give rupees, such as 40000.00.")
    try:
        amount = Decimal(value)
        sound = amount.is_finite() and amount >= 0 and amount == amount.quantize(PAISA)
    except InvalidOperation as broken:
        raise UnreadableReceipt(path, "Give rupees, such as 40000.00.") from broken
    if not sound:
        raise UnreadableReceipt(path, "Give rupees of zero or more with at most two decimals.")
    return amount
