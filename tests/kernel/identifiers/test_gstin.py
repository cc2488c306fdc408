import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creditiq.kernel.identifiers import gstin
from creditiq.kernel.identifiers.errors import InvalidIdentifier

CHARACTERS = string.digits + string.ascii_uppercase
pan_texts = st.from_regex(r"[A-Z]{3}[PCHFATBLJG][A-Z][0-9]{4}[A-Z]", fullmatch=True).filter(str.isascii)
states = st.sampled_from(sorted(gstin.STATE_CODES))
entities = st.sampled_from("123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")


@given(states, pan_texts, entities)
def test_a_composed_gstin_parses_back_to_its_parts(state: int, pan: str, entity: str) -> None:
    parsed = gstin.parse(gstin.compose(state, pan, entity))
    assert (parsed.state_code, parsed.pan, parsed.entity, parsed.kind) == (state, pan, entity, "normal")


@given(states, pan_texts, st.integers(0, 14), st.sampled_from(CHARACTERS))
def test_changing_one_character_is_always_noticed(state: int, pan: str, place: int, other: str) -> None:
    good = gstin.compose(state, pan)
    bad = good[:place] + other + good[place + 1 :]
    assert gstin.is_valid(bad) == (bad == good)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("", "gstin.length"),
        ("27AAPFU0939F1Z", "gstin.length"),
        ("27aapfu0939f1zv", "gstin.pattern"),
        ("27AAPFU0939F0ZV", "gstin.pattern"),
        ("२७AAPFU0939F1ZV", "gstin.pattern"),
        ("00AAPFU0939F1ZV", "gstin.state"),
        ("39AAPFU0939F1ZV", "gstin.state"),
        ("27AAPXU0939F1ZV", "gstin.pan"),
        ("22AAAAA0000A1Z5", "gstin.check_digit"),
    ],
)
def test_a_broken_gstin_names_the_rule_it_breaks(text: str, rule: str) -> None:
    with pytest.raises(InvalidIdentifier) as raised:
        gstin.parse(text)
    assert raised.value.rule == rule


@pytest.mark.parametrize("text", ["27AAPFU0939F1ZV", "29AAACG0569P1Z3"])
def test_published_gstins_are_valid(text: str) -> None:
    assert gstin.is_valid(text)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("27MUMT01234A1D", "tds"),
        ("27AAPFU0939F1C", "tcs"),
        ("9917SGP29001OS", "oidar"),
        ("0717USA00026UN", "un_body"),
        ("2717USA00026NR", "nri"),
    ],
)
def test_special_registrants_have_their_own_forms(body: str, kind: str) -> None:
    assert gstin.parse(body + gstin.check_character(body)).kind == kind
