"""A language model's wording, held against the facts it was given: nothing new gets through.

A wording is taken only whole. Every sentence names the fact it words, says its direction as the fact does, and holds
no figure, no name and no spelt-out number that the fact does not hold. What cannot be proven is refused: there is
always the fixed sentence to fall back on.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

MOST_BYTES: Final = 32_768
LONGEST_SENTENCE: Final = 600
RAISES, LOWERS, NEITHER = "raises", "lowers", "neither"

SCRIPTS: Final[Mapping[str, str]] = MappingProxyType(
    {"en": "LATIN", "hi": "DEVANAGARI", "mr": "DEVANAGARI", "ta": "TAMIL", "te": "TELUGU", "kn": "KANNADA"}
)


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


UP: Final = _listed("rais increas improv lift boost help gain strength बढ़ा बढ़त मदद वाढ मदत உயர்த்த உதவ పెంచ సాయ ಹೆಚ್ಚಿಸ ಸಹಾಯ")
DOWN: Final = _listed("lower reduc decreas hurt harm pull drag weak घटा घटत कमी குறை తగ్గి ತಗ್ಗಿ")
"""Stems by which a sentence says what a fact does to the score."""
NEGATIONS: Final = _listed("no not never none neither nor नहीं न नाही இல்லை அல்ல లేదు కాదు ಇಲ್ಲ ಅಲ್ಲ")
"""Words that turn a fact round."""

SPELT: Final = _listed(
    """two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty hundred thousand lakh lakhs
    crore crores million billion half quarter third double triple twice thrice dozen percent
    दो तीन चार पाँच पांच छह सात आठ नौ दस बीस सौ हज़ार हजार लाख करोड़ आधा दोगुना दोन पाच सहा नऊ दहा वीस शंभर कोटी निम्मा दुप्पट
    இரண்டு மூன்று நான்கு ஐந்து ஆறு ஏழு எட்டு ஒன்பது பத்து நூறு ஆயிரம் லட்சம் கோடி பாதி
    రెండు మూడు నాలుగు ఐదు ఆరు ఏడు ఎనిమిది తొమ్మిది పది వంద వెయ్యి లక్ష లక్షలు కోటి కోట్లు సగం
    ಎರಡು ಮೂರು ನಾಲ್ಕು ಐದು ಆರು ಏಳು ಎಂಟು ಒಂಬತ್ತು ಹತ್ತು ನೂರು ಸಾವಿರ ಲಕ್ಷ ಕೋಟಿ ಅರ್ಧ"""
)
"""Numbers in words, and scales: they count as figures."""

PLAIN_STARTS: Final = _listed(
    """a about after all also an and another any as at because before being both but by each every for from given had
    has healthy here how however if in it its keep less more most much nothing of on one only other our over overall
    raising reducing since so some such that the their there these they this those though to under until what when
    where which while with within without you your yours"""
)
"""Words an English sentence may begin with although no fact holds them: none of them can be a name."""

_FIGURE = re.compile(r"(?P<sign>[+−-]?)(?P<number>\d[\d,]*(?:\.\d+)?)(?P<percent>\s?%)?")
_WORD = re.compile(r"[^\W\d_]+(?:['’.-][^\W\d_]+)*")
_LINK = re.compile(r"[@<>{}\[\]|\\]|://|www\.|\b\w+\.(?:com|in|org|net|io)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Fact:
    """One thing that may be said: a code of the catalogue (or nothing), what it does to the score, fixed words."""

    code: str
    direction: str
    text: str


class Unfounded(ValueError):
    """The wording says something the facts do not, or is no wording at all."""


def schema(count: int) -> dict[str, object]:
    """JSON schema of an answer about `count` facts."""
    sentence = {
        "type": "object",
        "properties": {
            "fact": {"type": "integer", "minimum": 1, "maximum": count},
            "direction": {"type": "string", "enum": [RAISES, LOWERS, NEITHER]},
            "text": {"type": "string", "maxLength": LONGEST_SENTENCE},
        },
        "required": ["fact", "direction", "text"],
        "additionalProperties": False,
    }
    sentences = {"type": "array", "items": sentence, "minItems": count, "maxItems": count}
    return {
        "type": "object",
        "properties": {"sentences": sentences},
        "required": ["sentences"],
        "additionalProperties": False,
    }


def grounded(answer: str, facts: Sequence[Fact], language: str) -> tuple[str, ...]:
    """The texts of an answer, one per fact in the order of the facts. Raises Unfounded, naming what is wrong.

    >>> fact = Fact("bounced_mandates", "lowers", "Bounced mandates: 3. This lowers your score by 12 points.")
    >>> said = '{"sentences": [{"fact": 1, "direction": "lowers", "text": "Bounced mandates, 3, lower it by %s."}]}'
    >>> grounded(said % "12 points", [fact], "en")
    ('Bounced mandates, 3, lower it by 12 points.',)
    >>> grounded(said % "13 points", [fact], "en")
    Traceback (most recent call last):
    ...
    scoring.engine.grounding.Unfounded: a figure is in no fact
    """
    worded = _read(answer)
    if sorted(worded) != list(range(1, len(facts) + 1)):
        raise Unfounded("not every fact is worded exactly once")
    for place, fact in enumerate(facts, 1):
        direction, text = worded[place]
        if direction != fact.direction:
            raise Unfounded("a direction is wrong")
        check(text, fact, language)
    return tuple(worded[place][1] for place in range(1, len(facts) + 1))


def check(text: str, fact: Fact, language: str) -> None:
    """Whether one text says no more than its fact. Raises Unfounded."""
    if not 0 < len(text) <= LONGEST_SENTENCE or _LINK.search(text) or not text.isprintable():
        raise Unfounded("a text is empty, too long, or carries what no sentence carries")
    if figures(text) - figures(fact.text):
        raise Unfounded("a figure is in no fact")
    _check_direction(text, fact)
    _check_script(text, language)
    _check_names(text, fact, language)


def figures(text: str) -> set[tuple[str, str]]:
    """The figures of a text with what stands to them: number, and %, the sign or nothing.

    Digits of every script count, and grouping does not: १२,३४५ is 12345.

    >>> sorted(figures("₹ 12,34,567, 5.0 % and −9"))
    [('1234567', ''), ('5', '%'), ('9', '−')]
    """
    plain = "".join(str(unicodedata.digit(sign)) if sign.isdigit() else sign for sign in _bare(text))
    found: set[tuple[str, str]] = set()
    for match in _FIGURE.finditer(plain):
        number = match["number"].replace(",", "")
        number = number.rstrip("0").rstrip(".") if "." in number else number
        before = plain[: match.start()][-1:]
        sign = "−" if match["sign"] in {"−", "-"} and not before.isalnum() else ""
        found.add((number, "%" if match["percent"] else sign))
    return found | {(word, "") for word in _words(text) if word in SPELT}


def _bare(text: str) -> str:
    """Without superscripts and other signs that only look like digits: they are refused as letters elsewhere."""
    return "".join(sign if not sign.isdigit() or unicodedata.decimal(sign, None) is not None else "¤" for sign in text)


def _read(answer: str) -> dict[int, tuple[str, str]]:
    """Direction and text by fact. Raises Unfounded for anything but the schema."""
    if len(answer.encode(errors="replace")) > MOST_BYTES:
        raise Unfounded("the answer is too long")
    try:
        body: object = json.loads(answer)
    except (ValueError, RecursionError) as garbage:
        raise Unfounded("the answer is no JSON") from garbage
    rows = body.get("sentences") if isinstance(body, dict) else None
    if not isinstance(rows, list):
        raise Unfounded("the answer has no sentences")
    read = [_row(row) for row in rows]
    if len({place for place, _, _ in read}) != len(read):
        raise Unfounded("not every fact is worded exactly once")
    return {place: (direction, text) for place, direction, text in read}


def _row(row: object) -> tuple[int, str, str]:
    if not isinstance(row, dict) or set(row) != {"fact", "direction", "text"}:
        raise Unfounded("a sentence has other fields than asked")
    place, direction, text = row["fact"], row["direction"], row["text"]
    if type(place) is not int or not isinstance(direction, str) or not isinstance(text, str):
        raise Unfounded("a field of a sentence has the wrong type")
    return place, direction, " ".join(text.split())


def _check_direction(text: str, fact: Fact) -> None:
    """A text may speak of both ways (what hurts, what to raise) only where its fact does."""
    for own, stems in ((RAISES, UP), (LOWERS, DOWN)):
        if fact.direction != own and _speaks(text, stems) and not _speaks(fact.text, stems):
            raise Unfounded("a direction is wrong")
    if NEGATIONS & set(_words(text)) - set(_words(fact.text)) or "n't" in text.replace("’", "'"):
        raise Unfounded("a fact is turned round")


def _speaks(text: str, stems: Iterable[str]) -> bool:
    return any(stem in text.casefold() for stem in stems)


def _check_script(text: str, language: str) -> None:
    names = [unicodedata.name(sign, "").partition(" ")[0] for sign in text if sign.isalpha()]
    own = SCRIPTS[language]
    if set(names) - {own, "LATIN"} or 2 * names.count(own) < len(names):
        raise Unfounded("the text is in another script")


def _check_names(text: str, fact: Fact, language: str) -> None:
    """No name the fact does not hold: in English no new capital, in other languages no new Latin word."""
    known = set(_words(fact.text)) | set(_words(fact.code.replace("_", " ")))
    for match in _WORD.finditer(text):
        word = match.group()
        if word.casefold() in known or not word.isascii():
            continue
        if language != "en":
            raise Unfounded("a word is in no fact")
        starts = text[: match.start()].rstrip()[-1:] in {"", ".", "!", "?"}
        if word != word.lower() and not (starts and word.casefold() in PLAIN_STARTS and word == word.capitalize()):
            raise Unfounded("a name is in no fact")


def _words(text: str) -> list[str]:
    """Words as they compare; combining marks belong to their letters."""
    marked = re.findall(r"(?:[^\W\d_]|[\u0900-\u0963\u0b80-\u0be5\u0c00-\u0c63\u0c80-\u0ce3])+", text)
    return [word.casefold() for word in marked]
