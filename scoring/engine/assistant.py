"""What a question about a score is about: fixed intents, recognised by word stems in six languages.

No model is asked: the same question gets the same answer, and the answer is made of stored figures only.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Intent(StrEnum):
    """What the assistant can talk about."""

    SCORE = "score"
    HURTS = "hurts"
    HELPS = "helps"
    IMPROVE = "improve"
    HISTORY = "history"
    PERSON = "person"
    FEATURE = "feature"
    UNKNOWN = "unknown"


STEMS: Final[Mapping[Intent, str]] = MappingProxyType(
    {
        Intent.PERSON: "person human complain dispute mistake व्यक्ति शिकायत आपत्ति माणूस "
        "तक्रार हरकत நபர் புகார் மறுக்க మనిషి ఫిర్యాదు అభ్యంతర ವ್ಯಕ್ತಿ ದೂರು",
        Intent.IMPROVE: "improve raise increase better बढ़ सुधार बेहतर वाढ உயர் மேம்ப పెంచ మెరుగ ಹೆಚ್ಚಿಸ ಸುಧಾರ",
        Intent.HISTORY: "chang histor earlier before previous बदल पहले पिछल इतिहास "
        "आधी मागील மாறி முந்தைய వరకు మారి గత ముందు ಬದಲ ಹಿಂದ",
        Intent.HURTS: "why low hurt weak reduc drop क्यों कम घट ஏன் குறை ఎందుకు తగ్గ తక్కువ ಏಕೆ ಯಾಕೆ ತಗ್ಗ ಕಡಿಮೆ",
        Intent.HELPS: "help good strength मदद अच्छ मदत चांगल உதவ நல்ல సాయ సహాయ మంచి ಸಹಾಯ ಒಳ್ಳೆ",
        Intent.SCORE: "score rating स्कोर अंक स्कोअर மதிப்பெண் స్కోర ಅಂಕ ಸ್ಕೋರ್",
    }
)
"""In the order in which they are asked: whoever asks why the score is low asks why, not how much it is."""


def intent_of(question: str, titles: Mapping[str, str]) -> tuple[Intent, str]:
    """The intent, and for FEATURE the code of the title meant; `titles` by code, in the reader's language.

    >>> intent_of("Why is my score low?", {}), intent_of("மதிப்பெண் எவ்வளவு?", {})
    ((<Intent.HURTS: 'hurts'>, ''), (<Intent.SCORE: 'score'>, ''))
    """
    text = question.casefold()
    named = _named(text, titles)
    if named:
        return Intent.FEATURE, named
    for intent, stems in STEMS.items():
        if any(stem in text for stem in stems.split()):
            return intent, ""
    return Intent.UNKNOWN, ""


def _named(text: str, titles: Mapping[str, str]) -> str:
    """The title that shares most words with the question; two at least, so that one common word decides nothing."""
    words = {word.strip("?.,!।") for word in text.split() if len(word) > 2}
    known = {code: {word.strip(",()") for word in title.casefold().split()} for code, title in titles.items()}
    shared = {code: len(words & spelt) for code, spelt in known.items()}
    best = max(shared, key=lambda code: shared[code], default="")
    return best if best and shared[best] >= 2 else ""
