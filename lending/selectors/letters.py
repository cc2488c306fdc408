"""The letter of a refusal as it is read: its words in a language, and where its clock stands."""

from dataclasses import dataclass
from datetime import datetime

from creditiq.kernel.clock import IST
from lending.engine.letters.words import Letter, LetterFacts, letter, words_of
from lending.models import AdverseLetter, LoanApplication


@dataclass(frozen=True)
class LetterView:
    """A letter with its clock. `standing`: waits, late, delivered or acknowledged."""

    row: AdverseLetter
    words: Letter
    standing: str
    acknowledge: str
    acknowledged: str

    @property
    def tone(self) -> str:
        """How the standing is shown."""
        return {"waits": "neutral", "late": "bad", "delivered": "warn", "acknowledged": "good"}[self.standing]


def letter_view(*, application: LoanApplication, language: str, at: datetime) -> LetterView | None:
    """The letter on an application in a language; None while none was written."""
    row = AdverseLetter.objects.select_related("application", "acknowledged_by").filter(application=application).first()
    if row is None:
        return None
    frame, read = words_of(language), row.acknowledged_at
    return LetterView(
        row=row,
        words=words_in(row, language),
        standing=_standing(row, at),
        acknowledge=frame["acknowledge"],
        acknowledged=frame["acknowledged"].format(day=f"{read.astimezone(IST):%d.%m.%Y}") if read else "",
    )


def words_in(row: AdverseLetter, language: str) -> Letter:
    """What a letter says in a language; the same row always says the same."""
    return letter(LetterFacts(**row.facts), row.codes, language)


def _standing(row: AdverseLetter, at: datetime) -> str:
    if row.acknowledged_at is not None:
        return "acknowledged"
    if row.delivered_at is not None:
        return "delivered"
    return "late" if at.astimezone(IST).date() > row.deliver_by else "waits"
