"""Lessons for owners, in the six languages of their pages: rows of `guide.json`."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ENGLISH = "en"


@dataclass(frozen=True)
class Lesson:
    """One short lesson in one language; `page` is where to go on."""

    slug: str
    icon: str
    page: str
    language: str
    title: str
    summary: str
    steps: tuple[str, ...]
    onwards: str


@cache
def lessons(language: str) -> tuple[Lesson, ...]:
    """Every lesson in its order, in English where the language has none.

    >>> [lesson.slug for lesson in lessons("en")]
    ['your-score', 'improving-it', 'applying', 'cgtmse', 'mudra', 'raising-a-dispute']
    """
    rows = json.loads((Path(__file__).parent / "guide.json").read_text(encoding="utf-8"))
    return tuple(_lesson(row, language if language in row["words"] else ENGLISH) for row in rows)


def _lesson(row: dict[str, object], language: str) -> Lesson:
    words = row["words"]
    texts: list[str] = list(words[language]) if isinstance(words, dict) else []
    title, summary, *steps, onwards = texts
    return Lesson(str(row["slug"]), str(row["icon"]), str(row["page"]), language, title, summary, tuple(steps), onwards)
