"""The United Nations Security Council consolidated list (XML)."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from fraud.engine.names.entities import ListedEntity, ListedName
from fraud.engine.names.lists.reading import BadList, country_of, date_of, identifier_of

NAMES = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")
WEAK = frozenset({"low", "low quality", "c.k.a."})


def read_un(content: bytes) -> list[ListedEntity]:
    """Individuals and entities. Raises BadList on what is not XML, is unsafe XML, or is another document."""
    try:
        root = fromstring(content)
    except DefusedXmlException as problem:
        raise BadList(
            "the XML declares entities or a document type; a list needs neither, so it is refused"
        ) from problem
    except ParseError as problem:
        raise BadList(f"not well-formed XML: {problem}") from problem
    if root.tag.rpartition("}")[2] != "CONSOLIDATED_LIST":
        raise BadList(f"expected the element CONSOLIDATED_LIST at the top, found {root.tag}")
    people = [_person(found, number) for number, found in enumerate(root.iter("INDIVIDUAL"), 1)]
    return people + [_organisation(found, number) for number, found in enumerate(root.iter("ENTITY"), 1)]


def _text(found: Element, path: str) -> str:
    return " ".join((found.findtext(path) or "").split())


def _texts(found: Element, path: str) -> Iterator[str]:
    for one in found.findall(path):
        if text := " ".join((one.text or "").split()):
            yield text


def _key(found: Element, number: int) -> str:
    key = _text(found, "DATAID")
    if not key:
        raise BadList(f"{found.tag} number {number} has no DATAID")
    return key


def _aliases(found: Element, tag: str) -> Iterator[ListedName]:
    for alias in found.findall(tag):
        weak = _text(alias, "QUALITY").casefold() in WEAK
        for name in (_text(alias, "ALIAS_NAME") or "").split(";"):
            if name.strip():
                yield ListedName(name.strip(), weak)


def _named(found: Element, number: int) -> str:
    name = " ".join(filter(None, (_text(found, tag) for tag in NAMES)))
    if not name:
        raise BadList(f"{found.tag} number {number} has no name")
    return name


def _person(found: Element, number: int) -> ListedEntity:
    written = (ListedName(text) for text in _texts(found, "NAME_ORIGINAL_SCRIPT"))
    return ListedEntity(
        key=_key(found, number),
        kind="person",
        names=(ListedName(_named(found, number)), *written, *_aliases(found, "INDIVIDUAL_ALIAS")),
        births=tuple(dict.fromkeys(filter(None, map(_birth, found.findall("INDIVIDUAL_DATE_OF_BIRTH"))))),
        countries=frozenset(map(country_of, _texts(found, "NATIONALITY/VALUE"))),
        identifiers=frozenset(filter(None, map(identifier_of, _texts(found, "INDIVIDUAL_DOCUMENT/NUMBER")))),
        programmes=tuple(_texts(found, "UN_LIST_TYPE")),
        remarks=" · ".join(filter(None, (_text(found, tag) for tag in ("REFERENCE_NUMBER", "LISTED_ON", "COMMENTS1")))),
        addresses=tuple(_texts(found, "INDIVIDUAL_ADDRESS/COUNTRY")),
    )


def _birth(found: Element) -> str:
    return date_of(_text(found, "DATE") or _text(found, "YEAR") or _text(found, "FROM_YEAR"))


def _organisation(found: Element, number: int) -> ListedEntity:
    written = (ListedName(text) for text in _texts(found, "NAME_ORIGINAL_SCRIPT"))
    return ListedEntity(
        key=_key(found, number),
        kind="organisation",
        names=(ListedName(_named(found, number)), *written, *_aliases(found, "ENTITY_ALIAS")),
        countries=frozenset(map(country_of, _texts(found, "ENTITY_ADDRESS/COUNTRY"))),
        programmes=tuple(_texts(found, "UN_LIST_TYPE")),
        remarks=" · ".join(filter(None, (_text(found, tag) for tag in ("REFERENCE_NUMBER", "LISTED_ON", "COMMENTS1")))),
        addresses=tuple(_texts(found, "ENTITY_ADDRESS/COUNTRY")),
    )
