"""Every door is in the permission matrix."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

from tests.architecture.permission_matrix import KINDS, MATRIX

METHODS = ("get", "post", "put", "patch", "delete")


def _doors(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[tuple[str, list[str]]]:
    """Each path below the site of Django admin, with the methods that a class of views names."""
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from [(path, [])] if pattern.app_name == "admin" else _doors(pattern.url_patterns, path)
        else:
            view = getattr(pattern.callback, "cls", None)
            yield path, [method.upper() for method in METHODS if hasattr(view, method)]


def test_every_door_has_a_row_and_every_row_a_door() -> None:
    doors = {path for path, _ in _doors(get_resolver().url_patterns)}
    assert doors == {row.partition(" ")[2] for row in MATRIX}


def test_every_operation_of_the_interface_has_a_row() -> None:
    operations = {f"{method} {path}" for path, methods in _doors(get_resolver().url_patterns) for method in methods}
    assert operations <= set(MATRIX)


def test_every_row_says_something_of_everybody() -> None:
    assert {row: cells for row, cells in MATRIX.items() if len(cells.split()) != len(KINDS)} == {}
