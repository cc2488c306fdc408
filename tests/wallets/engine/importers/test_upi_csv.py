"""A file of UPI payments: every line is a good payment or refused by name and line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallets.engine.importers import grid, lines, pieces
from wallets.engine.importers.upi_csv import COLUMNS, TEMPLATE, parse

AS_OF = 1_794_000_000_000_000
HEADER = ",".join(COLUMNS)
GOOD = "612345678901,2026-10-01T11:25:00+05:30,in,1250.00,P2M,success,shop@okaxis,asha@ybl"


def file(*lines: str) -> bytes:
    return "\n".join([HEADER, *lines]).encode()


def test_the_template_is_accepted_whole() -> None:
    parsed = parse(TEMPLATE.encode(), as_of=AS_OF)
    assert (parsed.lines, parsed.refusals, parsed.rows.height) == (2, (), 2)


def test_amounts_become_paise_and_times_become_microseconds() -> None:
    row = parse(file(GOOD), as_of=AS_OF).rows.row(0, named=True)
    assert (row["amount_paise"], row["occurred_at"]) == (125_000, 1_790_834_100_000_000)


def test_a_time_without_a_zone_is_indian_time() -> None:
    naive = GOOD.replace("2026-10-01T11:25:00+05:30", "2026-10-01 11:25:00")
    assert parse(file(naive), as_of=AS_OF).rows["occurred_at"][0] == 1_790_834_100_000_000


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("612345678901", "6123", "upi.reference"),
        ("2026-10-01T11:25:00+05:30", "yesterday", "upi.time"),
        ("2026-10-01T11:25:00+05:30", "2099-01-01T00:00:00Z", "upi.time_future"),
        ("2026-10-01T11:25:00+05:30", "1900-01-01T00:00:00Z", "upi.time_past"),
        (",in,", ",inward,", "upi.direction"),
        ("1250.00", "-5", "upi.amount"),
        ("1250.00", "0.00", "upi.amount"),
        ("1250.00", "NaN", "upi.amount"),
        ("1250.00", "1e3", "upi.amount"),
        ("1250.00", "१२५", "upi.amount"),
        ("1250.00", "1234567890123456789", "upi.amount"),
        ("P2M", "P2X", "upi.kind"),
        ("success", "ok", "upi.status"),
        ("asha@ybl", "asha", "vpa.pattern"),
        ("asha@ybl", "shop@okaxis", "upi.self"),
    ],
)
def test_a_wrong_value_is_refused_with_its_line_field_and_rule(old: str, new: str, rule: str) -> None:
    other = GOOD.replace("78901", "78902") if old not in GOOD[:12] else GOOD
    parsed = parse(file(GOOD, other.replace(old, new)), as_of=AS_OF)
    assert {(refusal.line, refusal.rule) for refusal in parsed.refusals} >= {(3, rule)}
    assert parsed.rows["line"].to_list() == [2]


def test_the_same_payment_twice_in_a_file_is_told() -> None:
    parsed = parse(file(GOOD, GOOD), as_of=AS_OF)
    assert [(refusal.line, refusal.rule) for refusal in parsed.refusals] == [(3, "upi.repeated")]


def test_a_line_with_too_few_values_does_not_shift_the_others() -> None:
    parsed = parse(file("612345678901,in", GOOD), as_of=AS_OF)
    assert [(refusal.line, refusal.rule) for refusal in parsed.refusals] == [(2, "csv.columns")]
    assert parsed.rows["line"].to_list() == [3]


def test_lines_are_counted_as_an_editor_shows_them_when_a_value_holds_a_line_break() -> None:
    parsed = parse(file('"6123\n45",x,in,1,P2P,success,a@b,c@d', GOOD), as_of=AS_OF)
    assert parsed.rows["line"].to_list() == [4]


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "csv.header"),
        (b"reference,amount\n1,2\n", "csv.header"),
        ((HEADER + ",note\n").encode(), "csv.header"),
        ((HEADER + ",vpa\n").encode(), "csv.header"),
        (HEADER.encode("utf-16"), "file.encoding"),
        (HEADER.encode() + b"\nab\x00cd", "file.binary"),
        (b'"reference', "csv.syntax"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(content: bytes, rule: str) -> None:
    parsed = parse(content, as_of=AS_OF)
    assert [refusal.rule for refusal in parsed.refusals] == [rule]
    assert parsed.rows.is_empty()


def test_a_byte_order_mark_and_windows_line_ends_are_fine() -> None:
    content = b"\xef\xbb\xbf" + file(GOOD).replace(b"\n", b"\r\n")
    assert parse(content, as_of=AS_OF).rows.height == 1


def test_a_refused_value_is_never_shown_whole() -> None:
    (refusal,) = parse(file(GOOD.replace("asha@ybl", "9876543210")), as_of=AS_OF).refusals
    assert refusal.value == "98•••10"


@given(st.binary(max_size=400))
def test_no_bytes_crash_the_reader(content: bytes) -> None:
    parsed = parse(HEADER.encode() + b"\n" + content, as_of=AS_OF)
    assert parsed.rows.height + parsed.refused_lines >= 0
    assert set(parsed.rows["line"]).isdisjoint({refusal.line for refusal in parsed.refusals})


def test_a_line_of_broken_csv_does_not_hide_the_lines_after_it() -> None:
    parsed = parse(file('"6123"45,x', GOOD), as_of=AS_OF)
    assert [(refusal.line, refusal.rule) for refusal in parsed.refusals] == [(2, "csv.syntax")]
    assert (parsed.rows["line"].to_list(), parsed.lines, parsed.refused_lines) == ([3], 2, 1)


@pytest.mark.parametrize("columns", [[f"column {number}" for number in range(90)], ["x" * 500, "x" * 500]])
def test_a_header_of_many_or_long_columns_is_refused_in_few_words(columns: list[str]) -> None:
    (refusal,) = parse(",".join([HEADER, *columns]).encode(), as_of=AS_OF).refusals
    assert len(refusal.message) <= 200
    assert len(refusal.field) <= 40


def test_refusals_are_kept_up_to_a_limit_and_counted_beyond_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "MOST_KEPT", 3)
    monkeypatch.setattr(grid, "MOST_KEPT", 3)
    parsed = parse(file(*["a,b"] * 5, *[","] * 5, *[GOOD.replace(",in,", ",no,")] * 5, GOOD), as_of=AS_OF)
    assert [refusal.line for refusal in parsed.refusals] == [2, 3, 4]
    assert (parsed.lines, parsed.refused_lines, parsed.rows.height) == (16, 15, 1)


def test_a_file_of_more_lines_than_memory_holds_is_refused_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "MOST_LINES", 2)
    assert parse(file(GOOD, "a,b"), as_of=AS_OF).rows.height == 1
    parsed = parse(file(GOOD, "a,b", GOOD), as_of=AS_OF)
    assert [(refusal.line, refusal.rule) for refusal in parsed.refusals] == [(4, "file.lines")]
    assert parsed.rows.is_empty()
