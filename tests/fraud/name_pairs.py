"""Labelled pairs of names made up from a seed: the data the published coefficients were fitted on."""

from collections.abc import Callable
from typing import NamedTuple

from faker import Faker

from fraud.engine.names.sounds import likeness


def _words(text: str) -> list[str]:
    return text.split()


LOCALES = _words("en_IN hi_IN ta_IN en_US ru_RU uk_UA de_DE es_ES fr_FR zh_CN tr_TR ar_SA fa_IR en_PK")
DISTINCT = _words(
    "vega orion falcon zenith tatra borealis kestrel marlin sapphire lotus banyan ganga kaveri nilgiri deccan "
    "malabar konkan sahara sinai zagros caspian volga baikal altai ural amur neva dnepr lena tarim gobi yellow "
    "dragon phoenix crane jade pearl lion tiger eagle wolf bear viper cobra atlas titan apollo hermes juno "
    "minerva nova stella luna terra aqua ignis ventus quantum helix vector matrix prism cobalt argon neon "
    "radon krypton zircon beryl onyx opal topaz garnet agate"
)
TRADE = _words(
    "trading shipping construction energy steel textiles foods pharma electronics motors logistics finance insurance "
    "petroleum chemicals mining telecom aviation research technologies engineering agro power media"
)
SHAPE = _words("group holdings international industries enterprises solutions services investments bank foundation")
FORMS = (
    "Ltd",
    "Limited",
    "LLC",
    "Pvt Ltd",
    "GmbH",
    "JSC",
    "OOO",
    "Inc.",
    "S.A.",
    "PLC",
    "Joint Stock Company",
    "AG",
    "",
)
SAME_FORM = (
    ("Ltd", "Limited"),
    ("JSC", "Joint Stock Company"),
    ("OOO", "Limited Liability Company"),
    ("AG", "Aktiengesellschaft"),
    ("Pvt Ltd", "Private Limited"),
    ("Inc.", "Incorporated"),
    ("PLC", "Public Limited Company"),
)
COUNTRY = _words("china india iran russia estonia ethiopia chile peru austria australia mali malta niger nigeria")
CYRILLIC = dict(zip("abvgdezijklmnoprstufhcyqwx", "абвгдезийклмнопрстуфхкыкви", strict=True))
TOGETHER = dict(
    zip(
        _words("shch sch sh ch kh zh th ph ya yu j ck oo ee x y"),
        _words("щ ш ш ч \u0445 ж т ф я ю дж к \u0443 и кс й"),
        strict=True,
    )
)
DEVANAGARI = dict(zip("kgcjtdnpbmyrlvshzfqwx", "कगचजटदनपबमयरलवसहजफकवक", strict=True))
SIGNS = {"a": "", "i": "ि", "u": "ु", "e": "े", "o": "ो"}
ALONE = {"a": "अ", "i": "इ", "u": "उ", "e": "ए", "o": "ओ"}


RESPELT = tuple(
    tuple(rule.split(">"))
    for rule in _words("ee>i oo>u i>y k>q v>w ph>f sh>s a>aa ai>ay j>dj kh>h u>o e>i ss>s c>k th>t")
)


class Pair(NamedTuple):
    schema: str
    one: str
    other: str
    same: bool


