"""Promises are judged by payments, covered loans pay their yearly fee, random lives keep the books whole."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import numpy as np
import pytest

from lending.models import Contact, GuaranteeFee, Loan
from lending.selectors.books import book
from lending.selectors.loan_acts import acts_in_force, replayed
from lending.services import Paid, Said, UnableToServe, prove_books, record_contact, record_receipt, run_eod
from tests.factories.loans import START, a_loan, noon

DAY = timedelta(days=1)
LATE = date(2026, 2, 20)


def pay(loan, on, amount, utr, purpose="dues"):
    paid = Paid(Decimal(amount), on, "upi", utr, purpose=purpose)
    return record_receipt(loan_id=loan.uuid, paid=paid, by=loan.disbursement.maker, at=noon(on))


@pytest.mark.parametrize(("amount", "verdict"), [("20000", "kept"), ("19999", "broken")])
def test_a_promise_is_kept_when_the_money_came_in_time(db, amount, verdict):
    loan = a_loan()
    said = Said("message", "After the fair", Decimal(20_000), LATE + 2 * DAY)
    record_contact(loan_id=loan.uuid, said=said, by=loan.disbursement.maker, at=noon(LATE))
    pay(loan, LATE + DAY, amount, "P1")
    run_eod(on=LATE + 2 * DAY, at=noon(LATE + 3 * DAY))
    assert Contact.objects.get().promise == verdict


def test_nobody_is_called_in_the_evening(db):
    loan = a_loan()
    evening = datetime(2026, 2, 20, 14, 0, tzinfo=UTC)  # half past seven in India
    with pytest.raises(UnableToServe, match=r"8:00 and 19:00"):
        record_contact(loan_id=loan.uuid, said=Said("call", "No answer"), by=loan.disbursement.maker, at=evening)


def test_a_covered_loan_pays_its_guarantee_once_a_year(db):
    loan = a_loan()
    Loan.objects.filter(pk=loan.pk).update(cover=Decimal(75))
    for on in (START, START + DAY, date(2027, 1, 6)):
        run_eod(on=on, at=noon(on + DAY))
    fees = list(GuaranteeFee.objects.order_by("year").values_list("year", "guaranteed", "fee"))
    assert fees[0] == (1, Decimal("750000.00"), Decimal("2775.00"))
    assert [year for year, *_ in fees] == [1, 2]


@pytest.mark.parametrize("seed", range(6))
def test_random_lives_on_the_database_keep_the_books_whole_and_can_be_lived_again(db, seed):
    chance = np.random.default_rng(seed)
    loan, on = a_loan(months=int(chance.integers(3, 13))), START
    for number in range(6):
        on += timedelta(days=int(chance.integers(3, 40)))
        purpose = "prepay" if chance.random() < 0.3 else "dues"
        before = Loan.objects.get(pk=loan.pk)
        try:
            pay(loan, on, int(chance.integers(1_000, 150_000)), f"R{number}", purpose)
        except UnableToServe:
            after = Loan.objects.get(pk=loan.pk)
            assert (after.principal, after.unallocated) == (before.principal, before.unallocated)
        assert prove_books(at=noon(on)).holds
    loan = Loan.objects.get(pk=loan.pk)
    (again,) = replayed([loan], acts_in_force([loan]), loan.through)
    live = book(loan)
    assert (again.rows, again.dues, again.state) == (live.rows, live.dues, live.state)
    assert {name: again.balances.get(name, Decimal(0)) for name in live.balances} == live.balances
    assert replace(again.standing, npa_date=None) == replace(live.standing, npa_date=None)
