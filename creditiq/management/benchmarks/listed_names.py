"""Made-up names for the matcher's bars: a list, the same names written otherwise, and strangers.

People have a frequent or a made-up given name, at times a second one, and a family of their own or a frequent one;
a fifth are organisations. Strangers are drawn in the same way from another seed; a stranger with the words of a listed
name is left out. Everything is synthetic: the figures compare versions of the matcher, they promise nothing of a list.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from fraud.engine.names.vocabulary import COMMON, GENERIC

FREQUENT = sorted(word for word in COMMON if len(word) > 2)
TRADES = sorted(word for word, share in GENERIC.items() if share > 0.5 and len(word) > 4)
ONSETS = ("b", "br", "d", "f", "g", "gr", "h", "j", "k", "kh", "l", "m", "n", "p", "r", "s", "sh", "st", "t", "v", "z")
CORES, CODAS = ("a", "e", "i", "o", "u", "ai", "ou"), ("n", "r", "l", "m", "v", "d", "k", "ski", "nov", "zade", "")
LETTERS = "abcdefghijklmnoprstuvyz"
ACCENTS = str.maketrans("aeioucn", "áéíóúçñ")
SPELLINGS = (("kh", "h"), ("sh", "sch"), ("ou", "u"), ("y", "i"), ("v", "w"), ("ph", "f"))


class Written(NamedTuple):
    """A name as words, given names first; `person` or an organisation."""

    words: tuple[str, ...]
    person: bool

    @property
    def text(self) -> str:
        return " ".join(self.words).title()


def drawn(seed: int) -> Iterator[Written]:
    """Names without end; no word twice in one."""
    chance = np.random.default_rng(seed)
    while True:
        words = _person(chance) if chance.random() < 0.8 else _firm(chance)
        if len(set(words.words)) == len(words.words):
            yield words


def _person(chance: np.random.Generator) -> Written:
    given = [_given(chance) for _ in range(1 + int(chance.random() < 0.4))]
    family = str(chance.choice(FREQUENT)) if chance.random() < 0.15 else _made(chance)
    return Written((*given, family), person=True)


def _given(chance: np.random.Generator) -> str:
    return str(chance.choice(FREQUENT)) if chance.random() < 0.7 else _made(chance)


def _firm(chance: np.random.Generator) -> Written:
    trades = [str(word) for word in chance.choice(TRADES, size=1 + int(chance.random() < 0.4), replace=False)]
    return Written((_made(chance), *trades), person=False)


def _made(chance: np.random.Generator) -> str:
    syllables = [str(chance.choice(ONSETS)) + str(chance.choice(CORES)) for _ in range(2 + int(chance.random() < 0.5))]
    return "".join(syllables) + str(chance.choice(CODAS))


def slip(words: tuple[str, ...], chance: np.random.Generator) -> tuple[str, ...]:
    """One slip of the pen in a word of four letters or more: a letter wrong, left out, doubled, or two turned round."""
    long = [at for at, word in enumerate(words) if len(word) > 3]
    if not long:
        return words
    at = int(chance.choice(long))
    word, place = words[at], int(chance.integers(1, len(words[at]) - 1))
    letter = str(chance.choice(list(LETTERS)))
    written = (
        word[:place] + letter + word[place + 1 :],
        word[:place] + word[place + 1 :],
        word[:place] + word[place] + word[place:],
        word[:place] + word[place + 1] + word[place] + word[place + 2 :],
    )[int(chance.integers(4))]
    return (*words[:at], written, *words[at + 1 :])


def respelt(words: tuple[str, ...], chance: np.random.Generator) -> tuple[str, ...]:
    """Another romanisation of two sounds."""
    text = " ".join(words)
    for at in chance.permutation([at for at, (old, _) in enumerate(SPELLINGS) if old in text])[:2]:
        text = text.replace(*SPELLINGS[int(at)], 1)
    return tuple(text.split())


Change = Callable[[tuple[str, ...], np.random.Generator], tuple[str, ...]]
CHANGES: dict[str, Change] = {
    "as it is": lambda words, chance: words,
    "slip": slip,
    "family first": lambda words, chance: (words[-1], *words[:-1]),
    "middle left out": lambda words, chance: (words[0], words[-1]),
    "initial": lambda words, chance: (words[0][0] + ".", *words[1:]),
    "accents": lambda words, chance: tuple(word.translate(ACCENTS) for word in words),
    "respelt": respelt,
    "written together": lambda words, chance: (words[0] + words[1], *words[2:]),
    "honorific": lambda words, chance: ("Mr.", *words),
}
OF_FIRMS = ("as it is", "slip", "accents", "respelt", "written together")


def changed(name: Written, chance: np.random.Generator) -> tuple[str, str]:
    """The kind of change, and the name with it."""
    kind = str(chance.choice(list(CHANGES) if name.person else OF_FIRMS))
    return kind, " ".join(CHANGES[kind](name.words, chance)).title()
