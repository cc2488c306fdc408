"""Documents: tagged, the same bytes every time, and never fooled by what they show."""

import io
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pypdf
import pytest
from pytest_django.fixtures import Settings

from creditiq.kernel.documents import UNSHOWN, pdf, shown

AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
TEMPLATE = """#import "house.typ": facts, paper, sheet
#show: paper.with(title: facts.title, stamp: facts.at)
#facts.text
#sheet(columns: (1fr, auto), head: ("Name", "Amount"), rows: facts.rows, numbers: (1,))
"""


@pytest.fixture
def desk(tmp_path: Path, settings: Settings) -> None:
    """The house's shared template with one document beside it."""
    base = settings.BASE_DIR
    (tmp_path / "templates" / "documents").mkdir(parents=True)
    (tmp_path / "templates" / "documents" / "house.typ").write_text(
        (base / "templates" / "documents" / "house.typ").read_text()
    )
    (tmp_path / "templates" / "documents" / "sample.typ").write_text(TEMPLATE)
    (tmp_path / "static").symlink_to(base / "static")
    settings.BASE_DIR = tmp_path


def facts(text: str) -> dict[str, object]:
    return {
        "title": "Sample",
        "at": AT,
        "text": text,
        "rows": [["Asha Traders", Decimal("1200.50")], ["₹", "हिन्दी தமிழ் తెలుగు ಕನ್ನಡ"]],
    }


def words(document: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(document)).pages)


def test_a_document_is_tagged_titled_and_dated(desk: None) -> None:
    reader = pypdf.PdfReader(io.BytesIO(pdf("documents/sample.typ", facts("Plain words."), at=AT)))
    assert reader.metadata is not None
    assert reader.metadata.title == "Sample"
    assert reader.metadata.creation_date == AT
    catalogue = reader.trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"]
    assert catalogue["/Lang"] == "en"
    assert "1200.50" in reader.pages[0].extract_text()


def test_the_same_facts_give_the_same_bytes(desk: None) -> None:
    assert pdf("documents/sample.typ", facts("x"), at=AT) == pdf("documents/sample.typ", facts("x"), at=AT)


@pytest.mark.parametrize(
    "text", ['#panic("no")', "$ x $ *bold* _it_ @ref <label>", '#read("/etc/passwd")', '"]); #import "x"', "\\ ` ~ = /"]
)
def test_markup_in_a_value_is_only_text(desk: None, text: str) -> None:
    assert "".join(text.split()) in "".join(words(pdf("documents/sample.typ", facts(text), at=AT)).split())


def test_a_script_without_a_font_is_told_by_number(desk: None) -> None:
    assert "[U+09A7]" in words(pdf("documents/sample.typ", facts("ধ\x07"), at=AT))


def test_every_character_said_to_be_shown_has_a_glyph(desk: None) -> None:
    every = "".join(
        chr(code) for code in range(0x20, 0x2300) if not UNSHOWN.match(chr(code)) and not 0xD800 <= code < 0xE000
    )
    assert len(every) > 400
    assert pdf("documents/sample.typ", facts(" ".join(every)), at=AT)
    assert shown(every) == every


def test_an_unknown_template_is_said_so(desk: None) -> None:
    with pytest.raises(FileNotFoundError):
        pdf("documents/none.typ", {}, at=AT)
