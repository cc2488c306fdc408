"""Templates: they compile, stay short, and carry no inline style or script, which the policy would block."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

ROOT = (
    Path(settings.BASE_DIR, "templates") if hasattr(settings, "BASE_DIR") else Path(__file__).parents[2] / "templates"
)
TEMPLATES = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*.html"))
MOST_LINES = 120
TAG = re.compile(
    r"<(?P<name>[a-zA-Z][\w-]*)(?P<attributes>(?:[^<>{}\"']|\"[^\"]*\"|'[^']*'|\{%.*?%\}|\{\{.*?\}\})*)>", re.DOTALL
)
INLINE = re.compile(r"\s(style|on[a-z]+|hx-on[\w:.-]*)\s*=", re.IGNORECASE)
PLOTLY_STYLE = '<style id="plotly.js-style-global" nonce="{{ request.csp_nonce }}"></style>'


def source_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_there_are_templates() -> None:
    assert "base.html" in TEMPLATES


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_template_compiles(name: str) -> None:
    assert get_template(name)


@pytest.mark.parametrize("name", TEMPLATES)
def test_no_template_is_longer_than_120_lines(name: str) -> None:
    assert source_of(name).count("\n") <= MOST_LINES


@pytest.mark.parametrize("name", TEMPLATES)
def test_no_attribute_carries_style_or_script(name: str) -> None:
    outside_quotes = (
        re.sub(r"\"[^\"]*\"|'[^']*'", '""', match["attributes"]) for match in TAG.finditer(source_of(name))
    )

    assert not [attributes for attributes in outside_quotes if INLINE.search(attributes)]


@pytest.mark.parametrize("name", TEMPLATES)
def test_scripts_come_from_files_and_styles_from_sheets(name: str) -> None:
    source = source_of(name).replace(PLOTLY_STYLE, "")
    scripts = re.findall(r"<script\b([^>]*)>", source)

    assert "<style" not in source
    assert all("src=" in script for script in scripts)


@pytest.mark.parametrize("name", TEMPLATES)
def test_nothing_is_fetched_from_another_host(name: str) -> None:
    assert not re.search(r"(?:src|href)=[\"'](?:https?:)?//", source_of(name))
