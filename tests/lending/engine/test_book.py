from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from lending.engine.acts import Act, ActKind, perform, with_extras
from lending.engine.allocation import AllocationPolicy, Component, Orientation, Waterfall
from lending.engine.book import BookState, NotPossible
from lending.engine.changes import NewTerms, payoff, restructured
from lending.engine.classification import AssetClass
from lending.engine.closing import close_day, replay
from lending.engine.ledger import Account, trial_balance
from lending.engine.revisions import Keep
from lending.engine.terms import Grace, Moratorium, Terms
from tests.lending.engine.books import DAY, ORDER, TERMS, approved, closed_through, disbursed, receive

FEB, MAR = date(2026, 2, 5), date(2026, 3, 5)


def test_interest_is_earned_by_the_day_and_asked_for_to_the_paisa():
    book = closed_through(disbursed(), FEB - DAY)
    assert book.balance(Account.ACCRUED) == Decimal("10000.00")
    book = closed_through(book, FEB)
    assert book.balance(Account.INTEREST_DUE) == Decimal("10000.00")
    assert [due.amount for due in book.dues] == [Decimal("10000.00"), Decimal("23214.31")]
    assert book.standing.dpd == 1


def test_a_payment_on_the_due_date_clears_it_and_the_loan_is_never_late():
    book = closed_through(receive(disbursed(), FEB, "33214.31"), FEB)
    assert book.dues == ()
    assert book.standing.dpd == 0
    assert book.balance(Account.PRINCIPAL) == Decimal("976785.69")


def test_a_whole_life_repays_exactly_the_principal_and_closes():
    book = disbursed()
    for row in book.rows:
        book = receive(book, row.due, f"{row.principal + row.interest}", reference=f"U{row.number}")
    assert book.state is BookState.CLOSED
    assert book.balance(Account.INTEREST_INCOME) == -Decimal("195715.15")
    assert trial_balance(book.balances) == 0
    assert book.owed == book.unallocated == 0


def test_the_penal_charge_is_simple_with_tax_and_counted_once():
    book = receive(disbursed(), date(2026, 2, 20), "33214.31")
    penal = [due for due in book.dues if due.component is Component.PENAL]
    assert [due.amount for due in penal] == [Decimal("32.21")]  # 27.30 + 4.91
    assert book.standing.dpd == 15
    assert closed_through(book, date(2026, 3, 4)).balance(Account.PENAL_DUE) == Decimal("32.21")


def test_days_of_grace_are_charged_only_when_they_are_overrun():
    assert receive(disbursed(grace_days=5), date(2026, 2, 10), "33214.31").balance(Account.PENAL_DUE) == 0
    late = receive(disbursed(grace_days=30), date(2026, 3, 20), "10")
    first, second = Decimal("33214.31") * 43, Decimal("33214.31") * 0
    expected = (first + second) * 2 / 36500
    assert late.balance(Account.PENAL_INCOME) == -round(expected, 2)


def test_the_two_orders_of_payment_leave_the_classes_of_the_worked_example():
    dues = "40000"
    fee = Act(ActKind.FEE, date(2026, 3, 6), Decimal("254.24"), tax=Decimal("45.76"))
    classes = {}
    for orientation, components in (
        (Orientation.HORIZONTAL, ORDER.components),
        (Orientation.VERTICAL, (Component.PENAL, Component.FEE, Component.INTEREST, Component.PRINCIPAL)),
    ):
        policy = AllocationPolicy(Waterfall(components, orientation), {})
        book = perform(closed_through(disbursed(allocation=policy), fee.on - DAY), fee)
        book = closed_through(receive(book, date(2026, 3, 20), dues), date(2026, 3, 20))
        classes[orientation] = (book.standing.dpd, book.standing.sma)
    assert classes == {Orientation.HORIZONTAL: (16, "SMA-0"), Orientation.VERTICAL: (44, "SMA-1")}


