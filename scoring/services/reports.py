"""The score report on paper: tagged PDF in the language asked for, with the reading on record."""

from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.models import User
from creditiq.kernel.clock import IST
from creditiq.kernel.documents import pdf
from scoring.engine.sentences.document import HEADINGS, Headings
from scoring.engine.sentences.numbers import MINUS, signed_points
from scoring.engine.sentences.voice import why_estimated
from scoring.models import ScoreRun
from scoring.selectors import Past, history, told_parts, told_reasons
from scoring.services.explaining import NoNumber

MOST_HISTORY = 12


def print_report(*, run: ScoreRun, language: str, by: User, at: datetime) -> bytes:
    """The run's report as PDF; the same run and language give the same bytes. Raises NoNumber."""
    if run.score is None or run.pd is None:
        raise NoNumber("There is no number to print yet: more evidence is needed first.")
    words = HEADINGS[language]
    with transaction.atomic(durable=True):
        audit.record("score.printed", target=run, at=at, by=by, payload={"language": language})
    past = [answer for answer in history(run.business_id) if answer.as_of <= run.as_of]
    facts = {
        "lang": language,
        "title": words.title.format(name=run.business.trade_name),
        "gstin": run.business.gstin,
        "score": str(run.score),
        "band": words.bands[run.band],
        "likely": words.likely.format(low=run.low, high=run.high),
        "chance": words.chance.format(pd=f"{100 * run.pd:.1f} %"),
        "made": words.made.format(at=f"{run.as_of.astimezone(IST):%d.%m.%Y %H:%M}", version=run.model_name),
        "headings": {name: getattr(words, name) for name in ("score", "reasons", "parts", "history", "dispute")},
        "reasons": [
            [signed_points(reason.points), reason.title, reason.sentence, reason.advice]
            for reason in told_reasons(run, language)
            if reason.top
        ],
        "head": [words.signal, words.observed, words.peers, words.points],
        "parts": _parts(run, language, words),
        "estimated": why_estimated(language) if run.imputed else "",
        "history_head": [words.date, words.score, words.points],
        "past": _past(past[:MOST_HISTORY]),
    }
    return pdf("scoring/report.typ", facts, at=run.as_of)


def _parts(run: ScoreRun, language: str, words: Headings) -> list[list[str]]:
    parts = [
        [part.title, part.value_text, part.peer_text, _exact(part.points)] for part in told_parts(run, language, {})
    ]
    return [[words.start, "", "", f"{run.base_points:.2f}"], *parts, [words.unrounded, "", "", f"{run.points:.2f}"]]


def _past(answers: list[Past]) -> list[list[str]]:
    return [
        [
            f"{answer.as_of.astimezone(IST):%d.%m.%Y}",
            str(answer.score or ""),
            "" if answer.change is None else signed_points(answer.change),
        ]
        for answer in answers
    ]


def _exact(points: float) -> str:
    return f"{points:+.2f}".replace("-", MINUS)
