from collections.abc import Callable
from pathlib import Path

import pytest

from scoring.engine.tabular.reading import UnableToRead, read_sheet, resolve

Write = Callable[..., Path]
HEADER = ["a", "b", "bad"]
BODY = [["1", "x, y", "0"], ["2", 'said "no"', "1"], ["3", "", "0"]]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_separator_and_encoding_are_found(write: Write, separator: str, encoding: str) -> None:
    sheet = read_sheet(write(HEADER, BODY, separator=separator, encoding=encoding), target="bad")
    assert sheet.names == ("a", "b", "bad")
    assert sheet.rows == BODY
    assert sheet.warnings == ()


def test_gzip_and_western_code_page_are_read(write: Write) -> None:
    sheet = read_sheet(write(HEADER, [["1", "café", "0"]], encoding="cp1252", packed=True), target="bad")
    assert sheet.column("b") == ["café"]
    assert "not UTF-8" in sheet.warnings[0]


def test_lines_before_the_header_and_headers_again_are_left_out(write: Write) -> None:
    sheet = read_sheet(write(HEADER, [*BODY, HEADER], preface="Exported on 1 April\n"), target="bad")
    assert len(sheet.rows) == 3
    assert any("before the header" in told for told in sheet.warnings)
    assert any("repeat the header" in told for told in sheet.warnings)


def test_columns_named_twice_or_not_at_all_get_names(write: Write) -> None:
    sheet = read_sheet(write(["a", "a", "", "bad"], [["1", "2", "3", "0"]]), target="bad")
    assert sheet.names == ("a", "a (2)", "column 3", "bad")
    assert "'a (2)'" in sheet.warnings[0]


def test_ragged_rows_are_mended_or_left_out(write: Write) -> None:
    sheet = read_sheet(write(HEADER, [*BODY, ["4"], ["5", "x", "1", "9"]]), target="bad")
    assert sheet.rows[-1] == ["4", "", ""]
    assert [told.rpartition(": ")[2] for told in sheet.warnings] == ["line 6", "line 5"]


def test_row_names_without_a_header_are_a_column(write: Write) -> None:
    sheet = read_sheet(write(HEADER, [["r1", *BODY[0]], ["r2", *BODY[1]]]), target="bad")
    assert sheet.names == ("row names", "a", "b", "bad")


def test_a_column_is_found_without_case_and_punctuation() -> None:
    assert resolve(["Default.Payment next", "x"], "default_payment_next", "--target") == "Default.Payment next"


def test_what_cannot_be_read_says_what_to_do(write: Write, tmp_path: Path) -> None:
    with pytest.raises(UnableToRead, match=r"--target: there is no column 'bat'. Did you mean 'bad'"):
        read_sheet(write(HEADER, BODY), target="bat")
    for content, told in ((b"", "empty"), (b"PK\x03\x04", "ZIP"), (b"\x1f\x8bxx", "damaged"), (b"a,bad\n", "no rows")):
        path = tmp_path / "odd.csv"
        path.write_bytes(content)
        with pytest.raises(UnableToRead, match=told):
            read_sheet(path, target="bad")
    with pytest.raises(UnableToRead, match="cannot be opened"):
        read_sheet(tmp_path / "absent.csv", target="bad")


def test_an_open_quotation_mark_and_a_target_named_twice_are_found_where_they_are(write: Write, tmp_path: Path) -> None:
    path = tmp_path / "open.csv"
    path.write_text("a,bad\n1,0\n" + '"2,1\n' + "3,0\n" * 300)
    with pytest.raises(UnableToRead, match=r"open.csv, line 3: a quotation mark is opened and never closed"):
        read_sheet(path, target="bad")
    with pytest.raises(UnableToRead, match=r"--target bad: the header names this column in places 2 and 3"):
        read_sheet(write(["a", "bad", "bad"], [["1", "0", "1"]]), target="bad")
