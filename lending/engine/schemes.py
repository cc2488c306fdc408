"""Which public schemes fit a business and a loan: rows of rules, each answered with its evidence."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from lending.engine.dossier import Dossier
from lending.engine.eligibility import Answer, Check, answer, overall
from lending.engine.msme import msme_category

SCHEMES = Path(__file__).with_name("schemes.json")

Fact = str | bool | Decimal | None
Value = str | bool | tuple[str, ...]


class MalformedScheme(ValueError):
    """A row of the scheme table cannot be read."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: a fact of the business compared with a value; `op` is is, in, at_most or at_least."""

    words: str
    fact: str
    op: str
    value: Value


@dataclass(frozen=True, slots=True)
class Scheme:
    """A scheme with its rules; `most` rupees, `since` the day of these rules, not `confirmed`: shown as such."""

    code: str
    name: str
    gives: str
    most: Decimal | None
    source: str
    since: date
    confirmed: bool
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Fit:
    """The answer of one scheme: True eligible, False not, None when only unknowns stand in the way."""

    scheme: Scheme
    checks: tuple[Check, ...]

    @property
    def eligible(self) -> bool | None:
        """All rules together; an unknown never passes."""
        return overall(self.checks)


def match(schemes: Sequence[Scheme], facts: Mapping[str, Fact], on: date) -> tuple[Fit, ...]:
    """Every scheme in force on the day, with the answer of each of its rules."""
    return tuple(
        Fit(scheme, tuple(_check(rule, facts) for rule in scheme.rules)) for scheme in schemes if scheme.since <= on
    )


def facts_of(dossier: Dossier, income_sectors: Sequence[str]) -> dict[str, Fact]:
    """What a dossier knows of the facts schemes ask for; what it does not say is unknown."""
    firm, flows, fraud, request = dossier.firm, dossier.flows, dossier.fraud, dossier.request
    category = msme_category(flows.turnover, firm.registered)
    return {
        "class": category.value if category else None,
        "udyam": firm.udyam,
        "pan": firm.pan,
        "gst": True,
        "constitution": firm.constitution,
        "income_activity": firm.sector in income_sectors,
        "vintage_months": Decimal(firm.vintage_months),
        "default_seen": flows.default_seen,
        "filing_gaps": None if flows.filing_gaps is None else Decimal(flows.filing_gaps),
        "held": None if fraud.screening is None else fraud.held or fraud.confirmed,
        "amount": request.amount if request else None,
    }


def shipped() -> tuple[Scheme, ...]:
    """The schemes this version knows."""
    return from_rows(json.loads(SCHEMES.read_text()))


def from_rows(rows: Iterable[Mapping[str, object]]) -> tuple[Scheme, ...]:
    """Read the scheme table. Raises MalformedScheme naming the scheme."""
    return tuple(_scheme(row) for row in rows)


def _scheme(row: Mapping[str, object]) -> Scheme:
    rules, most = row["rules"], row["most"]
    if not isinstance(rules, list):
        raise MalformedScheme(f"{row['code']}: rules is not a list")
    return Scheme(
        code=str(row["code"]),
        name=str(row["name"]),
        gives=str(row["gives"]),
        most=None if most is None else Decimal(str(most)),
        source=str(row["source"]),
        since=date.fromisoformat(str(row["from"])),
        confirmed=row["confirmed"] is True,
        rules=tuple(_rule(rule, str(row["code"])) for rule in rules),
    )


def _rule(row: Mapping[str, object], scheme: str) -> Rule:
    op, value = str(row["op"]), row["value"]
    if op not in _COMPARE:
        raise MalformedScheme(f"{scheme}: {op} is not a comparison")
    read: Value = tuple(str(item) for item in value) if isinstance(value, list) else str(value)
    return Rule(str(row["rule"]), str(row["fact"]), op, value if isinstance(value, bool) else read)


def _check(rule: Rule, facts: Mapping[str, Fact]) -> Check:
    fact = facts.get(rule.fact)
    if fact is None:
        return Check(rule.words, Answer.UNKNOWN, "not known yet")
    return Check(rule.words, answer(_COMPARE[rule.op](fact, rule.value)), _words(fact))


def _words(fact: str | bool | Decimal) -> str:
    if isinstance(fact, bool):
        return "yes" if fact else "no"
    return fact.replace("_", " ") if isinstance(fact, str) else f"{fact:f}"


def _number(value: object) -> Decimal:
    try:
        return Decimal(str(value))
    except InvalidOperation as broken:
        raise MalformedScheme(f"{value} is not a number") from broken


_COMPARE: dict[str, Callable[[Fact, Value], bool]] = {
    "is": lambda fact, value: fact is value,
    "in": lambda fact, value: isinstance(value, tuple) and fact in value,
    "at_most": lambda fact, value: _number(fact) <= _number(value),
    "at_least": lambda fact, value: _number(fact) >= _number(value),
}
