"""Unit cases of a rule: examples it must decide as its author says, before anybody reviews it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fraud.engine.rules.expressions import BadExpression, Node, matches, value_type
from fraud.engine.rules.facts import FACTS


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One example: what was expected and what the rule said."""

    name: str
    expected: bool
    found: bool

    @property
    def passed(self) -> bool:
        """Whether the rule did as expected."""
        return self.expected == self.found


def check_cases(cases: object) -> None:
    """Raise BadExpression naming the case unless each is {name, facts, expected} over known facts of their type."""
    if not isinstance(cases, Sequence) or isinstance(cases, str):
        raise BadExpression("cases: must be a list")
    for number, case in enumerate(cases):
        place = f"cases[{number}]"
        if not isinstance(case, Mapping) or set(case) != {"name", "facts", "expected"}:
            raise BadExpression(f"{place}: must have name, facts and expected")
        if not isinstance(case["facts"], Mapping) or not isinstance(case["expected"], bool):
            raise BadExpression(f"{place}: facts is an object, expected is true or false")
        for name, value in case["facts"].items():
            if name not in FACTS:
                raise BadExpression(f"{place}: there is no fact {name!r}")
            if value is not None and value_type(value, f"{place}.{name}") != FACTS[name]:
                raise BadExpression(f"{place}.{name}: must be a {FACTS[name]}")


def run_cases(tree: Node, cases: Sequence[Mapping[str, object]]) -> tuple[CaseResult, ...]:
    """What a checked rule says of checked cases.

    >>> rule = {"compare": ">", "left": {"fact": "findings"}, "right": {"value": 1}}
    >>> [r.passed for r in run_cases(rule, [{"name": "two", "facts": {"findings": 2}, "expected": True}])]
    [True]
    """
    results = []
    for case in cases:
        facts = case["facts"]
        found = matches(tree, facts) if isinstance(facts, Mapping) else False
        results.append(CaseResult(str(case["name"]), case["expected"] is True, found))
    return tuple(results)


def unready(results: Sequence[CaseResult]) -> str:
    """Why the rule cannot be reviewed yet; empty when it can: all pass, one expects a match and one expects none.

    >>> unready([])
    'A rule needs a case that it matches and one that it does not.'
    """
    failed = [result.name for result in results if not result.passed]
    if failed:
        return f"These cases fail: {', '.join(failed)}."
    if {result.expected for result in results} != {True, False}:
        return "A rule needs a case that it matches and one that it does not."
    return ""
