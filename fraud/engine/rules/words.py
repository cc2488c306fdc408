"""A rule in lines of words, for people and for the difference between two versions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import ndiff
from typing import NamedTuple

JOINED = {"all": "all of", "any": "any of", "sum": "the sum of", "product": "the product of"}
SIGNS = {">": "is above", ">=": "is at least", "<": "is below", "<=": "is at most", "=": "is"}
INDENT = "\u2003"
"""An em space: a page does not fold it away."""


class Change(NamedTuple):
    """A line of one version, or of both: `kind` is added, removed or kept."""

    kind: str
    text: str


KINDS = {"+ ": "added", "- ": "removed", "  ": "kept"}


def lines_of(tree: object, depth: int = 0) -> Iterator[str]:
    """A checked tree as indented lines.

    >>> rule = {"compare": ">=", "left": {"fact": "findings"}, "right": {"value": 2}}
    >>> list(lines_of({"all": [rule, {"not": {"fact": "screening_complete"}}]}))
    ['all of', '\\u2003findings is at least 2', '\\u2003not: screening complete']
    """
    for operator, words in JOINED.items():
        if isinstance(tree, Mapping) and set(tree) == {operator} and not _is_number(tree):
            yield INDENT * depth + words
            for part in _parts(tree[operator]):
                yield from lines_of(part, depth + 1)
            return
    yield INDENT * depth + phrase(tree)


def phrase(tree: object) -> str:
    """One node on one line.

    >>> phrase({"compare": "=", "left": {"fact": "sector"}, "right": {"value": "textiles"}})
    'sector is “textiles”'
    """
    if not isinstance(tree, Mapping):
        return str(tree)
    if "compare" in tree:
        return f"{phrase(tree['left'])} {SIGNS.get(str(tree['compare']), tree['compare'])} {phrase(tree['right'])}"
    if "fact" in tree:
        return str(tree["fact"]).replace("typology.", "pattern ").replace("_", " ")
    if "value" in tree:
        return f"“{tree['value']}”" if isinstance(tree["value"], str) else str(tree["value"]).lower()
    if "known" in tree:
        return f"{phrase(tree['known'])} is known"
    if "not" in tree:
        return f"not: {phrase(tree['not'])}"
    operator = next(iter(tree))
    return f"{JOINED.get(operator, operator)} ({', '.join(phrase(part) for part in _parts(tree[operator]))})"


def changes(before: object, after: object) -> tuple[Change, ...]:
    """The lines of two trees, marked; all are added when there was none before.

    >>> [kind for kind, _ in changes({"fact": "screening_complete"}, {"not": {"fact": "screening_complete"}})]
    ['removed', 'added']
    """
    old = list(lines_of(before)) if before is not None else []
    marked = ndiff(old, list(lines_of(after)))
    return tuple(Change(KINDS[line[:2]], line[2:]) for line in marked if line[:2] in KINDS)


def _is_number(tree: Mapping[str, object]) -> bool:
    return bool({"sum", "product"} & set(tree))


def _parts(parts: object) -> Sequence[object]:
    return parts if isinstance(parts, Sequence) and not isinstance(parts, str) else ()
