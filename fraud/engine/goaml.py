"""A suspicious-transaction report as goAML XML, and the check against our schema of it.

Follows the public description of the goAML report structure, version 4.0 (January 2013): the elements we fill, in
its order. `goaml.xsd` beside this file is ours; a financial intelligence unit's own schema may be narrower.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lxml import etree

SCHEMA = Path(__file__).with_name("goaml.xsd")
COUNTRY, CURRENCY = "IN", "INR"
RAILS = {"upi": "UPI", "bank": "FT"}
FUNDS = "ELECTRONIC"
LONGEST = 4000
UNWRITABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 has no way to say."""


@dataclass(frozen=True, slots=True)
class Entity:
    """A party: a registered business, or one known only by a pseudonym (no numbers then)."""

    name: str
    trade_name: str = ""
    gstin: str = ""
    pan: str = ""
    business: str = ""
    ours: bool = False


@dataclass(frozen=True, slots=True)
class Payment:
    """One transaction: `at` as local ISO time without a zone, `amount` in rupees with two decimals."""

    number: str
    reference: str
    at: str
    rail: str
    amount: str
    payer: Entity
    payee: Entity


@dataclass(frozen=True, slots=True)
class Submission:
    """Everything the report says."""

    entity_id: int
    reference: str
    submitted_at: str
    first_name: str
    last_name: str
    occupation: str
    reason: str
    action: str
    payments: Sequence[Payment]
    indicators: Sequence[str]


class InvalidReport(ValueError):
    """The document breaks the schema; the message names line and element."""


def goaml(report: Submission) -> str:
    """The report as an XML document that the schema accepts. Raises InvalidReport."""
    root = etree.Element("report")
    _say(root, "rentity_id", str(report.entity_id))
    _say(root, "submission_code", "E")
    _say(root, "report_code", "STR")
    _say(root, "entity_reference", report.reference)
    _say(root, "submission_date", report.submitted_at)
    _say(root, "currency_code_local", CURRENCY)
    person = etree.SubElement(root, "reporting_person")
    _say(person, "first_name", report.first_name)
    _say(person, "last_name", report.last_name)
    _say(person, "occupation", report.occupation)
    _say(root, "reason", report.reason[:LONGEST])
    _say(root, "action", report.action)
    for payment in report.payments:
        _transaction(root, payment)
    indicators = etree.SubElement(root, "report_indicators")
    for code in report.indicators:
        _say(indicators, "indicator", code)
    document: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)
    text = document.decode()
    check(text)
    return text


def check(text: str) -> None:
    """Raise InvalidReport unless the document is what the schema says."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    schema, root = _schema(), etree.fromstring(text.encode(), parser)
    if root.getroottree().docinfo.doctype:
        raise InvalidReport("line 1: a report has no document type")
    if not schema.validate(root):
        first = schema.error_log[0]
        raise InvalidReport(f"line {first.line}: {first.message}")


@cache
def _schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(SCHEMA))


def _say(parent: etree._Element, name: str, text: str) -> None:
    """A child with a text; nothing for an empty one."""
    if text:
        etree.SubElement(parent, name).text = UNWRITABLE.sub("?", text)


def _transaction(root: etree._Element, payment: Payment) -> None:
    node = etree.SubElement(root, "transaction")
    _say(node, "transactionnumber", payment.number)
    _say(node, "internal_ref_number", payment.reference)
    _say(node, "date_transaction", payment.at)
    _say(node, "transmode_code", RAILS.get(payment.rail, "OTHER"))
    _say(node, "amount_local", payment.amount)
    for side, party in (("from", payment.payer), ("to", payment.payee)):
        end = etree.SubElement(node, f"t_{side}_my_client" if party.ours else f"t_{side}")
        _say(end, f"{side}_funds_code", FUNDS)
        _entity(etree.SubElement(end, f"{side}_entity"), party)
        _say(end, f"{side}_country", COUNTRY)


def _entity(node: etree._Element, party: Entity) -> None:
    _say(node, "name", party.name)
    _say(node, "commercial_name", party.trade_name)
    _say(node, "incorporation_number", party.gstin)
    _say(node, "business", party.business)
    if party.gstin:
        _say(node, "incorporation_country_code", COUNTRY)
    _say(node, "tax_number", party.pan)
