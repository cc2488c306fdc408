"""Files and functions stay small: what grows is split by noun before it must be."""

import ast
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT, files_of_tests, product_files, tree

LONGEST_MODULE = 400
LONGEST_TEST_MODULE = 450
LONGEST_FUNCTION = 40
LONGEST_TEMPLATE = 120


def _longer_than(most: int, paths: Iterable[Path]) -> dict[str, int]:
    lengths = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in paths}
    return {name: lines for name, lines in lengths.items() if lines > most}


def test_no_module_is_longer_than_400_lines() -> None:
    assert _longer_than(LONGEST_MODULE, product_files()) == {}
    assert _longer_than(LONGEST_TEST_MODULE, files_of_tests()) == {}


def test_no_function_is_longer_than_40_lines() -> None:
    long = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name} ({node.end_lineno - node.lineno + 1})"
        for path in product_files()
        for node in ast.walk(tree(path))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and node.end_lineno - node.lineno + 1 > LONGEST_FUNCTION
    ]
    assert long == []


def test_no_template_is_longer_than_120_lines() -> None:
    assert _longer_than(LONGEST_TEMPLATE, sorted((ROOT / "templates").rglob("*.html"))) == {}


@pytest.mark.parametrize("package", ["creditiq", *("wallets", "fraud", "scoring", "lending")])
def test_the_packages_on_an_engines_path_are_empty(package: str) -> None:
    files = [ROOT / package / "__init__.py", *(ROOT / package / "engine").rglob("__init__.py")]
    assert [str(path) for path in files if path.read_text().strip()] == []


def test_decision_records_are_short() -> None:
    records = sorted((ROOT / "creditiq" / "decisions").glob("*.md"))
    assert len(records) >= 12
    assert [path.name for path in records if len(path.read_text().splitlines()) > 40] == []
