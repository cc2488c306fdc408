"""The matcher: scripts, words, symmetry, order, and the bars of compliance.md §7 on made-up names."""

import time

import pytest
from faker import Faker
from hypothesis import given
from hypothesis import strategies as st

from fraud.engine.names.comparison import FEATURES, compare
from fraud.engine.names.entities import ListedEntity, ListedName, Subject
from fraud.engine.names.normalise import read_name
from fraud.engine.names.probability import THRESHOLD, judge, judge_texts
from fraud.engine.names.screening import Screener
from fraud.engine.names.scripts import romanise
from fraud.engine.names.sounds import likeness
from tests.fraud.name_pairs import Maker, pairs

pytestmark = pytest.mark.unit
NAMES = st.lists(
    st.text(alphabet="abcdefghiklmnoprstuvyz", min_size=2, max_size=9), min_size=1, max_size=4, unique=True
).map(" ".join)


@pytest.mark.parametrize(
    ("written", "latin"),
    [
        ("राजेश कुमार", "rajesh kumar"),
        ("ராஜேஷ் குமார்", "rajesh kumar"),
        ("రాజేష్ కుమార్", "rajesh kumar"),
        ("ರಾಜೇಶ್ ಕುಮಾರ್", "rajesh kumar"),
        ("Дмитрий Шостакович", "dmitriy shostakovich"),
        ("王小明", "wang xiao ming"),
        ("محمود", "mhmwd"),
        ("김정은", "gimjeongeun"),
        ("Łukasz Żółć", "lukasz zolc"),
    ],
)
def test_a_name_is_read_from_its_script(written: str, latin: str) -> None:
    assert romanise(written) == latin


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("person", "Mohd. Imran Khan", "KHAN, Muhammad Imran"),
        ("person", "محمد سلمان", "Mohammed Salman"),
        ("person", "சுரேஷ் குமார்", "Suresh Kumar"),
        ("person", "Shri Venkatesh Iyer", "Venkatesh Iyer"),
        ("person", "P. Chidambaram", "Palaniappan Chidambaram"),
        ("person", "Sergej Kuznecov", "Сергей Кузнецов"),
        ("organisation", "Zenith Steel Pvt Ltd", "ZENITH STEEL PRIVATE LIMITED"),
        ("organisation", "OOO Borealis", "Borealis Limited Liability Company"),
        ("organisation", "Brigade Twenty-Two", "Brigade 22"),
        ("vessel", "MV Ocean Pearl", "Ocean Pearl"),
    ],
)
def test_the_same_bearer_is_recognised(kind: str, one: str, other: str) -> None:
    read = next(known for known in ("person", "organisation", "vessel") if known == kind)
    assert judge_texts(one, other, read).probability >= THRESHOLD


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Rajesh Kumar", "Suresh Kumar"),
        ("A. Sharma", "Vijay Sharma"),
        ("William G. Frost", "William W. Frost"),
        ("Wang Wei", "Zhang Min"),
    ],
)
def test_somebody_else_is_not(one: str, other: str) -> None:
    assert judge_texts(one, other, "person").probability < THRESHOLD


@given(NAMES, NAMES)
def test_judging_is_symmetric(one: str, other: str) -> None:
    mine, theirs = read_name(one, "person"), read_name(other, "person")
    assert judge(mine, theirs).margin == judge(theirs, mine).margin


@given(NAMES)
def test_nothing_is_likelier_than_the_name_itself(name: str) -> None:
    read = read_name(name, "person")
    itself = judge(read, read)
    assert itself.margin >= judge(read, read_name(f"{name} zzyzx", "person")).margin
    assert itself.comparison.named()["conflict"] == 0.0
    assert 0.0 < itself.probability < 1.0


@given(st.permutations(["olaf", "rupert", "winzig"]))
def test_the_order_of_words_leaves_what_is_answered(words: list[str]) -> None:
    found = compare(read_name("Olaf Rupert Winzig", "person"), read_name(" ".join(words), "person")).named()
    assert found["covered_less"] == found["covered_more"] == 1.0


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_can_be_judged(one: str, other: str) -> None:
    found = judge_texts(one, other, "unknown")
    assert len(found.comparison.features) == len(FEATURES)
    assert 0.0 < found.probability < 1.0


@given(st.text(alphabet="abcdefgh", min_size=1, max_size=8), st.text(alphabet="abcdefgh", min_size=1, max_size=8))
def test_likeness_of_words_is_symmetric_and_bounded(one: str, other: str) -> None:
    assert likeness(one, other) == likeness(other, one)
    assert 0.0 <= likeness(one, other) <= 1.0


