"""The movement of non-performing assets adds up whatever happened, and roll rates count every loan once."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from lending.engine.movement import Place, npa_movement, roll_rates

amounts = st.decimals(min_value=1, max_value=10**7, places=2)
places = st.builds(lambda bad, amount: Place("Substandard" if bad else "Regular", bad, amount), st.booleans(), amounts)
books = st.dictionaries(st.sampled_from("ABCDEFGH"), places)


@given(books, books, st.sets(st.sampled_from("ABCDEFGH")))
def test_closing_is_opening_and_what_came_less_what_went(before, after, gone):
    move = npa_movement(before, after, gone)
    came, went = move.fresh + move.grown, move.upgraded + move.recovered + move.written_off
    assert move.opening + came - went == move.closing
    assert move.closing == sum((one.outstanding for one in after.values() if one.bad), Decimal(0))


@given(books, books)
def test_every_loan_rolls_once(before, after):
    rolls = roll_rates(before, after)
    assert sum(roll.loans for roll in rolls) == len({*before, *after})


def test_each_way_out_is_told_apart():
    bad = {name: Place("Substandard", True, Decimal(100)) for name in "ABCD"}
    after = {"A": Place("Regular", False, Decimal(90)), "B": Place("Substandard", True, Decimal(60))}
    move = npa_movement(bad, after, {"C"})
    assert (move.upgraded, move.written_off, move.recovered, move.closing) == (100, 100, 140, 60)
    assert [(roll.end, roll.percent) for roll in roll_rates(bad, after, {"C"})] == [
        ("Ended", Decimal("25.0")), ("Regular", Decimal("25.0")), ("Substandard", Decimal("25.0")),
        ("Written off", Decimal("25.0")),
    ]  # fmt: skip