def test_a_loan_unpaid_for_ninety_days_stops_earning_and_comes_back_only_when_all_is_paid():
    book = closed_through(disbursed(), date(2026, 5, 5))
    assert book.standing.asset_class is AssetClass.STANDARD
    book = closed_through(book, date(2026, 5, 6))
    assert book.standing.asset_class is AssetClass.SUBSTANDARD
    assert book.balance(Account.INTEREST_INCOME) == 0
    assert -book.balance(Account.SUSPENDED) == book.balance(Account.ACCRUED) + book.balance(Account.INTEREST_DUE)
    book = closed_through(receive(book, date(2026, 5, 20), "40000"), date(2026, 5, 20))
    assert book.standing.asset_class is AssetClass.SUBSTANDARD
    assert book.balance(Account.INTEREST_INCOME) == -Decimal(
        "16734.15"
    )  # the penal charge of February is older than the dues of March
    arrears = sum(due.amount for due in book.dues if due.component in (Component.PRINCIPAL, Component.INTEREST))
    book = closed_through(receive(book, date(2026, 6, 1), f"{arrears + 5000}"), date(2026, 6, 1))
    assert book.standing.asset_class is AssetClass.STANDARD
    assert book.balance(Account.SUSPENDED) == 0


def test_one_bad_loan_takes_the_others_of_its_borrower_along():
    bad, good = disbursed(account="bad"), disbursed(account="good")
    day = TERMS.disbursed
    while day <= date(2026, 5, 6):
        due = good.rows[0] if good.rows[0].due == day else None
        if due:
            good = perform(good, Act(ActKind.RECEIVE, day, due.principal + due.interest, reference=f"G{day}"))
        bad, good = close_day((bad, good), day)
        day += DAY
    standing = good.standing
    assert (standing.dpd, standing.asset_class, standing.trigger) == (0, AssetClass.SUBSTANDARD, "bad")


@pytest.mark.parametrize(("keep", "level", "count"), [(Keep.TENOR, "23799.62", 24), (Keep.INSTALMENT, "33214.31", 17)])
def test_a_prepayment_on_a_due_date_gives_the_rows_of_the_worked_example(keep, level, count):
    book = disbursed()
    for row in book.rows[:11]:
        book = receive(book, row.due, "33214.31", reference=f"U{row.number}")
    due = book.rows[0].due
    book = closed_through(book, due - DAY)
    act = Act(ActKind.PREPAY, due, Decimal("233214.31"), reference="P", keep=keep)
    book = perform(book, act)
    assert book.balance(Account.PRINCIPAL) == Decimal("505584.45")
    assert len(book.rows) == count
    assert book.rows[0].principal + book.rows[0].interest == Decimal(level)
    assert book.rows[0].due == date(2027, 2, 5)


def test_a_prepayment_between_due_dates_keeps_the_interest_earned_and_lowers_the_rest():
    book = closed_through(disbursed(), date(2026, 1, 20) - DAY)
    book = perform(book, Act(ActKind.PREPAY, date(2026, 1, 20), Decimal(500_000), reference="P"))
    first = book.rows[0]
    earned = book.balance(Account.ACCRUED)
    assert earned == Decimal("4838.71")  # 10,000 · 15/31
    assert first.interest == earned + Decimal("2580.65")  # 5,000 · 16/31
    assert closed_through(book, FEB).balance(Account.INTEREST_DUE) == first.interest


def test_what_closes_a_loan_is_quoted_and_taken_to_the_paisa():
    book = closed_through(disbursed(), date(2026, 2, 19))
    asked = payoff(book, date(2026, 2, 20))
    assert asked.principal == Decimal(1_000_000)
    assert asked.penal == Decimal("32.21")
    with pytest.raises(NotPossible, match="more"):
        receive(book, date(2026, 2, 20), f"{asked.total - Decimal('0.01')}", kind=ActKind.FORECLOSE)
    done = receive(book, date(2026, 2, 20), f"{asked.total}", kind=ActKind.FORECLOSE)
    assert (done.state, done.owed, done.unallocated, done.rows) == (BookState.CLOSED, 0, 0, ())


def test_leaving_within_the_cooling_off_days_costs_the_yearly_cost_for_the_days():
    book = receive(disbursed(), date(2026, 1, 7), "1000736.99", kind=ActKind.COOL_OFF)
    assert book.state is BookState.CLOSED
    assert book.balance(Account.INTEREST_INCOME) == -Decimal("736.99")
    with pytest.raises(NotPossible, match="over"):
        receive(disbursed(), date(2026, 1, 20), "1100000", kind=ActKind.COOL_OFF)


