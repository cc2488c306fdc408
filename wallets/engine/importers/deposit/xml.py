"""Account Aggregator deposit XML (ReBIT FI schema): entities and document types are refused, size and depth bounded.

The structure is held against the schema: which element may stand where and how often, what each must say. Further
attributes are let be, since versions differ.
"""

import io
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from wallets.engine.importers.columns import Context, Watch, unwatched
from wallets.engine.importers.deposit.accounts import Account, with_accounts
from wallets.engine.importers.deposit.entries import Row, parse_rows, row_of
from wallets.engine.importers.rejections import Parsed, unreadable

MOST_BYTES = 60_000_000
DEEPEST = 12
"""Levels of the schema are five; more is no deposit document."""

CHILDREN: dict[str, frozenset[str]] = {
    "Account": frozenset({"Profile", "Summary", "Transactions"}),
    "Profile": frozenset({"Holders"}),
    "Holders": frozenset({"Holder"}),
    "Holder": frozenset(),
    "Summary": frozenset({"Pending"}),
    "Pending": frozenset(),
    "Transactions": frozenset({"Transaction"}),
    "Transaction": frozenset(),
}
"""What may stand inside an element of the schema; elements around accounts are the sender's own."""
DESCRIBING = frozenset({"Holders", "Holder", "Summary", "Pending"})
"""Elements that say something of the account itself."""
ONCE = frozenset({"Profile", "Summary", "Transactions", "Holders"})
LONGEST_NAME = 40


def parse(content: bytes, *, as_of: int, own_gstin: str, watch: Watch = unwatched) -> Parsed:
    """The bank_entries frame of a deposit document, `pointer` being the path of the transaction's element."""
    told: list[Account] = []
    parsed = parse_rows(_rows(content, told, own_gstin[2:12]), Context(as_of, own_gstin, watch))
    return with_accounts(parsed, told, as_of=as_of)


def _rows(content: bytes, told: list[Account], own_pan: str) -> Iterator[Row]:
    """Rows of the transactions; what the accounts say of themselves goes to `told`."""
    if len(content) > MOST_BYTES:
        raise unreadable("file.size", f"An XML file of more than {MOST_BYTES // 10**6} MB; split it.")
    account: dict[str, str] = {}
    accounts = transactions = 0
    for event, element in _events(content):
        name = _local(element)
        if event == "start" and name == "Account":
            account, accounts, transactions = dict(element.attrib), accounts + 1, 0
            _check_account(account, f"/Account[{accounts}]")
            told.append(Account(account, f"/Account[{accounts}]", own_pan))
        elif event == "start" and name in DESCRIBING and told:
            told[-1].element(name, element.attrib)
        elif event == "end" and name == "Transaction":
            transactions += 1
            pointer = f"/Account[{accounts}]/Transactions/Transaction[{transactions}]"
            yield row_of(account, {key: value.strip() for key, value in element.attrib.items()}, pointer)
    if not accounts:
        raise unreadable("deposit.account", "The file holds no “Account”; it is no deposit document.")


def _check_account(attributes: dict[str, str], pointer: str) -> None:
    if attributes.get("type", "deposit").lower() != "deposit":
        raise unreadable("deposit.type", "This “Account” is no deposit account: its type is another.", pointer=pointer)


def _check_place(path: list[Element], seen: set[tuple[int, str]]) -> None:
    """Hold the newest element of the path against what its parent may hold; `seen` tells what may come but once."""
    if [_local(element) for element in path[-2:]] == ["Transactions", "Transaction"]:
        return  # nearly every element of a statement
    names = [_local(element) for element in path]
    pointer = "/" + "/".join(_shown(name) for name in names)
    if len(names) > 1 and names[-2] in CHILDREN and names[-1] not in CHILDREN[names[-2]]:
        message = f"“{_shown(names[-1])}” does not belong inside “{names[-2]}”."
        raise unreadable("deposit.structure", message, pointer=pointer)
    if (len(names) == 1 or names[-2] not in CHILDREN) and names[-1] in CHILDREN and names[-1] != "Account":
        message = f"“{names[-1]}” stands outside the element it belongs to."
        raise unreadable("deposit.structure", message, pointer=pointer)
    if names[-1] in ONCE:
        place = (id(path[-2]), names[-1])
        if place in seen:
            raise unreadable("deposit.repeated", f"“{names[-2]}” holds “{names[-1]}” twice.", pointer=pointer)
        seen.add(place)
    elif names[-1] == "Account":
        seen.clear()


def _shown(name: str) -> str:
    return "".join(letter if letter.isprintable() else "�" for letter in name[:LONGEST_NAME])


def _local(element: Element) -> str:
    """Tag without its namespace."""
    return element.tag.rpartition("}")[2]


def _events(content: bytes) -> Iterator[tuple[str, Element]]:
    """Start and end of every element; what has been read is dropped, so memory does not grow with the document."""
    path: list[Element] = []
    seen: set[tuple[int, str]] = set()
    try:
        for event, element in iterparse(io.BytesIO(content), events=("start", "end"), forbid_dtd=True):
            if event == "start":
                path.append(element)
                if len(path) > DEEPEST:
                    raise unreadable("xml.depth", f"Elements are nested more than {DEEPEST} deep.")
                _check_place(path, seen)
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
