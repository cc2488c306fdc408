"""Evidence as a file: canonical JSON, read strictly."""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, fields
from types import UnionType
from typing import TYPE_CHECKING, TypeVar, get_args, get_origin, get_type_hints

from creditiq.kernel.hashing import canonical_json
from creditiq.kernel.nesting import shallow
from wallets.engine import evidence as rows
from wallets.engine.evidence import SECTIONS, VERSION, Evidence

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    Row = TypeVar("Row", bound=DataclassInstance)
else:
    Row = TypeVar("Row")

MOST_ROWS = 500_000
WORD = 1 << 256
"""Numbers of a chain are below it and never negative."""
LAST_SECOND = 1 << 33
MOST_DECIMALS = 77
"""10⁷⁷ is the largest power of ten that a chain can count to."""


LIMITS = {"at": LAST_SECOND, "since": LAST_SECOND, "until": LAST_SECOND, "decimals": MOST_DECIMALS + 1}
PRICE = re.compile(r"[0-9]{1,40}(\.[0-9]{1,40})?([eE][-+]?[0-9]{1,2})?", re.ASCII)


class UnreadableEvidence(ValueError):
    """The file is not an evidence set; the sentence names the place."""


def write(evidence: Evidence) -> bytes:
    """The one byte string of an evidence set, rows sorted."""
    document: dict[str, object] = {"version": VERSION, "as_of": evidence.as_of, "evidence_root": evidence.root}
    for name in SECTIONS:
        document[name] = sorted((asdict(row) for row in set(getattr(evidence, name))), key=canonical_json)
    return canonical_json(document)


def read(content: bytes) -> Evidence:
    """An evidence set from its file. Raises UnreadableEvidence; a stated root must be the root of the rows."""
    document = _document(content)
    as_of = document.get("as_of")
    if not isinstance(as_of, int) or isinstance(as_of, bool) or not 0 <= as_of < LAST_SECOND:
        raise UnreadableEvidence("as_of must be a whole number of seconds since 1970.")
    evidence = Evidence(
        as_of=as_of,
        wallets=rows_of(rows.WalletRow, document, "wallets"),
        streams=rows_of(rows.StreamRow, document, "streams"),
        transactions=rows_of(rows.TransactionRow, document, "transactions"),
        transfers=rows_of(rows.TransferRow, document, "transfers"),
        logs=rows_of(rows.LogRow, document, "logs"),
        balances=rows_of(rows.BalanceRow, document, "balances"),
        prices=rows_of(rows.PriceRow, document, "prices"),
        health=rows_of(rows.HealthRow, document, "health"),
        tokens=rows_of(rows.Token, document, "tokens"),
        contracts=rows_of(rows.Contract, document, "contracts"),
        risks=rows_of(rows.RiskRow, document, "risks"),
    )
    stated = document.get("evidence_root")
    if stated is not None and stated != evidence.root:
        raise UnreadableEvidence("The rows do not have the evidence root that the file states.")
    return evidence


def _document(content: bytes) -> Mapping[str, object]:
    try:
        document = json.loads(shallow(content), parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise UnreadableEvidence(f"The file is not JSON: {error}") from error
    if not isinstance(document, dict) or document.get("version") != VERSION:
        raise UnreadableEvidence(f"The file must be an object with version {VERSION}.")
    unknown = sorted(set(document) - {"version", "as_of", "evidence_root", *SECTIONS})
    if unknown:
        raise UnreadableEvidence(f"There is no section “{unknown[0]}”.")
    return document


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not a number of JSON")


def rows_of(kind: type[Row], document: Mapping[str, object], name: str) -> tuple[Row, ...]:
    """The rows of a section. Raises UnreadableEvidence naming the row and the field."""
    listed = document.get(name, [])
    if not isinstance(listed, list):
        raise UnreadableEvidence(f"{name} must be a list.")
    if len(listed) > MOST_ROWS:
        raise UnreadableEvidence(f"{name} has more than {MOST_ROWS:,} rows.")
    hints = get_type_hints(kind)
    return tuple(kind(**_fields(kind, hints, row, f"{name}[{place}]")) for place, row in enumerate(listed))


def _fields(kind: type[Row], hints: Mapping[str, object], row: object, where: str) -> dict[str, object]:
    if not isinstance(row, dict):
        raise UnreadableEvidence(f"{where} must be an object.")
    names = {field.name for field in fields(kind)}
    if set(row) != names:
        wrong = min(set(row) ^ names)
        raise UnreadableEvidence(f"{where}.{wrong} is {'missing' if wrong in names else 'not a field'}.")
    return {
        name: _sane(name, _value(hints[name], value, f"{where}.{name}"), f"{where}.{name}")
        for name, value in row.items()
    }


def _sane(name: str, value: object, where: str) -> object:
    """The value where it is one that can be. Raises UnreadableEvidence naming the place and the range."""
    if isinstance(value, int) and not isinstance(value, bool) and not 0 <= value < LIMITS.get(name, WORD):
        raise UnreadableEvidence(f"{where} must be a whole number from 0 to {LIMITS.get(name, WORD) - 1}.")
    if isinstance(value, float) and not 0 <= value <= (1 if name == "complete" else float(WORD)):
        raise UnreadableEvidence(f"{where} must be a number from 0{' to 1' if name == 'complete' else ''}.")
    if name == "usd" and not PRICE.fullmatch(str(value)):
        raise UnreadableEvidence(f"{where} must be dollars as digits with a point, for example 0.9987.")
    return value


def _value(hint: object, value: object, where: str) -> object:
    if get_origin(hint) is UnionType:
        return None if value is None else _value(get_args(hint)[0], value, where)
    if get_origin(hint) is tuple:
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return tuple(value)
    elif hint is float and isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    elif isinstance(hint, type) and isinstance(value, hint) and (hint is bool or not isinstance(value, bool)):
        return value
    raise UnreadableEvidence(f"{where} has the wrong type.")
