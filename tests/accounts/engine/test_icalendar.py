"""A feed that calendar programs read."""

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from accounts.engine.icalendar import Entry, feed

AT = datetime(2026, 11, 20, 3, 30, tzinfo=UTC)


def test_an_entry_is_a_whole_day_with_an_alarm_the_day_before() -> None:
    text = feed(name="Mine", entries=[Entry("7", "GSTR-3B; October, all", date(2026, 11, 20), False, AT)])
    assert "DTSTART;VALUE=DATE:20261120\r\nDTEND;VALUE=DATE:20261121\r\n" in text
    assert "SUMMARY:GSTR-3B\\; October\\, all\r\n" in text
    assert "UID:7@creditiq\r\nDTSTAMP:20261120T033000Z\r\n" in text
    assert "TRIGGER:-P1D" in text


def test_what_is_done_says_so_and_rings_no_more() -> None:
    text = feed(name="Mine", entries=[Entry("7", "Rent", date(2026, 11, 20), True, AT)])
    assert "SUMMARY:Done: Rent" in text
    assert "VALARM" not in text


@given(st.text(max_size=200))
def test_no_title_breaks_a_line_or_makes_one_too_long(title: str) -> None:
    text = feed(name="Mine", entries=[Entry("7", title, date(2026, 11, 20), False, AT)])
    lines = text.removesuffix("\r\n").split("\r\n")
    assert all(len(line.encode()) <= 75 for line in lines)
    unfolded = text.replace("\r\n ", "").split("\r\n")
    assert sum(line.startswith("SUMMARY:") for line in unfolded) == 1
