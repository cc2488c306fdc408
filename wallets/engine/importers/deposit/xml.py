"""Account Aggregator deposit XML (ReBIT FI schema): entities and document types are refused, size and depth bounded."""

import io
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from wallets.engine.importers.columns import Context
from wallets.engine.importers.deposit.entries import Row, parse_rows, row_of
from wallets.engine.importers.rejections import Parsed, unreadable

MOST_BYTES = 60_000_000
DEEPEST = 12
"""Levels of the schema are five; more is no deposit document."""


def parse(content: bytes, *, as_of: int, own_gstin: str) -> Parsed:
    """The bank_entries frame of a deposit document, `pointer` being the path of the transaction's element."""
    return parse_rows(_rows(content), Context(as_of, own_gstin))


def _rows(content: bytes) -> Iterator[Row]:
    if len(content) > MOST_BYTES:
        raise unreadable("file.size", f"An XML file of more than {MOST_BYTES // 10**6} MB; split it.")
    account: dict[str, str] = {}
    accounts = transactions = 0
    for event, element in _events(content):
        name = _local(element)
        if event == "start" and name == "Account":
            account, accounts, transactions = dict(element.attrib), accounts + 1, 0
        elif event == "end" and name == "Transaction":
            transactions += 1
            pointer = f"/Account[{accounts}]/Transactions/Transaction[{transactions}]"
            yield row_of(account, {key: value.strip() for key, value in element.attrib.items()}, pointer)
    if not accounts:
        raise unreadable("deposit.account", "The file holds no “Account”; it is no deposit document.")


def _local(element: Element) -> str:
    """Tag without its namespace."""
    return element.tag.rpartition("}")[2]


def _events(content: bytes) -> Iterator[tuple[str, Element]]:
    """Start and end of every element; what has been read is dropped, so memory does not grow with the document."""
    path: list[Element] = []
    try:
        for event, element in iterparse(io.BytesIO(content), events=("start", "end"), forbid_dtd=True):
            if event == "start":
                path.append(element)
                if len(path) > DEEPEST:
                    raise unreadable("xml.depth", f"Elements are nested more than {DEEPEST} deep.")
            yield event, element
            if event == "end":
                path.pop()
                element.clear()
                if path:
                    path[-1].remove(element)
    except DefusedXmlException as error:
        raise unreadable("xml.entities", "Document types and entities are not allowed.") from error
    except (ParseError, UnicodeError, LookupError) as error:
        line = error.position[0] if isinstance(error, ParseError) else 1
        raise unreadable("xml.syntax", "This is not valid XML. Is the file complete?", line=line) from error
