"""What a language model says is taken only when it says nothing new."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.engine.grounding import Fact, Unfounded, check, figures, grounded, schema

FACT = Fact(
    "gst_filing_compliance",
    "lowers",
    "GST returns filed on time: 82 %. Healthy firms like yours: 96 %. This lowers your score by 14 points.",
)
HINDI = Fact("gst_filing_compliance", "lowers", "समय पर भरे गए GST रिटर्न: 82 %। यह आपका स्कोर 14 अंक घटाता है।")


def answer(*texts: str, direction: str = "lowers") -> str:
    rows = [{"fact": place, "direction": direction, "text": text} for place, text in enumerate(texts, 1)]
    return json.dumps({"sentences": rows}, ensure_ascii=False)


@pytest.mark.parametrize(
    "text",
    [
        FACT.text,
        "You file 82 % of your GST returns on time, and 96 % is usual; that lowers the score by 14 points.",
        "Because 82 % of the returns are on time, the score falls by 14.",
    ],
)
def test_a_true_wording_is_taken(text: str) -> None:
    assert grounded(answer(text), [FACT], "en") == (text,)


@pytest.mark.parametrize(
    "text",
    [
        "You file 83 % of your GST returns on time.",
        "You file 82 of your returns on time.",
        "You file eighty-two or three returns late.",
        "Two returns are late.",
        "You file १९ % of your GST returns on time.",
        "You file 82 % on time. This costs −14 points.",
        "You file 82 % on time, says Reliance.",
        "Tata files 82 % on time.",
        "This raises your score by 14 points.",
        "This helps you by 14 points.",
        "This does not lower your score by 14 points.",
        "This doesn't lower your score by 14 points.",
        "This lowers your score by 14 points, see www.loans.example",
        "Write to boss@bank.example about the 14 points.",
        "This lowers your score by 14 points. <b>Pay</b>",
        "இது மதிப்பெண்ணைக் குறைக்கிறது.",
        "",
        "82 % " * 200,
    ],
)
def test_a_wording_that_says_more_is_refused(text: str) -> None:
    with pytest.raises(Unfounded):
        grounded(answer(text), [FACT], "en")


def test_other_languages_are_held_to_the_same() -> None:
    check("आपके 82 % GST रिटर्न समय पर भरे गए; यह स्कोर 14 अंक घटाता है।", HINDI, "hi")
    check("आपके ८२ % GST रिटर्न समय पर भरे गए।", HINDI, "hi")
    for wrong in (
        "आपके 28 % GST रिटर्न समय पर भरे गए।",
        "यह आपका स्कोर 14 अंक बढ़ाता है।",
        "यह स्कोर दस अंक घटाता है।",
        "Reliance के 82 % रिटर्न समय पर भरे गए।",
        "You file 82 % on time.",
    ):
        with pytest.raises(Unfounded):
            check(wrong, HINDI, "hi")


@pytest.mark.parametrize(
    "body",
    [
        "",
        "I am sorry, I cannot help.",
        "[]",
        "{}",
        '{"sentences": 4}',
        '{"sentences": []}',
        '{"sentences": [4]}',
        '{"sentences": [{"fact": 1, "direction": "lowers"}]}',
        '{"sentences": [{"fact": "1", "direction": "lowers", "text": "x"}]}',
        '{"sentences": [{"fact": true, "direction": "lowers", "text": "x"}]}',
        '{"sentences": [{"fact": 2, "direction": "lowers", "text": "This."}]}',
        "[" * 100_000,
        "x" * 40_000,
    ],
)
def test_garbage_is_refused(body: str) -> None:
    with pytest.raises(Unfounded):
        grounded(body, [FACT], "en")


def test_a_fact_worded_twice_or_in_the_wrong_direction_is_refused() -> None:
    twice = {"sentences": [{"fact": 1, "direction": "lowers", "text": "This lowers the score."}] * 2}
    with pytest.raises(Unfounded, match="exactly once"):
        grounded(json.dumps(twice), [FACT], "en")
    with pytest.raises(Unfounded, match="direction"):
        grounded(answer("This lowers the score by 14.", direction="raises"), [FACT], "en")


def test_the_schema_asks_for_one_sentence_per_fact() -> None:
    asked = json.dumps(schema(3))
    assert '"maxItems": 3' in asked
    assert '"additionalProperties": false' in asked


NUMBERS = st.decimals(min_value=0, max_value=10**9, places=2)


@given(st.lists(NUMBERS, max_size=4), NUMBERS)
def test_any_figure_beyond_the_facts_is_refused(given_figures: list[object], other: object) -> None:
    fact = Fact("", "neither", "Figures: " + ", ".join(f"{figure};" for figure in given_figures))
    text = f"Figures: {other};"
    if figures(text) <= figures(fact.text):
        check(text, fact, "en")
    else:
        with pytest.raises(Unfounded):
            check(text, fact, "en")


@given(st.text(max_size=200))
def test_no_text_ends_in_anything_but_a_yes_or_a_refusal(text: str) -> None:
    for given_answer in (text, answer(text)):
        try:
            (said,) = grounded(given_answer, [FACT], "en")
        except Unfounded:
            continue
        assert figures(said) <= figures(FACT.text)


@given(st.sampled_from(["०१२३४५६७८९", "௦௧௨௩௪௫௬௭௮௯", "౦౧౨౩౪౫౬౭౮౯", "೦೧೨೩೪೫೬೭೮೯"]), st.integers(0, 10**12))
def test_figures_read_alike_in_every_script(digits: str, number: int) -> None:
    spelt = "".join(digits[int(figure)] for figure in str(number))
    assert figures(spelt) == figures(f"{number:,}") == {(str(number), "")}
