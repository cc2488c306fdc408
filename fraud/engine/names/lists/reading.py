"""What all list formats share: bytes to text, dates as lists write them, countries and identifiers in one form."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

ENCODINGS = ("utf-8-sig", "cp1252")
MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTHS = {name: number for number, name in enumerate(MONTH_NAMES, 1)}
ISO = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?")
WRITTEN = re.compile(r"(?:(\d{1,2})\s+)?(?:([A-Za-z]{3})[a-z]*\.?\s+)?(\d{4})")
SLASHED = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})")
LONGEST_FIELD = 1_000_000
LARGEST = 300_000_000
"""Bytes of one file; the largest public list is about half of it."""


class BadList(ValueError):
    """A file that is no list of this format; says which line or field, and what was expected."""


def text_of(content: bytes) -> str:
    """The file as text: UTF-16 and UTF-8 by their marks, UTF-8, else Windows-1252, in which every list fits."""
    if len(content) > LARGEST:
        raise BadList(f"the file has {len(content)} bytes, more than the {LARGEST} allowed")
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return _decoded(content, "utf-16")
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1")


def _decoded(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as problem:
        raise BadList(f"the file begins like {encoding} text but is not: {problem.reason}") from problem


def rows_of(content: bytes, delimiter: str = ",") -> Iterator[tuple[int, list[str]]]:
    """Line number and fields of each row of a CSV; the end-of-file mark of DOS and blank rows are left out."""
    csv.field_size_limit(LONGEST_FIELD)
    reader = csv.reader(
        io.StringIO(text_of(content).replace("\x1a", "").replace("\x00", ""), newline=""), delimiter=delimiter
    )
    try:
        for row in reader:
            if any(field.strip() for field in row):
                yield reader.line_num, [field.strip() for field in row]
    except csv.Error as problem:
        raise BadList(f"line {reader.line_num}: {problem}") from problem


def date_of(text: str) -> str:
    """A date as ISO, as precise as written: 1970, 1970-05, 1970-05-12; empty when none is in it.

    >>> date_of("12 May 1970"), date_of("circa 1963"), date_of("1970-5-2"), date_of("31/12/1980")
    ('1970-05-12', '1963', '1970-05-02', '1980-12-31')
    """
    if found := SLASHED.search(text):
        return _joined(found[3], found[2], found[1])
    if (found := ISO.match(text.strip())) and (found[2] or text.strip() == found[1]):
        return _joined(found[1], found[2], found[3])
    if found := WRITTEN.search(text):
        month = MONTHS.get((found[2] or "").lower())
        return _joined(found[3], str(month) if month else None, found[1] if month else None)
    return ""


def _joined(year: str, month: str | None, day: str | None) -> str:
    if not month or not 1 <= int(month) <= 12:
        return year
    if not day or not 1 <= int(day) <= 31:
        return f"{year}-{int(month):02d}"
    return f"{year}-{int(month):02d}-{int(day):02d}"


def identifier_of(text: str) -> str:
    """Letters and digits in upper case; what is shorter than five identifies nobody and is empty."""
    kept = re.sub(r"[^0-9A-Za-z]", "", text).upper()
    return kept if len(kept) > 4 else ""


COUNTRIES = {
    "in": "india", "indian": "india", "ind": "india", "us": "united states", "usa": "united states",
    "american": "united states", "gb": "united kingdom", "uk": "united kingdom", "british": "united kingdom",
    "ru": "russia", "rus": "russia", "russian federation": "russia", "russian": "russia", "ir": "iran",
    "iran (islamic republic of)": "iran", "iranian": "iran", "iq": "iraq", "iraqi": "iraq", "sy": "syria",
    "syrian arab republic": "syria", "syrian": "syria", "kp": "north korea", "korea, north": "north korea",
    "democratic people's republic of korea": "north korea", "pk": "pakistan", "pakistani": "pakistan",
    "af": "afghanistan", "afghan": "afghanistan", "cn": "china", "chinese": "china", "bd": "bangladesh",
    "lk": "sri lanka", "np": "nepal", "by": "belarus", "ua": "ukraine", "ye": "yemen", "lb": "lebanon", "ly": "libya",
    "ve": "venezuela", "cu": "cuba", "mm": "myanmar", "burma": "myanmar", "sa": "saudi arabia",
    "ae": "united arab emirates",
    "so": "somalia", "sd": "sudan", "tr": "turkey", "türkiye": "turkey", "eg": "egypt", "de": "germany", "fr": "france",
}  # fmt: skip


def country_of(text: str) -> str:
    """A country by its lower-case English name; codes and nationalities that we know are written out."""
    name = text.strip().casefold()
    return COUNTRIES.get(name, name)
