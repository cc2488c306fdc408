"""Payments, ends of day and what needs two people, on the real database."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from accounts.models import AuditEntry, LegalHold, Role
from creditiq.kernel.errors import InvalidInput, NotVisible
from lending.engine.days import months_after
from lending.models import Due, JournalEntry, Loan, Receipt
from lending.selectors.books import book
from lending.selectors.loan_acts import acts_in_force, replayed
from lending.services import (
    Paid,
    UnableToServe,
    Wish,
    answer_proposal,
    expire_proposals,
    propose,
    prove_books,
    record_receipt,
    run_eod,
)
from tests.factories.accounts import OfficerFactory, UserFactory
from tests.factories.loans import START, a_loan, noon

DAY = timedelta(days=1)
FEB, MAR = date(2026, 2, 5), date(2026, 3, 5)
EMI = Decimal("33214.31")


def close(on):
    """The end of a day, run the next noon."""
    return run_eod(on=on, at=noon(on + DAY))


def pay(loan, on, amount=EMI, **changes):
    """A payment posted on its day by the officer of the bank."""
    officer = changes.pop("by", None) or loan.disbursement.maker
    paid = Paid(amount=Decimal(amount), on=on, mode="upi", utr=changes.pop("utr", f"U{on}"), **changes)
    return record_receipt(loan_id=loan.uuid, paid=paid, by=officer, at=noon(on))


def fresh(loan):
    return Loan.objects.get(pk=loan.pk)


@pytest.fixture
def loan(db):
    return a_loan()


def test_a_day_is_closed_once_and_a_second_run_changes_nothing(loan):
    assert close(FEB).loans == 1
    entries = JournalEntry.objects.count()
    again = close(FEB)
    assert (again.loans, again.entries, JournalEntry.objects.count()) == (0, 0, entries)
    loan = fresh(loan)
    assert (loan.through, loan.interest_due, loan.dpd, loan.sma) == (FEB, Decimal(10_000), 1, "SMA-0")
    assert loan.provision == Decimal(1_010_000 * Decimal("0.0025"))


def test_a_day_that_is_not_over_is_not_closed(loan):
    with pytest.raises(InvalidInput):
        run_eod(on=FEB, at=noon(FEB))


def test_a_payment_catches_up_the_days_before_and_meets_what_is_due(loan):
    receipt = pay(loan, FEB)
    loan = fresh(loan)
    assert (loan.through, loan.principal) == (FEB - DAY, Decimal("976785.69"))
    assert {(row.component, row.paid) for row in Due.objects.filter(loan=loan)} == {
        ("principal", Decimal("23214.31")), ("interest", Decimal(10_000)),
    }  # fmt: skip
    assert receipt.allocations.count() == 2
    assert AuditEntry.objects.filter(action="loan.receive").count() == 1
    assert not close(FEB).changed_class


def test_a_reference_is_posted_once(loan):
    pay(loan, FEB, utr="SAME")
    with pytest.raises(InvalidInput, match="already"):
        pay(loan, FEB, utr="SAME")


def test_another_bank_sees_no_loan_of_ours(loan):
    with pytest.raises(NotVisible):
        pay(loan, FEB, by=OfficerFactory())


def test_ninety_days_make_a_loan_bad_and_all_its_borrowers_loans_with_it(loan):
    other = a_loan(business=loan.business, bank=loan.organisation)
    for on in (FEB, MAR, date(2026, 4, 5), date(2026, 5, 5)):
        pay(other, on, utr=f"O{on}")
    assert close(date(2026, 5, 6)).changed_class == 2
    loan, other = fresh(loan), fresh(other)
    assert (loan.asset_class, other.asset_class) == ("substandard", "substandard")
    assert (other.dpd, other.trigger) == (0, loan.account_no)
    assert loan.suspended == loan.accrued + loan.interest_due
    assert loan.provision == (loan.principal * 25 / 100).quantize(Decimal("0.01"))
    assert loan.notices.filter(kind="class").exists()
    assert prove_books(at=noon(date(2026, 5, 7))).holds


def test_an_earlier_payment_needs_two_people_and_puts_the_past_right(loan):
    close(date(2026, 3, 31))
    officer, risk = loan.disbursement.maker, loan.disbursement.checker
    with pytest.raises(UnableToServe, match="second person"):
        record_receipt(
            loan_id=loan.uuid, by=officer, at=noon(date(2026, 4, 1)),
            paid=Paid(EMI, FEB, "neft", "LATE"),
        )  # fmt: skip
    wish = Wish(kind="correct", paid=Paid(EMI, FEB, "neft", "LATE"))
    proposal = propose(loan_id=loan.uuid, wish=wish, note="Found in suspense", by=officer, at=noon(date(2026, 4, 1)))
    shown = {row["name"]: (row["before"], row["after"]) for row in proposal.effect}
    assert shown["Days past due"] == ("55", "27")
    assert shown["Class"] == ("standard SMA-1", "standard SMA-0")
    answer_proposal(proposal_id=proposal.uuid, approve=True, answer="", by=risk, at=noon(date(2026, 4, 1)))

    loan = fresh(loan)
    assert (loan.dpd, loan.principal) == (27, Decimal("976785.69"))
    twin = a_loan(utr="TWIN")
    pay(twin, FEB, utr="TWIN-1")
    close(date(2026, 3, 31))
    assert balances(loan) == balances(fresh(twin))
    assert prove_books(at=noon(date(2026, 4, 1))).holds


def test_a_request_nobody_answers_in_a_week_ends_and_frees_the_loan(loan):
    officer, risk, asked = loan.disbursement.maker, loan.disbursement.checker, noon(date(2026, 2, 2))
    wish = Wish(kind="fee", amount=Decimal(100))
    proposal = propose(loan_id=loan.uuid, wish=wish, note="Stamp", by=officer, at=asked)
    assert expire_proposals(at=asked + 6 * DAY) == 0
    with pytest.raises(UnableToServe, match="time for this request is over"):
        answer_proposal(proposal_id=proposal.uuid, approve=True, answer="", by=risk, at=asked + 7 * DAY)

    assert expire_proposals(at=asked + 7 * DAY) == 1
    assert expire_proposals(at=asked + 7 * DAY) == 0

    proposal.refresh_from_db()
    assert (proposal.state, proposal.checker) == ("expired", None)
    assert AuditEntry.objects.get(action="loan_proposal.expired").actor is None
    assert propose(loan_id=loan.uuid, wish=wish, note="Stamp", by=officer, at=asked + 8 * DAY).state == "pending"


def balances(loan):
    """What is owed and how late."""
    return loan.principal, loan.accrued, loan.interest_due, loan.penal_due, loan.dpd, loan.provision


def test_a_returned_payment_restores_the_state_before_it_exactly(loan):
    close(FEB - DAY)
    before = fresh(loan)
    pay(loan, FEB, utr="BOUNCE")
    officer, risk = loan.disbursement.maker, loan.disbursement.checker
    proposal = propose(
        loan_id=loan.uuid,
        wish=Wish(kind="return", reference="BOUNCE"),
        note="Mandate returned",
        by=officer,
        at=noon(FEB),
    )
    answer_proposal(proposal_id=proposal.uuid, approve=True, answer="", by=risk, at=noon(FEB))
    after = fresh(loan)
    assert balances(after) == balances(before)
    assert book(after) == book(before)
    assert Receipt.objects.get(utr="BOUNCE").returned_on == FEB
    assert prove_books(at=noon(FEB)).holds


def test_one_person_alone_waives_nothing(loan):
    close(date(2026, 2, 28))
    officer = loan.disbursement.maker
    wish = Wish(kind="waive", component="penal", amount=Decimal("10"))
    proposal = propose(loan_id=loan.uuid, wish=wish, note="Flood", by=officer, at=noon(date(2026, 3, 1)))
    both = UserFactory(role=Role.RISK_MANAGER, organisation=loan.organisation)
    proposal.maker = both
    proposal.save()
    with pytest.raises(UnableToServe, match="Somebody else"):
        answer_proposal(proposal_id=proposal.uuid, approve=True, answer="", by=both, at=noon(date(2026, 3, 1)))
    risk = loan.disbursement.checker
    answer_proposal(proposal_id=proposal.uuid, approve=True, answer="", by=risk, at=noon(date(2026, 3, 1)))
    assert fresh(loan).penal_due == Decimal("51.54") - 10


@pytest.mark.parametrize(
    ("wish", "state"),
    [
        (Wish(kind="write_off"), "written_off"),
        (Wish(kind="settle", paid=Paid(Decimal(500_000), date(2026, 6, 1), "neft", "S1")), "closed"),
        (Wish(kind="restructure", percent=Decimal(10), months=48, first_due=date(2026, 7, 1)), "active"),
    ],
)
def test_hard_ends_and_new_terms_need_two_people_and_keep_the_books_whole(loan, wish, state):
    close(date(2026, 5, 31))
    officer, risk, at = loan.disbursement.maker, loan.disbursement.checker, noon(date(2026, 6, 1))
    proposal = propose(loan_id=loan.uuid, wish=wish, note="Agreed", by=officer, at=at)
    answer_proposal(proposal_id=proposal.uuid, approve=True, answer="Yes", by=risk, at=at)
    close(date(2026, 6, 5))
    loan = fresh(loan)
    assert loan.state == state
    last = loan.instalments.latest("due").due if state != "closed" else loan.closed_on
    assert LegalHold.objects.get(business=loan.business).until == months_after(last, 60)
    assert prove_books(at=at).holds
    if state == "active":
        assert (loan.schedule_version, loan.restructure_count, loan.asset_class) == (2, 1, "substandard")
    else:
        assert loan.provision == loan.principal == 0


def test_the_log_of_acts_gives_the_living_book(loan):
    for on, amount in ((FEB, EMI), (date(2026, 3, 20), 20_000), (date(2026, 4, 7), 250_000)):
        pay(loan, on, amount, purpose="prepay" if amount == 250_000 else "dues")
    close(date(2026, 5, 9))
    loan = fresh(loan)
    (again,) = replayed([loan], acts_in_force([loan]), loan.through)
    live = book(loan)
    assert (again.rows, again.dues, again.standing.dpd) == (live.rows, live.dues, live.standing.dpd)
    assert {name: again.balances.get(name, 0) for name in live.balances} == live.balances
    assert loan.schedules.count() == 2
    assert loan.next_due > START


def test_a_borrower_hears_once_of_a_day_and_also_of_days_that_were_caught_up(db):
    loan = a_loan()
    for day in (FEB - 4 * DAY, FEB - 3 * DAY, FEB - 2 * DAY, FEB, FEB + DAY, FEB + 2 * DAY):
        close(day)

    assert sorted(loan.notices.values_list("kind", flat=True)) == ["due_soon", "overdue_1"]
    close(FEB + 40 * DAY)
    late = loan.notices.get(kind="overdue_31")
    assert "unpaid for" in late.text
    assert late.on == FEB + 40 * DAY
