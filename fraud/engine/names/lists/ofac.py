"""The OFAC files SDN.CSV, ALT.CSV and ADD.CSV: no header, `-0-` for nothing, facts hidden in the remarks."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from fraud.engine.names.entities import ListedEntity, ListedName
from fraud.engine.names.lists.reading import BadList, country_of, date_of, identifier_of, rows_of
from fraud.engine.names.normalise import Kind

NOTHING = "-0-"
SDN_COLUMNS, ALT_COLUMNS, ADD_COLUMNS = 12, 5, 6
BORN = re.compile(r"\b(?:alt\. )?DOB ([^;]+)")
NATIONAL = re.compile(r"\b(?:nationality|citizen) ([^;.]+)", re.IGNORECASE)
PAPERS = re.compile(
    r"\b(?:Passport|National ID No\.|Tax ID No\.|Identification Number|Registration (?:ID|Number)|SSN|Cedula No\.|"
    r"C\.U\.I\.T\.|National Foreign ID Number|Vessel Registration Identification IMO|IMO|MMSI)"
    r"[ #:]*([A-Z0-9][A-Z0-9./\- ]*)"
)
WALLET = re.compile(r"Digital Currency Address - [A-Z0-9]+ ([A-Za-z0-9]{20,})")
TYPES: dict[str, Kind] = {"individual": "person", "vessel": "vessel", "aircraft": "vessel"}
WEAK = re.compile(r"a\.k\.a\. '([^']+)'")
"""OFAC prints what it calls a weak alias in quotes in the remarks."""


class Parts(NamedTuple):
    """Aliases and addresses by number of the entity."""

    aliases: dict[str, list[str]]
    addresses: dict[str, list[tuple[str, str]]]


def kind_of_row(row: list[str]) -> Kind:
    """individual, vessel and aircraft are said; nothing means an organisation."""
    return TYPES.get(row[2].lower(), "organisation")


def read_sdn(content: bytes, alt: bytes = b"", add: bytes = b"") -> list[ListedEntity]:
    """The entities of SDN.CSV with the aliases of ALT.CSV and the addresses of ADD.CSV. Raises BadList."""
    parts = Parts(_aliases(alt), _addresses(add))
    return [_entity(row, parts) for row in _rows(content, SDN_COLUMNS, "SDN.CSV")]


def _rows(content: bytes, columns: int, name: str) -> Iterator[list[str]]:
    for line, row in rows_of(content):
        if len(row) < columns or not row[0].isdecimal():
            raise BadList(
                f"{name} line {line}: expected a number and {columns} columns in all, found {len(row)}: {row[:2]}"
            )
        yield ["" if field == NOTHING else field for field in row]


def _aliases(content: bytes) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for row in _rows(content, ALT_COLUMNS, "ALT.CSV"):
        if row[3]:
            found[row[0]].append(row[3])
    return found


def _addresses(content: bytes) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in _rows(content, ADD_COLUMNS, "ADD.CSV"):
        address = ", ".join(field for field in row[2:5] if field)
        if address:
            found[row[0]].append((address, row[4]))
    return found


def _entity(row: list[str], parts: Parts) -> ListedEntity:
    remarks = row[11]
    where = parts.addresses.get(row[0], [])
    told = NATIONAL.findall(remarks) or [country for _, country in where if country]
    papers = [*PAPERS.findall(remarks), row[5]]
    return ListedEntity(
        key=row[0],
        kind=kind_of_row(row),
        names=(
            ListedName(row[1]),
            *(ListedName(alias) for alias in parts.aliases.get(row[0], [])),
            *(ListedName(alias, weak=True) for alias in WEAK.findall(remarks)),
        ),
        births=tuple(dict.fromkeys(date for text in BORN.findall(remarks) for date in _dates(text))),
        countries=frozenset(country_of(country) for country in [*told, row[9]] if country),
        identifiers=frozenset(filter(None, (identifier_of(paper.split(" (")[0]) for paper in papers))),
        wallets=frozenset(WALLET.findall(remarks)),
        programmes=tuple(filter(None, re.split(r"[\]\[]+\s*", row[3]))),
        remarks=remarks,
        addresses=tuple(", ".join(filter(None, address)) for address in where),
    )


def _dates(text: str) -> list[str]:
    """`1963`, `12 May 1970`, `1960 to 1962` (both ends)."""
    return [date for part in text.split(" to ") if (date := date_of(part))]
