from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from lending.engine import limits
from lending.engine.limits import Bound, Constraint, TurnoverRule
from lending.engine.schedule import annuity
from lending.engine.working_capital import Assets

NAYAK = TurnoverRule(Decimal("0.20"), Decimal("0.25"), Decimal("0.30"), Decimal("0.25"))
CRORE = Decimal(10_000_000)

bounds = st.lists(
    st.builds(
        Bound,
        st.sampled_from(Constraint),
        st.none() | st.integers(0, 10_000_000).map(Decimal),
        st.just("a basis"),
    ),
    min_size=1,
    max_size=6,
)


@given(bounds)
def test_the_limit_is_never_above_any_bound(several):
    limit = limits.binding(several)

    assert limit.binding in several
    assert all(limit.amount <= (bound.amount or 0) for bound in several)


def test_of_two_equal_bounds_the_earlier_in_the_order_is_named():
    cap = Bound(Constraint.BAND, Decimal(100), "cap")
    turnover = Bound(Constraint.TURNOVER, Decimal(100), "20 %")

    assert limits.binding([cap, turnover]).binding is turnover


def test_an_unknown_bound_lends_nothing_and_says_so():
    limit = limits.binding([Bound(Constraint.TURNOVER, None, "not shared"), Bound(Constraint.BAND, CRORE, "cap")])

    assert limit.amount == 0
    assert not limit.binding.known


def test_working_capital_of_two_crore_turnover_is_forty_lakh():
    assert limits.turnover_bound(2 * CRORE, None, NAYAK).amount == Decimal(4_000_000)


def test_a_quarter_of_digital_sales_raises_the_turnover_limit():
    bound = limits.turnover_bound(CRORE, CRORE / 4, NAYAK)

    assert bound.amount == Decimal(750_000 + 1_875_000)
    assert bound.basis == "30 % of digital and 25 % of other yearly turnover"


def test_less_than_a_quarter_of_digital_sales_changes_nothing():
    assert limits.turnover_bound(CRORE, CRORE / 4 - 1, NAYAK).amount == Decimal(2_000_000)


def test_returned_goods_beyond_the_sales_give_no_limit():
    assert limits.turnover_bound(Decimal(-5000), None, NAYAK).amount == 0


def test_the_worked_expected_loss_bound_is_rounded_down_to_the_rupee():
    bound = limits.expected_loss_bound(Decimal(15_000), Decimal("0.06"), Decimal("0.65"))

    assert bound.amount == Decimal(384_615)


@given(st.integers(1, 500_000), st.integers(1, 300), st.integers(1, 120))
def test_the_instalment_of_the_term_capacity_always_fits_the_room(room, points, months):
    rate = Decimal(points) / 12_000

    principal = limits.term_capacity(Decimal(room), rate, months)

    assert annuity(principal, rate, months) <= room


def test_debt_service_beyond_the_net_flow_leaves_no_room():
    assert limits.room_for_service(Decimal(50_000), Decimal(60_000), Decimal("1.25")) == 0


def test_no_months_no_term_loan():
    assert limits.term_capacity(Decimal(10_000), Decimal("0.01"), 0) == 0


BOOKS = Assets(8 * CRORE, 6 * CRORE, Decimal(0), 3 * CRORE, Decimal(0), on="2026-03-31")


def test_the_turnover_method_holds_up_to_five_crore():
    assert limits.working_bound(25 * CRORE, None, NAYAK, BOOKS).constraint is Constraint.TURNOVER
    assert limits.working_bound(25 * CRORE, None, NAYAK, BOOKS).amount == 5 * CRORE


def test_above_five_crore_the_permissible_bank_finance_binds():
    bound = limits.working_bound(40 * CRORE, None, NAYAK, BOOKS)

    assert bound.constraint is Constraint.PERMISSIBLE
    assert bound.amount == Decimal("7.5") * CRORE  # 75 % of 14 crore less 3 crore
    assert "2026-03-31" in bound.basis


def test_without_a_statement_the_turnover_method_ends_at_five_crore():
    bound = limits.working_bound(40 * CRORE, None, NAYAK, None)

    assert (bound.constraint, bound.amount) == (Constraint.TURNOVER, 5 * CRORE)
    assert "statement of current assets" in bound.basis


def test_liabilities_above_the_assets_leave_nothing():
    assert limits.working_bound(40 * CRORE, None, NAYAK, replace(BOOKS, creditors=20 * CRORE)).amount == 0
