"""OpenSanctions-style CSV, and FollowTheMoney entities one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Mapping

from creditiq.kernel.nesting import shallow
from fraud.engine.names.entities import ListedEntity, ListedName
from fraud.engine.names.lists.reading import BadList, country_of, date_of, identifier_of, rows_of, text_of
from fraud.engine.names.normalise import kind_of

NEEDED = ("id", "schema", "name")
PAPERS = ("passportNumber", "idNumber", "taxNumber", "registrationNumber", "imoNumber", "leiCode", "innCode", "mmsi")
PLACES = ("nationality", "citizenship", "country", "jurisdiction", "flag")
NAMES = ("name", "alias", "previousName")
LISTED = frozenset({"person", "company", "organization", "legalentity", "publicbody", "vessel", "airplane"})
"""Schemata of bearers of names; addresses, ownerships and the like in the same file are left out."""


def read_targets(content: bytes) -> list[ListedEntity]:
    """Columns id, schema, name, aliases, birth_date, countries, identifiers …; any order, others ignored."""
    rows = rows_of(content)
    header = [name.casefold() for name in next(rows, (0, []))[1]]
    if missing := [name for name in NEEDED if name not in header]:
        raise BadList(f"line 1: no column {', '.join(missing)}; the header names id, schema, name, aliases, …")
    found = []
    for line, row in rows:
        cells = dict(zip(header, row, strict=False))
        if not cells.get("id") or not cells.get("name"):
            raise BadList(f"line {line}: id and name must not be empty")
        found.append(_target(cells))
    return found


def _split(cells: Mapping[str, str], column: str) -> list[str]:
    return [part.strip() for part in cells.get(column, "").split(";") if part.strip()]


def _target(cells: Mapping[str, str]) -> ListedEntity:
    return ListedEntity(
        key=cells["id"],
        kind=kind_of(cells.get("schema", "")),
        names=(ListedName(cells["name"]), *(ListedName(alias) for alias in _split(cells, "aliases"))),
        births=tuple(filter(None, map(date_of, _split(cells, "birth_date")))),
        countries=frozenset(map(country_of, _split(cells, "countries"))),
        identifiers=frozenset(filter(None, map(identifier_of, _split(cells, "identifiers")))),
        programmes=tuple(filter(None, (cells.get("sanctions", ""), cells.get("dataset", "")))),
        addresses=tuple(_split(cells, "addresses")),
    )


def read_ftm(content: bytes) -> list[ListedEntity]:
    """Entities with id, schema and properties. Weak aliases are the property `weakAlias`."""
    found = []
    for line, text in enumerate(text_of(content).splitlines(), 1):
        if text.strip():
            entity = _ftm_line(line, text)
            found += [] if entity is None else [entity]
    return found


def _ftm_line(line: int, text: str) -> ListedEntity | None:
    try:
        read = json.loads(shallow(text.encode()))
    except (ValueError, RecursionError) as problem:
        raise BadList(f"line {line}: not a JSON object: {problem}") from problem
    if not isinstance(read, dict) or not isinstance(read.get("id"), str) or not isinstance(read.get("schema"), str):
        raise BadList(f"line {line}: expected an object with id, schema and properties")
    if read["schema"].casefold() not in LISTED:
        return None
    given = read.get("properties")
    if not isinstance(given, dict):
        raise BadList(f"line {line}: properties must be an object of lists of texts")
    names = [ListedName(name) for place in NAMES for name in _values(given, place)] or [
        ListedName(str(read["caption"])) for _ in range("caption" in read)
    ]
    if not names:
        return None
    return _ftm_entity(str(read["id"]), str(read["schema"]), names, given)


def _values(given: Mapping[str, object], name: str) -> list[str]:
    values = given.get(name, [])
    return [value for value in values if isinstance(value, str) and value.strip()] if isinstance(values, list) else []


def _ftm_entity(key: str, schema: str, names: list[ListedName], given: Mapping[str, object]) -> ListedEntity:
    return ListedEntity(
        key=key,
        kind=kind_of(schema),
        names=(*names, *(ListedName(name, weak=True) for name in _values(given, "weakAlias"))),
        births=tuple(filter(None, map(date_of, _values(given, "birthDate")))),
        countries=frozenset(country_of(value) for place in PLACES for value in _values(given, place)),
        identifiers=frozenset(filter(None, (identifier_of(one) for place in PAPERS for one in _values(given, place)))),
        wallets=frozenset(_values(given, "publicKey")),
        programmes=tuple(_values(given, "topics")),
        remarks=" ".join(_values(given, "notes")),
        addresses=tuple(_values(given, "address")),
    )
