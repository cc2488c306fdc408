from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lending.engine.allocation import (
    AllocationPolicy,
    Component,
    Due,
    FutureRule,
    Orientation,
    Waterfall,
    allocate,
    oldest_due,
)
from lending.engine.classification import AssetClass, days_past_due

PRINCIPAL, INTEREST, FEE, PENAL = Component
FEBRUARY, MARCH, LATER, ON = date(2026, 2, 5), date(2026, 3, 5), date(2026, 3, 10), date(2026, 3, 20)
DUES = [
    Due(FEBRUARY, PRINCIPAL, Decimal("23214.31")),
    Due(FEBRUARY, INTEREST, Decimal("10000.00")),
    Due(MARCH, PRINCIPAL, Decimal("23446.45")),
    Due(MARCH, INTEREST, Decimal("9767.86")),
    Due(LATER, FEE, Decimal("300.00")),
    Due(LATER, PENAL, Decimal("590.00")),
]
HORIZONTAL = Waterfall((INTEREST, PRINCIPAL, FEE, PENAL), Orientation.HORIZONTAL)
VERTICAL = Waterfall((PENAL, FEE, INTEREST, PRINCIPAL), Orientation.VERTICAL)


def test_horizontally_40000_clear_february_and_part_of_the_interest_of_march():
    laid = allocate(DUES, Decimal(40_000), ON, HORIZONTAL)

    assert [(part.due, part.component, str(part.amount)) for part in laid.paid] == [
        (FEBRUARY, INTEREST, "10000.00"), (FEBRUARY, PRINCIPAL, "23214.31"), (MARCH, INTEREST, "6785.69"),
    ]  # fmt: skip
    assert {part.component: str(part.amount) for part in laid.left} == {
        INTEREST: "2982.17", PRINCIPAL: "23446.45", FEE: "300.00", PENAL: "590.00",
    }  # fmt: skip
    assert days_past_due(oldest_due(laid.left, ON), ON) == 16


def test_vertically_the_same_money_leaves_february_short_and_the_loan_44_days_behind():
    laid = allocate(DUES, Decimal(40_000), ON, VERTICAL)

    met = {component: sum(part.amount for part in laid.paid if part.component is component) for component in Component}
    assert met == {
        PENAL: 590, FEE: 300, INTEREST: Decimal("19767.86"), PRINCIPAL: Decimal("19342.14"),
    }  # fmt: skip
    assert laid.left[0] == Due(FEBRUARY, PRINCIPAL, Decimal("3872.17"))
    assert days_past_due(oldest_due(laid.left, ON), ON) == 44


def test_money_beyond_the_dues_of_the_day_is_kept_or_used_for_the_next_due():
    coming = [*DUES, Due(date(2026, 4, 5), INTEREST, Decimal(9_000))]
    everything = sum(due.amount for due in DUES) + 1_000

    kept = allocate(coming, everything, ON, HORIZONTAL)
    used = allocate(
        coming, everything, ON, Waterfall(HORIZONTAL.components, Orientation.VERTICAL, FutureRule.NEXT_DUES)
    )

    assert (kept.surplus, kept.left[0].amount) == (1_000, 9_000)
    assert (used.surplus, used.left[0].amount) == (0, 8_000)


def test_fees_and_penal_charges_never_make_a_loan_past_due():
    assert oldest_due([Due(FEBRUARY, FEE, Decimal(1)), Due(FEBRUARY, PENAL, Decimal(1))], ON) is None


def test_each_asset_class_may_have_its_own_waterfall():
    policy = AllocationPolicy(HORIZONTAL, {AssetClass.SUBSTANDARD: VERTICAL})

    assert policy.waterfall(AssetClass.STANDARD) is HORIZONTAL
    assert policy.waterfall(AssetClass.SUBSTANDARD) is VERTICAL


def test_a_waterfall_without_a_place_for_every_component_is_refused():
    with pytest.raises(ValueError, match="every component once"):
        Waterfall((INTEREST, PRINCIPAL, FEE, FEE), Orientation.VERTICAL)


paise = st.integers(0, 5_000_000).map(lambda amount: Decimal(amount) / 100)
some_dues = st.lists(
    st.builds(Due, st.dates(date(2026, 1, 1), date(2026, 6, 30)), st.sampled_from(Component), paise), max_size=12
)
waterfalls = st.builds(
    Waterfall, st.permutations(list(Component)).map(tuple), st.sampled_from(Orientation), st.sampled_from(FutureRule)
)


@given(some_dues, paise, waterfalls)
def test_an_allocation_makes_and_loses_no_money(dues, amount, waterfall):
    laid = allocate(dues, amount, ON, waterfall)

    assert sum(part.amount for part in laid.paid) + laid.surplus == amount
    assert sum(part.amount for part in (*laid.paid, *laid.left)) == sum(due.amount for due in dues)
    assert all(part.amount > 0 for part in (*laid.paid, *laid.left))
    payable = [part for part in laid.left if part.due <= ON or waterfall.future is FutureRule.NEXT_DUES]
    assert laid.surplus == 0 or payable == []


@given(some_dues, paise, paise, waterfalls)
def test_two_receipts_on_a_day_meet_the_same_dues_as_one_of_both(dues, first, second, waterfall):
    once = allocate(dues, first + second, ON, waterfall)
    twice = allocate(allocate(dues, first, ON, waterfall).left, second, ON, waterfall)

    assert twice.left == once.left or waterfall.future is FutureRule.HOLD
    assert sum(part.amount for part in twice.left) == sum(part.amount for part in once.left)
