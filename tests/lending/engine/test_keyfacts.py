from dataclasses import replace
from decimal import Decimal

import pytest

from lending.engine.apr import NoRate
from lending.engine.charges import Basis, FeeRule
from lending.engine.keyfacts import NOT_STATED, Conditions, Contingent, PartTwo, apr_sheet, key_facts
from tests.lending.engine.loans import repaid

GST = Decimal(18)
PROCESSING = FeeRule("Processing fee", Basis.PRINCIPAL, Decimal("1.5"), GST)
VALUATION = FeeRule("Valuation", Basis.FIXED, Decimal(1_000), GST, third_party=True, line="A2")
PENAL = Contingent("Penal charge", "2 % a year on the overdue instalment, plus GST")


def test_a_statement_holds_the_rate_the_fees_and_every_instalment():
    facts = key_facts(repaid(100_000, 12, 12), [PROCESSING, VALUATION], Conditions("floating", 3, (PENAL,)))

    assert facts.sheet.fees == Decimal("2950.00")
    assert facts.sheet.net_disbursed == Decimal("97050.00")
    assert facts.sheet.repaid == facts.sheet.sanctioned + facts.sheet.interest
    assert facts.sheet.apr == Decimal("17.73")
    assert [fee.third_party for fee in facts.fees] == [False, True]
    assert (facts.instalments, len(facts.schedule), facts.cooling_off_days) == (12, 12, 3)


def test_part_two_says_what_the_lender_said_and_where_it_said_nothing():
    loan, said = repaid(100_000, 12, 12), PartTwo(grievance_officer="A. Rao, 044 000 000")
    silent, spoken = key_facts(loan, [], Conditions()), key_facts(loan, [], Conditions(part_two=said))

    assert [words for _, words in silent.part_two.rows] == [NOT_STATED] * 3
    assert [words for _, words in spoken.part_two.rows] == [NOT_STATED, "A. Rao, 044 000 000", NOT_STATED]
    assert silent.hash != spoken.hash


def test_without_fees_the_annual_rate_is_the_rate():
    assert apr_sheet(repaid(100_000, 12, 12), Decimal(0)).apr == Decimal("12.00")


def test_any_other_figure_gives_another_digest_and_the_same_ones_the_same():
    loan = repaid(100_000, 12, 12)
    facts = key_facts(loan, [PROCESSING], Conditions())

    assert facts.hash == key_facts(repaid("100000.00", "12.0", 12), [PROCESSING], Conditions()).hash
    assert facts.hash != replace(facts, cooling_off_days=2).hash
    assert facts.schedule_hash != key_facts(repaid(100_000, 12, 13), [], Conditions()).schedule_hash


def test_fees_that_eat_the_loan_up_have_no_rate():
    with pytest.raises(NoRate):
        key_facts(repaid(1_000, 12, 12), [VALUATION], Conditions())
