"""What single sales leave of a consumer sum."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from wallets.engine.consumer_sums import Amounts, is_sum, left_over, months_summed, sum_number

paise = st.integers(-1_000_000, 1_000_000)


def taxable(found: list[Amounts]) -> list[int]:
    return [it.taxable for it in found]


@given(paise, paise)
def test_single_rows_and_what_is_left_come_to_the_declared_sum_or_to_more_told_singly(total: int, told: int) -> None:
    (left,) = taxable(left_over([Amounts(total)], Amounts(told)))
    assert left * total >= 0
    excess = (told - total) * (1 if total > 0 else -1) > 0
    assert told + left == (told if excess and total else total + (told if not total else 0))


@given(paise, paise, paise)
def test_two_channels_share_the_single_rows_and_never_more_than_there_are(one: int, other: int, told: int) -> None:
    left = left_over([Amounts(one), Amounts(other)], Amounts(told))
    if min(one, other) > 0 and told <= one + other:
        assert told + sum(taxable(left)) == one + other
    assert left_over([Amounts(one), Amounts(other)], Amounts()) == [Amounts(one), Amounts(other)]


def test_heads_of_tax_shrink_with_the_value_and_never_below_nothing() -> None:
    declared, told = Amounts(1000, 0, 90, 90, 5), Amounts(400, 0, 36, 40, 9)
    assert left_over([declared], told) == [Amounts(600, 0, 54, 50, 0)]


def test_a_quarterly_filers_sum_holds_three_months() -> None:
    june = 2026 * 12 + 5
    assert months_summed(june, quarterly=True) == (june - 2, june)
    assert months_summed(june, quarterly=False) == months_summed(june, quarterly=False) == (june, june)
    assert months_summed(june - 1, quarterly=True) == (june - 1, june - 1)


@given(st.integers(1, 12), st.integers(2017, 2099), st.integers(1, 38), st.sampled_from(["0", "0.25", "5", "18", "40"]))
def test_the_number_of_a_sum_is_known_again(month: int, year: int, state: int, rate: str) -> None:
    assert is_sum(sum_number(f"{month:02d}{year}", str(state), Decimal(rate), "O"))
    assert not is_sum("B2CS-001")
