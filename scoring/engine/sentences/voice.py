"""Reasons told in one of six languages: the same facts and figures, words by deterministic templates.

English has a sentence of its own for every feature (`en.py`); the others tell "label: value", so that nothing has to
agree with a figure in case or number.
"""

import math
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from creditiq.kernel.money import short_inr
from scoring.engine.features import catalogue
from scoring.engine.sentences import en, hi, kn, mr, numbers, ta, te
from scoring.engine.sentences.language import Language, Units

ENGLISH: Final = "en"
LANGUAGES: Final = MappingProxyType({module.LANGUAGE.code: module.LANGUAGE for module in (hi, mr, ta, te, kn)})
CODES: Final = (ENGLISH, *LANGUAGES)


@dataclass(frozen=True)
class Told:
    """One reason in words: `title`, `sentence` and what can be done about it (empty when nothing)."""

    title: str
    sentence: str
    advice: str


@dataclass(frozen=True)
class Observation:
    """What there is to tell of one feature; value None is missing, peer None unknown."""

    feature: str
    value: float | None
    peer: float | None
    points: float


def label(feature: str, language: str) -> str:
    """What a feature is called; the catalogue's English where a language has no word for it."""
    found = LANGUAGES.get(language)
    entry = catalogue.by_name().get(feature)
    english = entry.label if entry else feature.replace("_", " ")
    return found.labels.get(feature, english) if found else english


def value_in(value: float | None, unit: str, language: str) -> str:
    """A value with its unit's words, digits grouped the Indian way.

    >>> value_in(1840000.0, "rupees", "hi"), value_in(1.0, "days", "ta"), value_in(None, "days", "en")
    ('₹ 18.4 लाख', '1 நாள்', 'not known')
    """
    found = LANGUAGES.get(language)
    if found is None:
        return numbers.value_text(value, unit)
    return found.units.unknown if value is None else _reading(value, unit, found.units)


def tell(seen: Observation, language: str) -> Told:
    """One reason in `language`; an unknown language is told in English."""
    found = LANGUAGES.get(language)
    title = label(seen.feature, language)
    advice = en.advice(seen.feature) if seen.value is not None and seen.points < 0 else ""
    if found is None:
        return Told(title, _english(seen, title), advice)
    told = found.advice.get(advice, "")
    if seen.value is None:
        return Told(title, f"{found.missing.format(label=title)} {_effect(seen.points, found)}", told)
    unit = _unit(seen.feature)
    stop = "।" if found.code == "hi" else "."
    peers = f" {found.peers.format(value=_reading(seen.peer, unit, found.units))}" if seen.peer is not None else ""
    fact = f"{title}: {_reading(seen.value, unit, found.units)}{stop}"
    return Told(title, f"{fact}{peers} {_effect(seen.points, found)}", told)


def refusal(name: str, score: int, language: str) -> tuple[str, str]:
    """The line above the reasons of an adverse decision, and the one below."""
    found = LANGUAGES.get(language)
    if found is None:
        return (
            f"These are the main reasons that held the score of {name} at {score}:",
            "You may dispute any figure; when it is corrected, the score is made again.",
        )
    return found.refusal.format(name=name, score=score), found.refusal_end


def _english(seen: Observation, title: str) -> str:
    if seen.value is None:
        return en.missing(title, points=seen.points)
    unit = _unit(seen.feature)
    fact = en.fact_of(seen.feature, title, value=seen.value, value_text=numbers.value_text(seen.value, unit))
    peer = None if seen.peer is None else numbers.value_text(seen.peer, unit)
    return en.sentence(fact, peer=peer, points=seen.points)


def _effect(points: float, language: Language) -> str:
    whole = round(abs(points))
    if not whole:
        return language.unmoved
    return (language.raises if points > 0 else language.lowers).format(points=whole)


def _unit(feature: str) -> str:
    entry = catalogue.by_name().get(feature)
    return entry.unit if entry else ""


def _reading(value: float, unit: str, words: Units) -> str:
    readers = {
        "rupees": _rupees,
        "rupees_per_day": lambda figure, told: told.a_day.format(value=_rupees(figure, told)),
        "count": _count,
        "days": _days,
        "days_per_period": lambda figure, told: told.per_return.format(value=_days(figure, told)),
        "hours": lambda figure, told: told.hours.format(value=numbers.number(figure)),
        "bits": lambda figure, told: told.bits.format(value=numbers.value_text(figure, "")),
        "km_per_lakh": lambda figure, told: told.km.format(value=numbers.value_text(figure, "")),
        "log_ratio": _growth,
        "flag": lambda figure, told: told.yes if figure else told.no,
    }
    reader = readers.get(unit)
    return reader(value, words) if reader else numbers.value_text(value, unit)


def _rupees(value: float, words: Units) -> str:
    return short_inr(Decimal(round(value))).replace("lakh", words.lakh).replace("crore", words.crore)


def _days(value: float, words: Units) -> str:
    figure = numbers.number(value, 0 if abs(value) >= 10 or value == round(value) else 1)
    return (words.day if figure == "1" else words.days).format(value=figure)


def _count(value: float, words: Units) -> str:
    if value == round(value):
        return numbers.number(value)
    return words.about.format(value=numbers.number(value)) if value >= 0.5 else words.fewer_than_one


def _growth(value: float, words: Units) -> str:
    times = math.exp(value)
    if times >= 100.0:
        return words.hundredfold
    if times >= 2.0:
        return words.times_as_much.format(value=numbers.number(times, 1))
    return (words.more if times >= 1 else words.less).format(value=numbers.number(abs(times - 1.0) * 100))
