"""Other scripts to Latin letters: Devanagari, Telugu, Kannada, Tamil, Arabic, Cyrillic, Chinese and a few more.

Tables follow the common practice of passports and press (BGN/PCGN for Cyrillic, Hunterian for Indic, Hanyu Pinyin
for Chinese) without diacritics. Letters of a script we do not know are dropped: missing is not a mismatch.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

from fraud.engine.names.pinyin import PINYIN


def _table(letters: str, latin: str) -> dict[str, str]:
    return {letter: "" if sound == "-" else sound for letter, sound in zip(letters, latin.split(), strict=True)}


CYRILLIC = _table(
    "абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґўјљњћђџ",
    "a b v g d e e zh z i y k l m n o p r s t u f kh ts ch sh shch - y - e yu ya i i e g u j lj nj c dj dz",
)
GREEK = _table("αβγδεζηθικλμνξοπρσςτυφχψω", "a v g d e z i th i k l m n x o p r s s t y f ch ps o")
GEORGIAN = _table(
    "აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ",
    "a b g d e v z t i k l m n o p zh r s t u p k gh q sh ch ts dz ts ch kh j h",
)
ARMENIAN = _table(
    "աբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆև",
    "a b g d e z e e t zh i l kh ts k h dz gh ch m y n sh o ch p j r s v t r ts u p k o f ev",
)
HEBREW = _table("אבגדהוזחטיכךלמםנןסעפףצץקרשת", "a b g d h v z h t y k k l m m n n s a p p ts ts k r sh t")
ARABIC = _table(
    "ابتثجحخدذرزسشصضطظعغفقكلمنهويىةأإآؤئءپچژگکیہےٹڈڑںھۀ",
    "a b t th j h kh d dh r z s sh s d t z a gh f q k l m n h w y a a a i a w y - p ch zh g k y h e t d r n h e",
)
LETTERS = {**CYRILLIC, **GREEK, **GEORGIAN, **ARMENIAN, **HEBREW, **ARABIC}

# The Indic blocks of Unicode share one layout (ISCII): offset from the start of the block → sound.
INDIC_BLOCKS = (0x0900, 0x0980, 0x0A00, 0x0A80, 0x0B00, 0x0B80, 0x0C00, 0x0C80, 0x0D00)
INDIC_VOWELS = {
    0x05: "a", 0x06: "a", 0x07: "i", 0x08: "i", 0x09: "u", 0x0A: "u", 0x0B: "ri", 0x0D: "e", 0x0E: "e", 0x0F: "e",
    0x10: "ai", 0x11: "o", 0x12: "o", 0x13: "o", 0x14: "au",
}  # fmt: skip
INDIC_SIGNS = {
    0x3E: "a", 0x3F: "i", 0x40: "i", 0x41: "u", 0x42: "u", 0x43: "ri", 0x45: "e", 0x46: "e", 0x47: "e", 0x48: "ai",
    0x49: "o", 0x4A: "o", 0x4B: "o", 0x4C: "au",
}  # fmt: skip
INDIC_CONSONANTS = dict(
    zip(
        range(0x15, 0x3A),
        [
            "k",
            "kh",
            "g",
            "gh",
            "n",
            "ch",
            "chh",
            "j",
            "jh",
            "n",
            "t",
            "th",
            "d",
            "dh",
            "n",
            "t",
            "th",
            "d",
            "dh",
            "n",
            "n",
            "p",
            "ph",
            "b",
            "bh",
            "m",
            "y",
            "r",
            "r",
            "l",
            "l",
            "zh",
            "v",
            "sh",
            "sh",
            "s",
            "h",
        ],
        strict=True,
    )
)
NUKTA, VIRAMA, ANUSVARA, CANDRABINDU, VISARGA = 0x3C, 0x4D, 0x02, 0x01, 0x03
WITH_NUKTA = {"k": "q", "j": "z", "ph": "f", "d": "r", "dh": "rh"}
DEVANAGARI = 0x0900
HANGUL_FIRST, HANGUL_LAST = 0xAC00, 0xD7A3
LEADS = ["g", "kk", "n", "d", "tt", "r", "m", "b", "pp", "s", "ss", "-", "j", "jj", "ch", "k", "t", "p", "h"]
MIDDLES = [
    "a",
    "ae",
    "ya",
    "yae",
    "eo",
    "e",
    "yeo",
    "ye",
    "o",
    "wa",
    "wae",
    "oe",
    "yo",
    "u",
    "wo",
    "we",
    "wi",
    "yu",
    "eu",
    "ui",
    "i",
]
TAILS = [
    "-",
    "k",
    "k",
    "k",
    "n",
    "n",
    "n",
    "t",
    "l",
    "k",
    "m",
    "l",
    "l",
    "l",
    "p",
    "l",
    "m",
    "p",
    "p",
    "t",
    "t",
    "ng",
    "t",
    "t",
    "k",
    "t",
    "p",
    "t",
]


def romanise(text: str) -> str:
    """`text` in lower-case Latin letters, word for word; what is Latin already only loses its marks.

    >>> romanise("Сергей Лавров"), romanise("राजेश कुमार"), romanise("习近平")
    ('sergey lavrov', 'rajesh kumar', 'xi jin ping')
    """
    if text.isascii():
        return text.lower()
    out: list[str] = []
    for word in unicodedata.normalize("NFKC", text.replace("\u0640", "")).lower().split():
        out.append(_word(word))
    return " ".join(" ".join(out).split())


def _word(word: str) -> str:
    first = _deciding(word)
    for within, read in READERS:
        if within(first):
            return read(word)
    return "".join(_letter(letter) for letter in word)


def _deciding(word: str) -> int:
    """Code point of the first letter: it decides which script a word is in."""
    return next((ord(letter) for letter in word if letter.isalpha()), 0)


def _letter(letter: str) -> str:
    if letter.isascii():
        return letter
    if letter in LETTERS:
        return LETTERS[letter]
    if letter in PINYIN:
        return f" {PINYIN[letter]} "
    if letter in LATIN:
        return LATIN[letter]
    return _plain(letter)


def _plain(letter: str) -> str:
    """A Latin letter without its marks, a separator for punctuation, nothing for what we cannot read."""
    for part in unicodedata.normalize("NFKD", letter):
        if part.isascii() or part in LETTERS:
            return LETTERS.get(part, part)
    return "" if unicodedata.category(letter)[0] in "ML" else " "


LATIN = {
    "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ə": "a", "ŋ": "ng", "ħ": "h",
    "\u0131": "i", "\u0192": "f", **dict.fromkeys("\u02bb\u02bc\u2019\u2018\u0060\u00b4\u02bf\u02be\u2032", "'"),
}  # fmt: skip


def _arabic(word: str) -> str:
    """Letter by letter; the article stands apart as it does in passports."""
    if word.startswith("ال") and len(word) > 3:
        return "al " + "".join(_letter(letter) for letter in word[2:])
    return "".join(_letter(letter) for letter in word)


def _indic(word: str) -> str:
    """A consonant carries `a` unless a sign or the virama follows; Devanagari does not speak the last one."""
    sounds: list[str] = []
    waits = False
    base = next(start for start in INDIC_BLOCKS if start <= _deciding(word) < start + 0x80)
    for letter in unicodedata.normalize("NFD", word):
        offset = ord(letter) - base
        if offset in INDIC_CONSONANTS:
            sounds += ["a", INDIC_CONSONANTS[offset]] if waits else [INDIC_CONSONANTS[offset]]
            waits = True
            continue
        if offset == NUKTA and sounds:
            sounds[-1] = WITH_NUKTA.get(sounds[-1], sounds[-1])
            continue
        waits = _indic_vowel(offset, letter, sounds, waits)
    if waits and (base != DEVANAGARI or len(sounds) == 1):
        sounds.append("a")
    return "".join(sounds)


def _indic_vowel(offset: int, letter: str, sounds: list[str], waits: bool) -> bool:
    """Adds what the letter sounds; returns whether the consonant before still waits for its vowel."""
    if offset in INDIC_SIGNS:
        sounds.append(INDIC_SIGNS[offset])
    elif offset != VIRAMA:
        sounds.append("a" if waits else "")
        sounds.append({ANUSVARA: "n", CANDRABINDU: "n", VISARGA: "h"}.get(offset, INDIC_VOWELS.get(offset, "")))
        if letter.isascii():
            sounds.append(letter)
    return False


def _kana(word: str) -> str:
    """The names of the letters are their sounds."""
    sounds = []
    for letter in word:
        sound = unicodedata.name(letter, "").rpartition(" ")[2].lower()
        sounds.append(sound if letter.isalpha() and sound.isalpha() and len(sound) <= 3 else " ")
    return "".join(sounds)


def _hangul(word: str) -> str:
    """Revised Romanisation, syllable by syllable."""
    return "".join(_syllable(ord(letter)) for letter in word)


def _syllable(point: int) -> str:
    if not HANGUL_FIRST <= point <= HANGUL_LAST:
        return ""
    lead, rest = divmod(point - HANGUL_FIRST, 588)
    middle, tail = divmod(rest, 28)
    return (LEADS[lead] + MIDDLES[middle] + TAILS[tail]).replace("-", "")


READERS: tuple[tuple[Callable[[int], bool], Callable[[str], str]], ...] = (
    (lambda point: DEVANAGARI <= point < 0x0D80, _indic),
    (lambda point: 0x0600 <= point < 0x0780 or 0xFB50 <= point < 0xFF00, _arabic),
    (lambda point: 0x3040 <= point < 0x3100, _kana),
    (lambda point: HANGUL_FIRST <= point <= HANGUL_LAST, _hangul),
)
