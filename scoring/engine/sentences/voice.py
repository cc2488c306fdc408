"""Reasons told in one of six languages: the same facts and figures, words by deterministic templates.

English has a sentence of its own for every feature (`en.py`); the others tell "label: value", so that nothing has to
agree with a figure in case or number.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from creditiq.kernel.money import short_inr
from scoring.engine.features import catalogue
from scoring.engine.sentences import en, hi, kn, mr, numbers, ta, te
from scoring.engine.sentences.language import Language, Units

ENGLISH: Final = "en"
_SPOKEN: Final = (hi.LANGUAGE, mr.LANGUAGE, ta.LANGUAGE, te.LANGUAGE, kn.LANGUAGE)
LANGUAGES: Final[Mapping[str, Language]] = MappingProxyType({language.code: language for language in _SPOKEN})
CODES: Final = (ENGLISH, *LANGUAGES)
NAMES: Final = ((ENGLISH, "English"), *((code, found.name) for code, found in LANGUAGES.items()))


@dataclass(frozen=True)
class Told:
    """One reason in words: `title`, `sentence` and what can be done about it (empty when nothing)."""

    title: str
    sentence: str
    advice: str


@dataclass(frozen=True)
class Observation:
    """What there is to tell of one feature; value None is missing, peer None unknown.

    `estimated` where firms alike stand in for a missing value.
    """

    feature: str
    value: float | None
    peer: float | None
    points: float
    estimated: bool = False


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


def estimate_in(value: float, feature: str, language: str) -> str:
    """An estimate of a feature and what it is.

    >>> estimate_in(0.5, "filing_compliance_rate", "en")
    '50 %, estimated from similar businesses'
    """
    found = LANGUAGES.get(language)
    frame = found.estimate if found else "{value}, estimated from similar businesses"
    return frame.format(value=value_in(value, unit_of(feature), language))


def why_estimated(language: str) -> str:
    """Said once where a score stands on estimates."""
    found = LANGUAGES.get(language)
    return found.why_estimated if found else en.why_estimated()


def tell(seen: Observation, language: str) -> Told:
    """One reason in `language`; an unknown language is told in English."""
    found = LANGUAGES.get(language)
    title = label(seen.feature, language)
    advice = en.advice(seen.feature) if seen.value is not None and seen.points < 0 else ""
    if found is None:
        return Told(title, _english(seen, title), advice)
    told = found.advice.get(advice, "")
    if seen.value is None:
        frame = found.estimated if seen.estimated else found.missing
        return Told(title, f"{frame.format(label=title)} {_effect(seen.points, found)}", told)
    unit = unit_of(seen.feature)
    stop = "।" if found.code == "hi" else "."
    peers = f" {found.peers.format(value=_reading(seen.peer, unit, found.units))}" if seen.peer is not None else ""
    fact = f"{title}: {_reading(seen.value, unit, found.units)}{stop}"
    return Told(title, f"{fact}{peers} {_effect(seen.points, found)}", told)


def step(feature: str, texts: tuple[str, str], gain: float, score: int, language: str) -> str:
    """One step towards a better score: from and to in words, points gained, and the score as made again."""
    found, title = LANGUAGES.get(language), label(feature, language)
    if found is None:
        return en.path(title, now=texts[0], goal=texts[1], gain=gain, score=score)
    return found.path.format(label=title, now=texts[0], goal=texts[1], points=round(gain), score=score)


def no_step(language: str) -> str:
    """Said where no change is worth naming."""
    found = LANGUAGES.get(language)
    return found.no_path if found else en.no_path()


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
        return en.estimated(title, points=seen.points) if seen.estimated else en.missing(title, points=seen.points)
    unit = unit_of(seen.feature)
    fact = en.fact_of(seen.feature, title, value=seen.value, value_text=numbers.value_text(seen.value, unit))
    peer = None if seen.peer is None else numbers.value_text(seen.peer, unit)
    return en.sentence(fact, peer=peer, points=seen.points)


def _effect(points: float, language: Language) -> str:
    whole = round(abs(points))
    if not whole:
        return language.unmoved
    return (language.raises if points > 0 else language.lowers).format(points=whole)


def unit_of(feature: str) -> str:
    """The unit of a feature of the catalogue; empty for one that is gone from it."""
    entry = catalogue.by_name().get(feature)
    return entry.unit if entry else ""


def _reading(value: float, unit: str, words: Units) -> str:
    reader = READERS.get(unit)
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


READERS: Final[Mapping[str, Callable[[float, Units], str]]] = MappingProxyType(
    {
        "rupees": _rupees,
        "rupees_per_day": lambda value, words: words.a_day.format(value=_rupees(value, words)),
        "count": _count,
        "days": _days,
        "days_per_period": lambda value, words: words.per_return.format(value=_days(value, words)),
        "hours": lambda value, words: words.hours.format(value=numbers.number(value)),
        "bits": lambda value, words: words.bits.format(value=numbers.value_text(value, "")),
        "km_per_lakh": lambda value, words: words.km.format(value=numbers.value_text(value, "")),
        "log_ratio": _growth,
        "flag": lambda value, words: words.yes if value else words.no,
    }
)
