"""Whose account a deposit document speaks of: the PANs of its holders, in XML or JSON."""

import json
from collections.abc import Iterator
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from creditiq.kernel.nesting import shallow
from wallets.engine.connectors.protocol import MOST_BYTES, SourceTrouble, Trouble


def pans(content: bytes) -> frozenset[str]:
    """The PANs told, in capitals; none where the bank tells none. Raises SourceTrouble(TOO_LARGE, UNREADABLE)."""
    if len(content) > MOST_BYTES:
        raise SourceTrouble(Trouble.TOO_LARGE)
    try:
        told = _of_xml(content) if content.lstrip()[:1] == b"<" else _of_json(json.loads(shallow(content)))
        return frozenset(pan.strip().upper() for pan in told if pan.strip())
    except (ParseError, DefusedXmlException, ValueError, RecursionError) as error:
        raise SourceTrouble(Trouble.UNREADABLE, "deposit") from error


def _of_xml(content: bytes) -> Iterator[str]:
    for element in fromstring(content, forbid_dtd=True).iter():
        if element.tag.rpartition("}")[2] == "Holder":
            yield element.get("pan", "")


def _of_json(value: object) -> Iterator[str]:
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    if isinstance(value, dict) and isinstance(value.get("pan"), str):
        yield value["pan"]
    for each in inside:
        yield from _of_json(each)
