import pytest

from lending.engine.reasons import MOST_STATED, REASONS, Effect, UnknownReason, reason, statements


def test_a_letter_states_at_most_four_reasons_and_only_those_against():
    codes = tuple(code for code, row in REASONS.items() if row.effect is Effect.AGAINST)

    assert len(statements(("score.meets", *codes))) == MOST_STATED
    assert statements(("score.meets",)) == ()


def test_an_unlisted_code_is_refused_by_name():
    with pytest.raises(UnknownReason, match=r"no\.such"):
        reason("no.such")


def test_no_statement_to_an_applicant_mentions_fraud_or_a_ring():
    forbidden = ("fraud", "ring", "circular", "suspic", "investigat")

    assert not [row.code for row in REASONS.values() for word in forbidden if word in row.statement.lower().split()]


def test_every_reason_has_a_title_and_a_sentence():
    assert all(row.title and row.statement.endswith(".") for row in REASONS.values())
