"""The product's own source files, read as text and as syntax trees."""

import ast
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("creditiq", "accounts", "wallets", "fraud", "scoring", "lending")
APPS = PACKAGES[1:]


@lru_cache(maxsize=1)
def product_files() -> tuple[Path, ...]:
    """Every module of the product, without migrations."""
    found = (path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py")))
    return (ROOT / "manage.py", *(path for path in found if "migrations" not in path.parts))


@lru_cache(maxsize=1)
def files_of_tests() -> tuple[Path, ...]:
    """Every module of the tests."""
    return tuple(sorted((ROOT / "tests").rglob("*.py")))


@lru_cache(maxsize=2048)
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def name_of(path: Path) -> str:
    """The dotted name of a module."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imported(path: Path) -> Iterator[tuple[str, bool]]:
    """Each imported module's dotted name, and whether the import stands at the top of the file."""
    top = set(tree(path).body)
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node in top) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module, node in top
            yield from ((f"{node.module}.{alias.name}", node in top) for alias in node.names)
