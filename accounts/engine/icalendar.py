"""A calendar feed that phones and mail programs subscribe to (RFC 5545): whole-day entries, no more."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

LINE = 75
"""Octets of a content line; longer ones go on after CRLF and a space (RFC 5545 §3.1)."""


@dataclass(frozen=True)
class Entry:
    """One day to remember; `uid` stays the same when the entry changes, so calendars replace it."""

    uid: str
    title: str
    on: date
    done: bool
    changed_at: datetime


def feed(*, name: str, entries: Iterable[Entry]) -> str:
    """The calendar as text with CRLF line ends."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//CreditIQ//Reminders//EN",
        "CALSCALE:GREGORIAN",
        f"X-WR-CALNAME:{_escaped(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT12H",
    ]
    for entry in entries:
        lines += _event(entry)
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _event(entry: Entry) -> list[str]:
    alarm = ["BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{_escaped(entry.title)}", "TRIGGER:-P1D", "END:VALARM"]
    return [
        "BEGIN:VEVENT",
        f"UID:{entry.uid}@creditiq",
        f"DTSTAMP:{entry.changed_at.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{entry.on:%Y%m%d}",
        f"DTEND;VALUE=DATE:{entry.on + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_escaped(('Done: ' if entry.done else '') + entry.title)}",
        "TRANSP:TRANSPARENT",
        *([] if entry.done else alarm),
        "END:VEVENT",
    ]


def _escaped(text: str) -> str:
    r"""Text as a value (RFC 5545 §3.3.11).

    >>> _escaped("rent; tax, fees")
    'rent\\; tax\\, fees'
    """
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return " ".join(text.split())


def _folded(line: str) -> str:
    """The line in pieces of at most 75 octets; no character is cut."""
    pieces, piece, size = [], "", 0
    for sign in line:
        width = len(sign.encode())
        if size + width > LINE:
            pieces.append(piece)
            piece, size = " ", 1
        piece, size = piece + sign, size + width
    return "\r\n".join([*pieces, piece])
