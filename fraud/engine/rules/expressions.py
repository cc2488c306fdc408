"""Rules as data: a typed tree over named facts, read from JSON, checked before it is ever asked.

A node is one of
  {"fact": NAME} · {"value": number, text or boolean}
  {"all": [node, …]} · {"any": [node, …]} · {"not": node}              over booleans
  {"compare": ">" | ">=" | "<" | "<=" | "=", "left": node, "right": node}
  {"sum": [node, …]} · {"product": [node, …]}                          over numbers
  {"known": {"fact": NAME}}                                            whether the fact is there at all
Missing is neither true nor false (Kleene, 1938): a comparison with something missing is missing, and a rule that comes
out missing does not match.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from math import prod
from typing import TypeAlias

from fraud.engine.rules.facts import FACTS, FactType, Value

Node: TypeAlias = Mapping[str, object]
Facts: TypeAlias = Mapping[str, Value]

DEEPEST = 12
COMPARISONS: Mapping[str, Callable[[float, float], bool]] = {
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
}
SHAPES: Mapping[str, frozenset[str]] = {
    "fact": frozenset({"fact"}),
    "value": frozenset({"value"}),
    "known": frozenset({"known"}),
    "not": frozenset({"not"}),
    "all": frozenset({"all"}),
    "any": frozenset({"any"}),
    "sum": frozenset({"sum"}),
    "product": frozenset({"product"}),
    "compare": frozenset({"compare", "left", "right"}),
}


class BadExpression(ValueError):
    """The tree is no rule; the message names the place, as in `all[1].left`."""


def check(tree: object) -> None:
    """Raise BadExpression unless the tree is well formed and comes out true or false.

    >>> check({"compare": ">", "left": {"fact": "findings"}, "right": {"value": 1}})
    >>> check({"fact": "findings"})
    Traceback (most recent call last):
    fraud.engine.rules.expressions.BadExpression: rule: a rule must come out true or false, this is a number
    """
    kind = type_of(tree, "rule", 0)
    if kind != "boolean":
        raise BadExpression(f"rule: a rule must come out true or false, this is a {kind}")


def type_of(tree: object, place: str, depth: int) -> FactType:
    """Type of a node; raises BadExpression naming the place."""
    operator, node = shape(tree, place, depth)
    if operator == "fact":
        return fact_type(node["fact"], place)
    if operator == "value":
        return value_type(node["value"], place)
    if operator == "known":
        type_of(node["known"], f"{place}.known", depth + 1)
        return "boolean"
    if operator == "not":
        return demand(node["not"], "boolean", f"{place}.not", depth)
    if operator == "compare":
        return compared(node, place, depth)
    return listed(node, operator, place, depth)


def shape(tree: object, place: str, depth: int) -> tuple[str, Node]:
    """The operator of a node and the node, which has just the keys that belong to it."""
    if depth > DEEPEST:
        raise BadExpression(f"{place}: nested deeper than {DEEPEST}")
    if not isinstance(tree, Mapping):
        raise BadExpression(f"{place}: must be an object such as {{'fact': 'findings'}}")
    operator = next((name for name, keys in SHAPES.items() if set(tree) == keys), None)
    if operator is None:
        raise BadExpression(f"{place}: unknown node with keys {', '.join(sorted(map(str, tree))) or 'none'}")
    return operator, tree


def fact_type(name: object, place: str) -> FactType:
    """Type of a fact by name."""
    if not isinstance(name, str) or name not in FACTS:
        raise BadExpression(f"{place}: there is no fact {name!r}")
    return FACTS[name]


def value_type(value: object, place: str) -> FactType:
    """Type of a constant."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, str):
        return "text"
    raise BadExpression(f"{place}: a value is a number, a text, true or false")


def demand(tree: object, wanted: FactType, place: str, depth: int) -> FactType:
    """The node must have this type."""
    found = type_of(tree, place, depth + 1)
    if found != wanted:
        raise BadExpression(f"{place}: must be a {wanted}, this is a {found}")
    return wanted


def compared(node: Node, place: str, depth: int) -> FactType:
    """Both sides have one type; only numbers have an order."""
    left = type_of(node["left"], f"{place}.left", depth + 1)
    demand(node["right"], left, f"{place}.right", depth)
    if node["compare"] != "=" and (node["compare"] not in COMPARISONS or left != "number"):
        raise BadExpression(f"{place}: cannot compare a {left} by {node['compare']!r}")
    return "boolean"


def listed(node: Node, operator: str, place: str, depth: int) -> FactType:
    """all and any take booleans, sum and product numbers; at least one."""
    parts = node[operator]
    if not isinstance(parts, Sequence) or isinstance(parts, str) or not parts:
        raise BadExpression(f"{place}.{operator}: must be a list with at least one node")
    wanted: FactType = "boolean" if operator in ("all", "any") else "number"
    for number, part in enumerate(parts):
        demand(part, wanted, f"{place}.{operator}[{number}]", depth)
    return wanted


def matches(tree: Node, facts: Facts) -> bool:
    """Whether a checked rule is true of the facts; missing is not true.

    >>> rule = {"compare": ">=", "left": {"fact": "fraud_confidence"}, "right": {"value": 0.8}}
    >>> matches(rule, {"fraud_confidence": 0.9}), matches(rule, {"fraud_confidence": None})
    (True, False)
    """
    return evaluate(tree, facts) is True


def evaluate(tree: object, facts: Facts) -> Value:
    """Value of a checked node; None: missing."""
    operator, node = shape(tree, "rule", 0)
    if operator == "fact":
        return facts.get(str(node["fact"]))
    if operator == "value":
        return constant(node["value"])
    if operator == "known":
        return evaluate(node["known"], facts) is not None
    if operator == "not":
        inner = evaluate(node["not"], facts)
        return None if inner is None else not inner
    if operator == "compare":
        return comparison(node, facts)
    return combined(operator, [evaluate(part, facts) for part in parts_of(node[operator])])


def constant(value: object) -> Value:
    """A constant of the tree; numbers are floats."""
    if isinstance(value, bool | str):
        return value
    return float(value) if isinstance(value, int | float) else None


def comparison(node: Node, facts: Facts) -> bool | None:
    """The comparison, missing when a side is."""
    left, right = evaluate(node["left"], facts), evaluate(node["right"], facts)
    if left is None or right is None:
        return None
    if node["compare"] == "=":
        return left == right
    if isinstance(left, str) or isinstance(right, str):
        return None
    return COMPARISONS[str(node["compare"])](left, right)


def combined(operator: str, values: Sequence[Value]) -> Value:
    """all, any (Kleene), sum and product (missing when a part is)."""
    if operator in ("all", "any"):
        decisive = operator == "any"
        if decisive in values:
            return decisive
        return None if None in values else not decisive
    numbers = [value for value in values if isinstance(value, int | float)]
    if len(numbers) < len(values):
        return None
    return float(sum(numbers)) if operator == "sum" else float(prod(numbers))


def parts_of(parts: object) -> Sequence[object]:
    """The nodes of a list."""
    return parts if isinstance(parts, Sequence) else ()


def facts_in(tree: object) -> Iterator[str]:
    """Names of the facts a tree reads, in order, repetitions included."""
    if isinstance(tree, Mapping):
        if set(tree) == {"fact"}:
            yield str(tree["fact"])
        for part in tree.values():
            yield from facts_in(part)
    elif isinstance(tree, Sequence) and not isinstance(tree, str):
        for part in tree:
            yield from facts_in(part)
