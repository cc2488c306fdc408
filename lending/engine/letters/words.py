"""The adverse-action letter in six languages: the frame, and what each reason says to the applicant."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lending.engine.reasons import MOST_STATED, REASONS, Effect

LANGUAGES = ("en", "hi", "mr", "ta", "te", "kn")
FRAME = ("title", "decided", "rights", "grievance", "deadline", "acknowledge", "acknowledged")


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """What a letter is about; texts and dates as they are printed."""

    number: str
    bank: str
    amount: str
    date: str
    deliver_by: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter in one language."""

    language: str
    title: str
    decided: str
    reasons: tuple[str, ...]
    rights: str
    grievance: str
    deadline: str


def letter(facts: LetterFacts, codes: Sequence[str], language: str) -> Letter:
    """The letter for these reason codes, four at most; a language we do not have is answered in English."""
    words = words_of(language)
    return Letter(
        language=language if language in LANGUAGES else "en",
        title=words["title"].format(number=facts.number),
        decided=words["decided"].format(bank=facts.bank, date=facts.date, amount=facts.amount),
        reasons=sentences(codes, language),
        rights=words["rights"],
        grievance=words["grievance"],
        deadline=words["deadline"].format(day=facts.deliver_by),
    )


def sentences(codes: Sequence[str], language: str) -> tuple[str, ...]:
    """What the reasons against say in a language, in the given order, four at most.

    >>> sentences(["score.meets", "debt.existing"], "hi")
    ('मौजूदा ऋण का भार एक और ऋण के लिए बहुत अधिक है।',)
    """
    against = [code for code in codes if code in REASONS and REASONS[code].effect is Effect.AGAINST]
    return tuple(sentence(code, language) for code in against[:MOST_STATED])


def sentence(code: str, language: str) -> str:
    """What one reason says; English is the list itself."""
    return words_of(language).get(code, REASONS[code].statement)


def words_of(language: str) -> Mapping[str, str]:
    """Frame and sentences of a language, English for one we do not have."""
    return _read(language if language in LANGUAGES else "en")


@cache
def _read(known: str) -> Mapping[str, str]:
    """Kept by a language of LANGUAGES only: what a stranger types must not fill the memory."""
    found: dict[str, str] = json.loads(Path(__file__).with_name(f"{known}.json").read_text(encoding="utf-8"))
    return found
