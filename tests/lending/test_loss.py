"""A loss asset is declared by two people."""

from datetime import timedelta

import pytest

from lending.models import ClassificationEvent, Loan
from lending.services import UnableToServe, Wish, answer_proposal, propose, run_eod
from tests.factories.loans import START, a_loan, noon

DAY = timedelta(days=1)


def test_two_people_declare_a_loss_and_tonight_it_is_provided_for_in_full(db):
    loan, day = a_loan(), START + 10 * DAY
    maker, checker = loan.disbursement.maker, loan.disbursement.checker
    wish = Wish(kind="declare_loss")
    asked = propose(loan_id=loan.uuid, wish=wish, note="The plant burnt down", by=maker, at=noon(day))

    answer_proposal(proposal_id=asked.uuid, approve=True, answer="", by=checker, at=noon(day))
    run_eod(on=day, at=noon(day + DAY))

    loan = Loan.objects.get(pk=loan.pk)
    assert (loan.asset_class, loan.npa_date) == ("loss", day)
    assert loan.provision == loan.provisions.latest("on").outstanding > 0
    event = ClassificationEvent.objects.get(loan=loan)
    assert (event.from_class, event.to_class, event.on) == ("standard", "loss", day)
    with pytest.raises(UnableToServe, match="already"):
        propose(loan_id=loan.uuid, wish=wish, note="Again", by=maker, at=noon(day + DAY))
