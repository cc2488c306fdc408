"""Browser files: vendored bytes are what the manifest says, our style sheets stay small, colours can be read."""

import hashlib
import re
from pathlib import Path

import plotly
import pytest

STATIC = Path(__file__).parents[2] / "static"
VENDOR = STATIC / "vendor"
MOST_CSS_BYTES = 20_480
READABLE = 4.5
TINTS = ("good", "fair", "warn", "bad", "accent")
GROUNDS = ("ground", "surface", "sunken")
PAIRS = [
    *((ink, ground) for ink in ("ink", "ink-2", "ink-3", *TINTS) for ground in GROUNDS),
    *((tint, f"{tint}-soft") for tint in TINTS),
    *(("ink", f"{tint}-soft") for tint in TINTS),
    ("ink-3", "accent-soft"),
    ("accent-ink", "accent"),
]


def manifest() -> dict[str, str]:
    lines = (VENDOR / "manifest.sha256").read_text().splitlines()
    return {name: digest for digest, name in (line.split(maxsplit=1) for line in lines)}


def tokens(theme: int) -> dict[str, str]:
    """Colour tokens of the light (0) or the dark (1) theme."""
    text = (STATIC / "css" / "tokens.css").read_text()
    return {name: pair[theme] for name, *pair in re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", text)}


def luminance(colour: str) -> float:
    """Relative luminance of an sRGB colour, WCAG 2.2 definition."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_vendored_files_have_the_bytes_of_the_manifest() -> None:
    found = {name: hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() for name in manifest()}

    assert found == manifest()


def test_every_vendored_file_is_in_the_manifest() -> None:
    present = {path.relative_to(VENDOR).as_posix() for path in VENDOR.rglob("*") if path.is_file()}

    assert {name for name in present if not name.startswith("licences/")} - {"VENDOR.md", "manifest.sha256"} == set(
        manifest()
    )


@pytest.mark.parametrize("bundle", ["cartesian", "gl3d"])
def test_plotly_in_the_browser_is_the_version_python_embeds(bundle: str) -> None:
    embedded = (Path(plotly.__file__).parent / "package_data" / "plotly.min.js").read_text(encoding="utf-8")[:400]
    vendored = (VENDOR / f"plotly-{bundle}.min.js").read_text(encoding="utf-8")[:400]

    assert re.findall(r"v(\d+\.\d+\.\d+)", vendored)[:1] == re.findall(r"v(\d+\.\d+\.\d+)", embedded)[:1] != []


def test_style_sheets_stay_within_twenty_kilobytes() -> None:
    sheets = [STATIC / "css" / f"{name}.css" for name in ("tokens", "base", "components")]

    assert sum(sheet.stat().st_size for sheet in sheets) <= MOST_CSS_BYTES


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), PAIRS)
def test_every_text_colour_can_be_read_on_every_ground_it_stands_on(ink: str, ground: str, theme: int) -> None:
    colours = tokens(theme)

    assert contrast(colours[ink], colours[ground]) >= READABLE


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["ground", "surface"])
def test_the_edge_of_a_field_can_be_seen(ground: str, theme: int) -> None:
    assert contrast(tokens(theme)["line-field"], tokens(theme)[ground]) >= 3


def test_every_script_is_a_module_without_inline_evaluation() -> None:
    sources = {path.name: path.read_text(encoding="utf-8") for path in (STATIC / "js").glob("*.js")}

    assert [
        name for name, text in sources.items() if re.search(r"\beval\(|new Function|innerHTML|document\.write", text)
    ] == []