def test_a_restructured_bad_loan_stays_bad_until_its_time_of_good_conduct_is_over():
    book = closed_through(disbursed(), date(2026, 6, 9))
    owed = book.balance(Account.PRINCIPAL) + book.balance(Account.ACCRUED) + book.balance(Account.INTEREST_DUE)
    new = NewTerms(Decimal(10), 48, date(2026, 7, 10))
    book, sacrifice = restructured(book, date(2026, 6, 10), new)
    assert book.balance(Account.PRINCIPAL) == owed
    assert sacrifice > 0
    assert {due.component for due in book.dues} == {Component.PENAL}
    charges = book.balance(Account.PENAL_DUE)
    for row in book.rows[:12]:
        book = receive(book, row.due, f"{row.principal + row.interest + charges}", reference=f"R{row.number}")
        charges = 0
        assert book.non_performing
    assert not closed_through(book, date(2027, 6, 11)).non_performing


def test_a_written_off_loan_keeps_its_claim_and_what_comes_later_is_income():
    book = closed_through(disbursed(), date(2026, 6, 9))
    book = perform(book, Act(ActKind.WRITE_OFF, date(2026, 6, 10)))
    assert book.balance(Account.WRITTEN_OFF) > 1_000_000
    assert book.owed == book.balance(Account.SUSPENDED) == 0
    book = perform(book, Act(ActKind.RECOVER, date(2026, 8, 1), Decimal(50_000), reference="R"))
    assert book.balance(Account.RECOVERED) == -50_000


def test_a_settlement_takes_less_and_writes_the_rest_off():
    book = closed_through(disbursed(), date(2026, 6, 9))
    book = perform(book, Act(ActKind.SETTLE, date(2026, 6, 10), Decimal(700_000), reference="S"))
    assert (book.state, book.owed, trial_balance(book.balances)) == (BookState.CLOSED, 0, 0)


def test_a_capitalised_moratorium_joins_the_principal():
    book = closed_through(disbursed(replace(TERMS, moratorium=Moratorium(3, Grace.CAPITALISED))), date(2026, 4, 5))
    assert book.balance(Account.PRINCIPAL) == Decimal("1030301.00")
    assert book.dues == ()


def test_a_history_run_again_gives_the_book_that_lived():
    start = approved()
    acts = [Act(ActKind.DISBURSE, TERMS.disbursed, TERMS.principal)]
    book = disbursed()
    for on, amount in ((date(2026, 2, 20), "33214.31"), (date(2026, 5, 10), "20000"), (date(2026, 7, 1), "200000")):
        book = receive(book, on, amount)
        acts.append(Act(ActKind.RECEIVE, on, Decimal(amount), reference=f"UTR{on}"))
    book = closed_through(book, date(2026, 8, 1))
    assert replay((start,), {"1": acts}, date(2026, 8, 1)) == (book,)


def test_a_payment_reference_counts_once_and_a_day_is_not_entered_twice():
    book = receive(disbursed(), FEB, "100", "SAME")
    with pytest.raises(NotPossible, match="already"):
        receive(book, MAR, "100", "SAME")
    with pytest.raises(NotPossible, match="closed"):
        perform(closed_through(book, MAR), Act(ActKind.RECEIVE, FEB, Decimal(1), reference="X"))


def test_closing_a_closed_day_changes_nothing():
    book = closed_through(disbursed(), MAR)
    assert close_day((book,), MAR) == (book,)


def test_a_flat_or_bullet_loan_runs_its_life_too():
    for method in ("flat", "bullet", "equal-principal"):
        terms = Terms(Decimal(5000), Decimal(12), 18, date(2026, 1, 5), FEB, method=method)
        book = disbursed(terms)
        for row in book.rows:
            book = receive(book, row.due, f"{row.principal + row.interest}", reference=f"U{row.number}")
        assert book.state is BookState.CLOSED


