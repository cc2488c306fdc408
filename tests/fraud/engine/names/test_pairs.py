"""Labelled pairs of made-up names: F1, and an order without ties (compliance.md §7)."""

import pytest

from fraud.engine.names.normalise import kind_of
from fraud.engine.names.probability import THRESHOLD, judge_texts
from tests.fraud.name_pairs import pairs


@pytest.mark.parametrize("seed", [901, 902])
def test_labelled_pairs_are_told_apart(seed: int) -> None:
    judged = [
        (judge_texts(pair.one, pair.other, kind_of(pair.schema)).probability, pair.same) for pair in pairs(1_500, seed)
    ]
    right = sum(same and sure >= THRESHOLD for sure, same in judged)
    wrong = sum(same != (sure >= THRESHOLD) for sure, same in judged)
    assert 2 * right / (2 * right + wrong) >= 0.88
    top = [sure for sure, _ in judged if sure > 0.99]
    assert max(top) < 1.0
    assert len(set(top)) > 0.95 * len(top)


@pytest.mark.parametrize(
    ("one", "other"), [("Kaveri Textiles", "Kaviri Textiles"), ("Lubna Hosseini", "Lubna Hossaini")]
)
def test_a_vowel_inside_a_word_is_a_spelling(one: str, other: str) -> None:
    kind = "organisation" if "Textiles" in one else "person"
    assert judge_texts(one, other, kind).probability >= THRESHOLD


def test_the_last_vowel_tells_two_people_apart() -> None:
    inside = judge_texts("Marina Kaspova", "Marena Kaspova", "person").margin
    assert inside > judge_texts("Marina Kaspova", "Marino Kaspova", "person").margin
