"""A policy document as its leaves: what an editor shows, and what one version changes of another."""

from collections.abc import Mapping
from dataclasses import dataclass

SEPARATOR = "."


@dataclass(frozen=True)
class Change:
    """One leaf that differs; None where a document lacks it."""

    path: str
    before: object
    after: object

    @property
    def title(self) -> str:
        """The path in words."""
        return title_of(self.path)

    @property
    def before_text(self) -> str:
        """The value before, as people read it."""
        return _text(self.before)

    @property
    def after_text(self) -> str:
        """The value after, as people read it."""
        return _text(self.after)


def title_of(path: str) -> str:
    """A path in words.

    >>> title_of("bands.low_risk.term_loan")
    'Bands · low risk · term loan'
    """
    return path.replace("_", " ").replace(SEPARATOR, " · ").capitalize()


def _text(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def leaves(document: Mapping[str, object], under: str = "") -> dict[str, object]:
    """Every leaf by its path, in document order; a list is a leaf.

    >>> leaves({"a": {"b": 1, "c": [2]}, "d": "x"})
    {'a.b': 1, 'a.c': [2], 'd': 'x'}
    """
    found: dict[str, object] = {}
    for name, value in document.items():
        path = f"{under}{name}"
        if isinstance(value, Mapping):
            found |= leaves(value, f"{path}{SEPARATOR}")
        else:
            found[path] = value
    return found


def document_of(found: Mapping[str, object]) -> dict[str, object]:
    """The reverse of `leaves`.

    >>> document_of({"a.b": 1, "d": "x"})
    {'a': {'b': 1}, 'd': 'x'}
    """
    document: dict[str, object] = {}
    for path, value in found.items():
        first, _, rest = path.partition(SEPARATOR)
        if not rest:
            document[first] = value
            continue
        inner = document.setdefault(first, {})
        if isinstance(inner, dict):
            inner[rest] = value
    return {name: document_of(value) if isinstance(value, dict) else value for name, value in document.items()}


def changes(before: Mapping[str, object], after: Mapping[str, object]) -> tuple[Change, ...]:
    """What `after` changes, adds and leaves out, by path.

    >>> changes({"a": 1, "b": 2}, {"a": 1, "b": 3, "c": 4})
    (Change(path='b', before=2, after=3), Change(path='c', before=None, after=4))
    """
    old, new = leaves(before), leaves(after)
    paths = [*old, *(path for path in new if path not in old)]
    return tuple(Change(path, old.get(path), new.get(path)) for path in paths if old.get(path) != new.get(path))
