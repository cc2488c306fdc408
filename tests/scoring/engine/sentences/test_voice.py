"""Every reason in every language: covered, in its own script, with the same figures."""

import re

import pytest

from scoring.engine.features import catalogue
from scoring.engine.sentences import en
from scoring.engine.sentences.voice import CODES, LANGUAGES, Observation, label, refusal, tell, value_in

SCRIPTS = {
    "hi": "\u0900-\u097f",
    "mr": "\u0900-\u097f",
    "ta": "\u0b80-\u0bff",
    "te": "\u0c00-\u0c7f",
    "kn": "\u0c80-\u0cff",
}
KEPT = {"GST", "UPI", "GSTR"}
"""Latin words that Indian owners read in every script."""


def sample(unit: str) -> float:
    return {"log_ratio": 0.3, "share": 0.4, "flag": 1.0, "rupees": 1_840_000.0}.get(unit, 12.5)


def test_there_are_the_six_languages_of_the_portal() -> None:
    assert CODES == ("en", "hi", "mr", "ta", "te", "kn")


@pytest.mark.parametrize("language", CODES)
def test_every_feature_has_a_sentence_in_every_direction(language: str) -> None:
    for entry in catalogue.entries():
        value = sample(entry.unit)
        told = {
            points: tell(Observation(entry.name, value, value, points), language).sentence
            for points in (25.0, -25.0, 0.1)
        }
        missing = tell(Observation(entry.name, None, None, -3.0), language).sentence
        assert len({*told.values(), missing}) == 4
        assert "25" in told[25.0]
        assert "25" in told[-25.0]
        assert "{" not in "".join((*told.values(), missing))


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_are_in_the_script_of_their_language(language: str) -> None:
    for entry in catalogue.entries():
        told = tell(Observation(entry.name, sample(entry.unit), 1.0, -8.0), language)
        text = f"{told.title} {told.sentence} {told.advice}"
        assert re.search(f"[{SCRIPTS[language]}]", told.title)
        foreign = re.sub(rf"[{SCRIPTS[language]}\u200c\u200d।]", "", text)
        assert set(re.findall(r"[A-Za-z]{2,}", text)) <= KEPT, text
        assert not re.search(r"[\u0900-\u0dff]", foreign), text


@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_are_complete_and_tell_features_apart(language: str) -> None:
    labels = LANGUAGES[language].labels
    assert set(labels) == set(catalogue.names())
    assert len(set(labels.values())) == len(labels)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_advice_is_told(language: str) -> None:
    assert {text.advice for text in en.TEXTS.values() if text.advice} == set(LANGUAGES[language].advice)


@pytest.mark.parametrize("language", CODES)
def test_figures_are_the_same_in_every_language(language: str) -> None:
    assert re.findall(r"[\d.,]+", value_in(1_234_567.0, "rupees", language)) == ["12.34"]
    assert re.findall(r"\d+", value_in(0.917, "share", language)) == ["92"]
    assert value_in(None, "days", language)


@pytest.mark.parametrize("language", CODES)
def test_a_refusal_names_the_firm_and_the_score(language: str) -> None:
    above, below = refusal("Priya Textiles", 512, language)
    assert "Priya Textiles" in above
    assert "512" in above
    assert below


def test_an_unknown_language_and_an_unknown_feature_are_told_in_english() -> None:
    told = tell(Observation("new_one", 3.0, None, 4.0), "xx")
    assert told.sentence == "new one: 3. Effect: +4 points."
    assert label("gst_7d_value", "xx") == "Sales, last 7 days"