def on_the_twelfth_due_date():
    """The worked loan with twelve instalments paid on their days."""
    book = disbursed(floating=True)
    for row in book.rows[:12]:
        book = receive(book, row.due, f"{row.principal + row.interest}", reference=f"U{row.number}")
    return book


def test_a_new_rate_changes_the_instalment_or_the_end_to_the_paisa():
    book = on_the_twelfth_due_date()
    act = Act(ActKind.RESET, date(2027, 1, 5), percent=Decimal("12.25"))

    level = perform(book, act)
    longer = perform(book, replace(act, keep=Keep.INSTALMENT))

    assert (level.percent, len(level.rows)) == (Decimal("12.25"), 24)
    assert level.rows[0].principal + level.rows[0].interest == Decimal("33296.75")
    assert (len(longer.rows), longer.rows[-1].principal + longer.rows[-1].interest) == (25, Decimal("2251.79"))
    assert longer.rows[-1].due == date(2029, 2, 5)
    for revised in (level, longer):
        assert sum(row.principal for row in revised.rows) == book.balance(Account.PRINCIPAL)


def test_a_new_rate_within_a_period_leaves_the_days_before_as_they_were():
    book = closed_through(on_the_twelfth_due_date(), date(2027, 1, 19))
    earned = book.balance(Account.ACCRUED)

    after = perform(book, Act(ActKind.RESET, date(2027, 1, 20), percent=Decimal(24)))

    first = after.rows[0]
    assert (first.start, first.brought) == (date(2027, 1, 20), earned)
    assert closed_through(after, first.due - DAY).balance(Account.ACCRUED) == first.interest
    assert first.interest > book.rows[0].interest


@pytest.mark.parametrize(
    ("percent", "keep", "said"),
    [("12", Keep.TENOR, "rate already"), ("90", Keep.INSTALMENT, "interest")],
)
def test_a_rate_that_cannot_be_is_refused(percent, keep, said):
    book = on_the_twelfth_due_date()
    with pytest.raises(NotPossible, match=said):
        perform(book, Act(ActKind.RESET, date(2027, 1, 5), percent=Decimal(percent), keep=keep))


def test_a_reset_that_happened_is_lived_again_whatever_the_agreement_says_of_its_rate():
    reset = Act(ActKind.RESET, date(2026, 1, 6), percent=Decimal(11))
    assert perform(closed_through(disbursed(), date(2026, 1, 5)), reset).percent == 11


def test_a_loss_is_declared_at_any_time_and_stays_one():
    book = closed_through(disbursed(), date(2026, 1, 19))

    lost = perform(book, Act(ActKind.DECLARE_LOSS, date(2026, 1, 20)))

    assert (lost.standing.asset_class.value, lost.standing.npa_date) == ("loss", date(2026, 1, 20))
    assert -lost.balance(Account.SUSPENDED) == book.balance(Account.ACCRUED) > 0
    assert closed_through(lost, date(2026, 1, 25)).standing.asset_class.value == "loss"
    with pytest.raises(NotPossible, match="already"):
        perform(lost, Act(ActKind.DECLARE_LOSS, date(2026, 1, 20)))


def test_an_act_with_a_new_rate_is_written_and_read_back():
    act = Act(ActKind.RESET, date(2027, 1, 5), percent=Decimal("12.25"), keep=Keep.INSTALMENT)
    assert with_extras(Act(ActKind.RESET, act.on), act.extras()) == act


def test_another_part_is_borne_by_the_coming_rows_and_asks_interest_from_its_day_on():
    book = closed_through(disbursed(), date(2026, 1, 19))
    earned = book.balance(Account.ACCRUED)

    after = perform(book, Act(ActKind.DRAW, date(2026, 1, 20), Decimal(500_000)))

    first = after.rows[0]
    assert after.balance(Account.PRINCIPAL) == sum(row.principal for row in after.rows) == 1_500_000
    assert [row.due for row in after.rows] == [row.due for row in book.rows]
    assert (first.start, first.brought) == (date(2026, 1, 20), earned)
    assert first.interest == earned + Decimal("7741.94")  # 15,000.00 · 16/31 days
    assert trial_balance(after.balances) == 0
