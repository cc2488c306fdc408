"""Exemptions are counted: the numbers here may only go down."""

import re
import tomllib

from tests.architecture.sources import ROOT, files_of_tests, product_files

EXEMPTION = re.compile(r"#\s*(noqa|type:\s*ignore|pragma:\s*no cover|pylint:|mypy:)|\bTODO\b|\bFIXME\b")
SKIPPED = re.compile(r"pytest\.mark\.(skip|skipif|xfail)\b|pytest\.xfail\(")
MOCKED = re.compile(r"unittest\.mock|\bMagicMock\b|mocker\b")
FRONT_DOORS = {"models", "models.*", "selectors", "services", "events"}


def configuration() -> dict[str, object]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]


def _matches(pattern: re.Pattern[str]) -> list[str]:
    this = ROOT / "tests" / "architecture" / "test_exemptions.py"
    return [
        f"{path.relative_to(ROOT)}:{number} {line.strip()}"
        for path in product_files() + files_of_tests()
        if path != this
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_line_is_exempt_from_lint_types_or_coverage() -> None:
    assert _matches(EXEMPTION) == []


def test_no_test_is_skipped_for_good_and_none_patches_our_own_code() -> None:
    assert _matches(SKIPPED) == []
    assert _matches(MOCKED) == []


def test_the_import_contracts_ignore_only_the_front_doors() -> None:
    for contract in configuration()["importlinter"]["contracts"]:
        doors = {entry.partition("-> ")[2].partition(".")[2] for entry in contract.get("ignore_imports", [])}
        app = contract["name"].partition(":")[0]
        allowed = FRONT_DOORS | ({"permissions", "audit", "inbox"} if app == "accounts" else set())
        assert doors <= allowed, contract["name"]


def test_the_linters_exceptions_are_these_and_no_more() -> None:
    lint = configuration()["ruff"]["lint"]
    assert lint["ignore"] == ["N818"]
    assert len(lint["per-file-ignores"]) <= 9
