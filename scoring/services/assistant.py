"""The report assistant: a question about one's own score, answered from the stored run, with its sources."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Final

from django.db import transaction

from accounts import audit
from accounts.models import User
from scoring.engine.assistant import Intent, intent_of
from scoring.engine.explain import LOWERS_RISK, RAISES_RISK
from scoring.engine.grounding import LOWERS, NEITHER, RAISES, Fact
from scoring.engine.mapping import rounded
from scoring.engine.sentences.document import ABLE, HEADINGS
from scoring.engine.sentences.numbers import signed_points
from scoring.engine.sentences.voice import no_step, step
from scoring.models import ScoreRun
from scoring.selectors import ToldReason, history, told_plan, told_reasons
from scoring.services.explaining import NoNumber, plan_of
from scoring.services.wording import NoWording, worded

LONGEST_QUESTION: Final = 300
MOST_SENTENCES: Final = 3


@dataclass(frozen=True)
class Citation:
    """Where a sentence comes from: a score run by its public id, and a feature of it or nothing."""

    score_id: str
    feature: str


@dataclass(frozen=True)
class Said:
    """One sentence with what it stands on."""

    text: str
    source: Citation


@dataclass(frozen=True)
class Answer:
    """What is answered; every figure in it is one of the stored run or of a re-scoring of it.

    `made_by` is "template" or "model"; `why` says why no language model worded it: off, resting, busy, late,
    unreachable, refused; empty when one did, or when there was nothing to word.
    """

    intent: str
    language: str
    sentences: tuple[Said, ...]
    made_by: str = "template"
    why: str = ""


def ask_assistant(*, run: ScoreRun, question: str, language: str, by: User, at: datetime) -> Answer:
    """The answer by fixed sentences, in a language model's words where one is set up and proves true to them.

    The question itself stays here: the model is given facts only. Raises NoNumber, BrokenModel.
    """
    answer = answer_question(run, question, language)
    if answer.intent not in WORDED or not answer.sentences:
        return answer
    try:
        texts = worded(_facts(run, answer), language)
    except NoWording as refused:
        answer = replace(answer, why=str(refused))
    else:
        told = zip(answer.sentences, texts, strict=True)
        answer = replace(answer, sentences=tuple(replace(s, text=text) for s, text in told), made_by="model")
    if answer.why != "off":
        payload = {"intent": answer.intent, "language": language, "made_by": answer.made_by, "why": answer.why}
        with transaction.atomic(durable=True):
            audit.record("score.worded", target=run, at=at, by=by, payload=payload)
    return answer


def _facts(run: ScoreRun, answer: Answer) -> list[Fact]:
    """The sentences as facts. A step of a plan always raises the score; a heading does neither."""
    effects = {part["feature"]: RAISES if part["direction"] == LOWERS_RISK else LOWERS for part in run.waterfall}
    if answer.intent == Intent.IMPROVE:
        effects = dict.fromkeys(effects, RAISES)
    return [Fact(s.source.feature, effects.get(s.source.feature, NEITHER), s.text) for s in answer.sentences]


def answer_question(run: ScoreRun, question: str, language: str) -> Answer:
    """The answer to `question` in `language`, by fixed sentences. Raises NoNumber, BrokenModel."""
    if run.score is None:
        raise NoNumber("There is no score to talk about yet.")
    reasons = told_reasons(run, language)
    intent, named = intent_of(question, {reason.code: reason.title for reason in reasons})
    if intent is Intent.FEATURE:
        said = [_of(run, reason) for reason in reasons if reason.code == named]
    else:
        said = ANSWERS[intent](run, reasons, language)
    return Answer(intent, language, tuple(said))


def _score(run: ScoreRun, _: tuple[ToldReason, ...], language: str) -> list[Said]:
    words = HEADINGS[language]
    texts = (
        f"{words.score}: {run.score}, {words.bands[run.band]}.",
        words.likely.format(low=run.low, high=run.high),
        words.chance.format(pd=f"{100 * (run.pd or 0.0):.1f} %"),
    )
    return [Said(text, Citation(str(run.uuid), "")) for text in texts]


def _hurts(run: ScoreRun, reasons: tuple[ToldReason, ...], _: str) -> list[Said]:
    return [_of(run, reason) for reason in reasons if reason.direction == RAISES_RISK][:MOST_SENTENCES]


def _helps(run: ScoreRun, reasons: tuple[ToldReason, ...], _: str) -> list[Said]:
    return [_of(run, reason) for reason in reasons if reason.direction == LOWERS_RISK][:MOST_SENTENCES]


def _improve(run: ScoreRun, _: tuple[ToldReason, ...], language: str) -> list[Said]:
    plan = plan_of(run)
    if plan is None or not plan.steps:
        return [Said(no_step(language), Citation(str(run.uuid), ""))]
    said, reached = [], plan.now.points
    for told in told_plan(plan, language):
        lead, reached = told.changes[0], reached + told.gain
        text = step(lead.feature, (lead.now_text, lead.goal_text), told.gain, rounded(reached), language)
        said.append(Said(text, Citation(str(run.uuid), lead.feature)))
    return said


def _history(run: ScoreRun, _: tuple[ToldReason, ...], language: str) -> list[Said]:
    words = HEADINGS[language]
    past = [answer for answer in history(run.business_id) if answer.score is not None][:MOST_SENTENCES]
    return [
        Said(
            f"{words.date} {answer.as_of:%d.%m.%Y}: {answer.score}"
            + ("." if answer.change is None else f" ({signed_points(answer.change)})."),
            Citation(str(answer.uuid), ""),
        )
        for answer in past
    ]


def _person(run: ScoreRun, _: tuple[ToldReason, ...], language: str) -> list[Said]:
    return [Said(HEADINGS[language].dispute, Citation(str(run.uuid), ""))]


def _unknown(run: ScoreRun, _: tuple[ToldReason, ...], language: str) -> list[Said]:
    return [Said(ABLE[language], Citation(str(run.uuid), ""))]


def _of(run: ScoreRun, reason: ToldReason) -> Said:
    return Said(f"{reason.sentence} {reason.advice}".strip(), Citation(str(run.uuid), reason.feature))


ANSWERS: Final[Mapping[Intent, Callable[[ScoreRun, tuple[ToldReason, ...], str], list[Said]]]] = MappingProxyType(
    {
        Intent.SCORE: _score,
        Intent.HURTS: _hurts,
        Intent.HELPS: _helps,
        Intent.IMPROVE: _improve,
        Intent.HISTORY: _history,
        Intent.PERSON: _person,
        Intent.UNKNOWN: _unknown,
    }
)

WORDED: Final = frozenset({Intent.SCORE, Intent.HURTS, Intent.HELPS, Intent.IMPROVE, Intent.FEATURE})
"""What a language model may word; the other answers are dates and fixed offers of help."""
