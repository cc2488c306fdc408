"""Grounds, goAML and the picture of e-way bills, without a database."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fraud.engine.distribution import distribution
from fraud.engine.goaml import Entity, InvalidReport, Payment, Submission, check, goaml
from fraud.engine.narrative import Fact, Transaction, UnsupportedSentence, grounds_of, read_grounds, written

PAYMENT = Transaction("T1", "01 Oct 2026, 10:00", "upi", "R1", "Asha Traders", "Bharat Steel", "₹ 12,34,567.50")
BACK = Transaction("T2", "02 Oct 2026, 09:30", "bank", "R2", "Bharat Steel", "Asha Traders", "₹ 12,00,000.00")
ANNEX = {"T1": " ".join(PAYMENT), "T2": " ".join(BACK), "F1": "laps 3"}


def submission(**changes: object) -> Submission:
    ours = Entity("Asha Traders Pvt Ltd", "Asha & <Sons>", "29ABCDE1234F1Z5", "ABCDE1234F", "textiles", ours=True)
    other = Entity("Party 1A2B3C")
    payment = Payment("T1", "R1", "2026-10-01T10:00:00", "upi", "1234567.50", ours, other)
    whole = {
        "entity_id": 7, "reference": "STR-000001", "submitted_at": "2026-11-20T09:30:00", "first_name": "Deepa",
        "last_name": "Krishnan", "occupation": "Principal officer", "reason": "Money went round \x07 & came <back>.",
        "action": "Case C-000001", "payments": [payment], "indicators": ["CIRCULAR_TRADING"],
    }  # fmt: skip
    return Submission(**{**whole, **changes})


def test_a_draft_can_be_written_and_read_back() -> None:
    grounds = grounds_of([Fact("F1", "Laps", "3", "ring:1")], {"lap": [PAYMENT, BACK]})
    assert read_grounds(written(grounds), ANNEX) == grounds


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ("Fine. [F1]\nNothing behind it.", 2),
        ("[F1]", 1),
        ("Unknown. [T7]", 1),
        ("Four laps: 4. [F1]", 1),
        (f"{'long ' * 200} [F1]", 1),
    ],
)
def test_a_line_that_evidence_does_not_carry_is_named(text: str, line: int) -> None:
    with pytest.raises(UnsupportedSentence) as refused:
        read_grounds(text, ANNEX)
    assert refused.value.line == line


@given(st.integers(min_value=4, max_value=10**12))
def test_no_number_is_invented(number: int) -> None:
    with pytest.raises(UnsupportedSentence):
        read_grounds(f"There were {number} laps. [F1]", {"F1": "laps 3"})


def test_a_report_is_valid_and_says_what_was_put_in() -> None:
    text = goaml(submission())
    check(text)
    assert "<t_from_my_client>" in text
    assert "<t_to>" in text
    assert "Asha &amp; &lt;Sons&gt;" in text
    assert "\x07" not in text


@pytest.mark.parametrize("wrong", [{"entity_id": 0}, {"payments": []}, {"indicators": []}, {"reason": ""}])
def test_a_report_that_breaks_the_schema_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(InvalidReport, match="line"):
        goaml(submission(**wrong))


def test_a_document_cannot_read_files() -> None:
    text = '<!DOCTYPE report [<!ENTITY x SYSTEM "file:///etc/hostname">]><report>&x;</report>'
    with pytest.raises(InvalidReport):
        check(text)


def test_the_expected_curve_ignores_the_band_and_follows_the_rest() -> None:
    even = np.repeat(np.arange(20_000, 80_000, 500), 2) * 100
    excess = np.full(200, 48_000_00)
    plain, bunched = distribution(even), distribution(np.concatenate([even, excess]))
    assert [one.expected for one in plain] == pytest.approx([one.expected for one in bunched])
    inside = [one for one in bunched if one.just_under]
    assert sum(one.bills for one in inside) == 220
    assert sum(one.expected or 0 for one in inside) == pytest.approx(20, rel=0.05)


@given(st.lists(st.integers(min_value=0, max_value=100_000_00), max_size=60))
def test_each_bill_counts_once(values: list[int]) -> None:
    bins = distribution(np.array(values, dtype=np.int64))
    assert sum(one.bills for one in bins) == sum(20_000_00 <= value < 80_000_00 for value in values)
    assert all(one.expected is None or one.expected >= 0 for one in bins)