def test_a_rarer_name_is_surer_than_a_frequent_one() -> None:
    frequent = judge_texts("Mohammed Khan", "Mohammed Khan", "person")
    rare = judge_texts("Quirijn Zwartewaal", "Quirijn Zwartewaal", "person")
    assert frequent.margin < rare.margin


def test_unseen_made_up_pairs_are_told_apart() -> None:
    judged = [
        (judge_texts(p.one, p.other, "person" if p.schema == "Person" else "organisation"), p.same)
        for p in pairs(1_500, 99)
    ]
    right = sum((verdict.probability >= THRESHOLD) == same for verdict, same in judged)
    assert right / len(judged) > 0.89, "the pairs include slips that replace a letter, which are judged to be others"


def entity(key: str, *names: str, **more: object) -> ListedEntity:
    births = more.get("births", ())
    return ListedEntity(
        key,
        "person",
        tuple(ListedName(name) for name in names),
        births=tuple(births) if isinstance(births, tuple) else (),
        identifiers=frozenset({"A1234567"}) if more.get("papers") else frozenset(),
    )


def test_what_else_is_known_moves_the_probability() -> None:
    screener = Screener([entity("1", "KUZNETSOV, Gennady", births=("1961-04-02",), papers=True)])
    asked = {"name": "Gennady Kuznetsov", "kind": "person"}
    plain = screener.screen(Subject("q", "Gennady Kuznetsov", "person"))[0]
    born = screener.screen(Subject("q", "Gennady Kuznetsov", "person", "1961-04-02"))[0]
    papers = screener.screen(Subject("q", "Gennady Kuznetsov", "person", identifiers=frozenset({"A1234567"})))[0]
    younger = screener.screen(Subject("q", asked["name"], "person", "1999-01-01"))
    assert plain.margin < born.margin < papers.margin
    assert not younger or younger[0].margin < plain.margin


def test_a_weak_alias_counts_less() -> None:
    strong = Screener([ListedEntity("1", "person", (ListedName("Abu Qaswarah"),))])
    weak = Screener([ListedEntity("1", "person", (ListedName("Abu Qaswarah", weak=True),))])
    asked = Subject("q", "Abu Qaswarah", "person")
    assert weak.screen(asked)[0].margin < strong.screen(asked)[0].margin


def people(seed: int, count: int) -> list[list[str]]:
    """Names of many countries, each with a given and a family name."""
    sources = [Faker(locale) for locale in ("en_IN", "en_US", "ru_RU", "de_DE", "fr_FR", "tr_TR", "es_ES", "it_IT")]
    for number, source in enumerate(sources):
        source.seed_instance(seed + number)
    chance = sources[0].random
    found = []
    for number in range(count):
        source = sources[number % len(sources)]
        middle = [source.first_name().split()[0]] if chance.random() < 0.5 else []
        found.append([source.first_name().split()[0], *middle, source.last_name().split()[-1]])
    return found


@pytest.fixture(scope="module")
def listed() -> list[list[str]]:
    return people(1, 4_000)


@pytest.fixture(scope="module")
def screener(listed: list[list[str]]) -> Screener:
    return Screener(entity(str(at), f"{words[-1].upper()}, {' '.join(words[:-1])}") for at, words in enumerate(listed))


def test_changed_listed_names_are_found(listed: list[list[str]], screener: Screener) -> None:
    maker = Maker(5)
    changes = (maker._shuffled, maker._middle_dropped, maker._accented, maker._typed_long, maker._joined)
    missed = []
    for at in range(0, 4_000, 8):
        words = listed[at]
        asked = " ".join(changes[at // 8 % len(changes)](list(words)))
        if str(at) not in {hit.entity.key for hit in screener.screen(Subject("q", asked))}:
            missed.append((words, asked))
    assert len(missed) <= 5, missed


def test_strangers_pass(listed: list[list[str]], screener: Screener) -> None:
    known = {" ".join(sorted(words)) for words in listed}
    strangers = [words for words in people(1_000, 2_000) if " ".join(sorted(words)) not in known]
    flagged = [words for words in strangers if screener.screen(Subject("q", " ".join(words)))]
    assert len(flagged) <= 0.02 * len(strangers)


def test_hits_come_in_strict_order(screener: Screener, listed: list[list[str]]) -> None:
    margins = [hit.margin for words in listed[:300] for hit in screener.screen(Subject("q", " ".join(words)))]
    assert all(0.5 <= 1 / (1 + 2.718281828**-margin) < 1.0 for margin in margins)
    assert len(set(margins)) > 0.9 * len(margins)


def test_screening_is_quick(screener: Screener) -> None:
    asked = [Subject("q", " ".join(words)) for words in people(500, 500)]
    started = time.process_time()
    for subject in asked:
        screener.screen(subject)
    assert time.process_time() - started < 2.0