class Maker:
    """Draws names and their deviations; the same seed draws the same pairs."""

    def __init__(self, seed: int) -> None:
        source = Faker("en_US")
        source.seed_instance(seed)
        self.random = source.random
        self.given: list[str] = []
        self.family: list[str] = []
        for locale in LOCALES:
            fake = Faker(locale)
            fake.seed_instance(seed)
            self.given += [fake.first_name().split()[0] for _ in range(120)]
            self.family += [fake.last_name().split()[0] for _ in range(120)]

    def person(self) -> list[str]:
        start = self.random.randrange(len(LOCALES)) * 120
        words = [self.given[start + self.random.randrange(120)], self.family[start + self.random.randrange(120)]]
        for _ in range(self.random.choice((0, 0, 0, 1, 1, 2))):
            words.insert(1, self.given[start + self.random.randrange(120)])
        return words

    def typo(self, word: str) -> str:
        if len(word) > 6 and self.random.random() < 0.35:
            word = self._slip(word)
        return self._slip(word) if len(word) > 2 else word

    def _slip(self, word: str) -> str:
        place = self.random.randrange(1, len(word) - 1)
        letter = self.random.choice("abcdefghijklmnoprstuvyz")
        return self.random.choice((
            word[:place] + word[place + 1 :],
            word[:place] + word[place] + word[place:],
            word[:place] + letter + word[place + 1 :],
            word[: place - 1] + word[place] + word[place - 1] + word[place + 1 :],
            word[:place] + letter + word[place:],
        ))  # fmt: skip

    # people: the same one written otherwise
    def same_person(self) -> Pair:
        words = self.person()
        changed = self.random.choice(self.SAME_PERSON)(self, list(words))
        if self.random.random() < 0.2:
            changed = self.random.choice(self.SAME_PERSON)(self, [word for word in changed if word])
        return Pair("Person", " ".join(words), " ".join(word for word in changed if word), True)

    def _typed(self, words: list[str]) -> list[str]:
        place = self.random.randrange(len(words))
        return [self.typo(word) if at == place else word for at, word in enumerate(words)]

    def _typed_all(self, words: list[str]) -> list[str]:
        return [self.typo(word) for word in words]

    def _shuffled(self, words: list[str]) -> list[str]:
        return [words[-1] + ",", *words[:-1]] if self.random.random() < 0.5 else [words[-1], *words[:-1]]

    def _joined(self, words: list[str]) -> list[str]:
        place = self.random.randrange(len(words) - 1) if len(words) > 1 else 0
        return [*words[:place], "".join(words[place : place + 2]), *words[place + 2 :]]

    def _split(self, words: list[str]) -> list[str]:
        longest = max(range(len(words)), key=lambda at: len(words[at]))
        half = len(words[longest]) // 2
        return [*words[:longest], words[longest][:half], words[longest][half:], *words[longest + 1 :]]

    def _initial(self, words: list[str]) -> list[str]:
        return [words[0][0] + ".", *words[1:]]

    def _middle(self, words: list[str]) -> list[str]:
        if len(words) > 2:
            return [words[0], words[-1]] if self.random.random() < 0.7 else words[1:]
        return [words[0], self.random.choice(self.given), *words[1:]]

    def _middle_dropped(self, words: list[str]) -> list[str]:
        return [words[0], words[-1]]

    def _accented(self, words: list[str]) -> list[str]:
        return [word.translate(str.maketrans("aeiou", "áéíóú")) for word in words]

    def _typed_long(self, words: list[str]) -> list[str]:
        """One slip in the longest word."""
        longest = max(range(len(words)), key=lambda at: len(words[at]))
        return [self._slip(word) if at == longest and len(word) > 5 else word for at, word in enumerate(words)]

    def _titled(self, words: list[str]) -> list[str]:
        return [self.random.choice(("Mr.", "Dr.", "Shri", "Smt.", "Haji", "General", "Sheikh")), *words]

    def _spelt(self, words: list[str]) -> list[str]:
        rules = list(RESPELT)
        self.random.shuffle(rules)
        text = " ".join(words)
        for old, new in rules[:5]:
            text = text.replace(old, new, 1)
        return text.split()

    def _cyrillic(self, words: list[str]) -> list[str]:
        return [_in_cyrillic(word.lower()) for word in words]

    def _devanagari(self, words: list[str]) -> list[str]:
        return [_in_devanagari(word.lower()) for word in words]

    SAME_PERSON: tuple[Callable[["Maker", list[str]], list[str]], ...] = (
        *(_typed, _typed, _typed, _typed_all, _shuffled, _joined, _split, _initial, _middle, _middle, _middle),
        *(_titled, _spelt, _spelt, _cyrillic, _devanagari),
    )

    # people: somebody else
    def other_person(self) -> Pair:
        words = self.person()
        other = self.person()
        kind = self.random.randrange(6)
        if kind == 0:
            other = [other[0], *words[1:]]
        elif kind == 1:
            other = [*words[:-1], other[-1]]
        elif kind == 2:
            near = self._near(words[0], self.given)
            other = [near, *words[1:]]
        elif kind == 3:
            near = self._near(words[-1], self.family)
            other = [*words[:-1], near]
        elif kind == 4:
            letters = self.random.sample([one for one in "ABDGKLMNPRST" if one != words[0][0]], 2)
            other = [letters[0] + ".", *words[1:]]
            if self.random.random() < 0.5:
                words, other = [words[0], letters[1], *words[1:]], [words[0], letters[0], *words[1:]]
        else:
            other = [self._near(words[0], self.given), self._near(words[-1], self.family)]
        return Pair("Person", " ".join(words), " ".join(other), False)

    def _near(self, word: str, pool: list[str]) -> str:
        """Another name that shares letters with this one."""
        offered = [name for name in self.random.sample(pool, 500) if likeness(name.lower(), word.lower()) < 0.7]
        return max(offered, key=lambda name: likeness(name.lower(), word.lower()))

    # organisations and ships
    def firm(self) -> list[str]:
        words = self.random.sample(DISTINCT, 1 if self.random.random() < 0.6 else 2)
        if self.random.random() < 0.3:
            words = [self.random.choice(self.family)]
        if self.random.random() < 0.75:
            words.append(self.random.choice(TRADE))
        if self.random.random() < 0.4 or len(words) == 1:
            words.append(self.random.choice(SHAPE))
        if self.random.random() < 0.15:
            words.insert(0, self.random.choice(COUNTRY))
        return [word.title() for word in words]

    def same_firm(self) -> Pair:
        words = self.firm()
        form, again = self.random.choice(SAME_FORM)
        other = self.random.choice(self.SAME_FIRM)(self, list(words))
        last = self.random.choice((again, again, form, "", self.random.choice(FORMS)))
        placed = [last, *other] if self.random.random() < 0.3 else [*other, last]
        return Pair("Company", " ".join([*words, form]), " ".join(placed), True)

    def _articled(self, words: list[str]) -> list[str]:
        return ["The", *words]

    def _less_or_placed(self, words: list[str]) -> list[str]:
        if self.random.random() < 0.5:
            return [*words, self.random.choice(COUNTRY).title()]
        return [word for word in words if word.lower() not in SHAPE] or words

    def _as_is(self, words: list[str]) -> list[str]:
        return words

    SAME_FIRM: tuple[Callable[["Maker", list[str]], list[str]], ...] = (
        *(_typed, _typed, _typed, _joined, _articled, _cyrillic, _spelt, _less_or_placed, _as_is),
    )

    def other_firm(self) -> Pair:
        words, other = self.firm(), self.firm()
        form = self.random.choice(FORMS)
        kind = self.random.randrange(6)
        if kind == 0:
            other = [other[0], *words[1:]]
        elif kind == 1:
            other = [self.random.choice(TRADE).title() if word.lower() in TRADE else word for word in words]
        elif kind == 2:
            other = [*words, self.random.choice(DISTINCT).title()]
        elif kind == 3:
            other = [*words[:1], *other[-1:]]
        elif kind == 4:
            places = self.random.sample(COUNTRY, 2)
            words, other = [places[0].title(), *words], [places[1].title(), *words]
        same = sorted(words) == sorted(other)
        return Pair("Company", " ".join([*words, form]), " ".join([*other, self.random.choice((form, ""))]), same)

    def ship(self) -> Pair:
        words = [word.title() for word in self.random.sample(DISTINCT, 2)]
        if self.random.random() < 0.5:
            return Pair(
                "Vessel", " ".join(words), " ".join(self.random.choice((["MV", *words], self._typed(words)))), True
            )
        return Pair("Vessel", " ".join(words), " ".join([words[0], self.random.choice(DISTINCT).title()]), False)


def _in_cyrillic(word: str) -> str:
    for latin, letter in TOGETHER.items():
        word = word.replace(latin, letter)
    return "".join(CYRILLIC.get(letter, letter) for letter in word)


def _in_devanagari(word: str) -> str:
    out, after = [], False
    for letter in word:
        if letter in SIGNS:
            out.append(SIGNS[letter] if after else ALONE[letter])
            after = False
        elif letter in DEVANAGARI:
            out.append(("्" if after else "") + DEVANAGARI[letter])
            after = True
    return "".join(out) or word


def pairs(count: int, seed: int) -> list[Pair]:
    """`count` labelled pairs, about half of them true."""
    maker = Maker(seed)
    makers = (maker.same_person, maker.other_person, maker.same_firm, maker.other_firm, maker.ship)
    weights = (5, 5, 4, 4, 1)
    return [maker.random.choices(makers, weights)[0]() for _ in range(count)]
