import pytest

from scoring.engine.policy import ScoringPolicy
from scoring.engine.sufficiency import NO_CONSENT, Record, judge, withheld

FULL = {"gst_invoices": 9, "gst_returns": 4, "upi_payments": 80, "bank_entries": 12, "eway_bills": 3}


@pytest.mark.parametrize(("months", "coverage", "enough"), [(3, 0.4, True), (2, 0.9, False), (12, 0.39, False)])
def test_three_months_and_four_tenths_of_coverage_are_needed(months: int, coverage: float, enough: bool) -> None:
    assert judge(Record(months, coverage, FULL, deals_in_goods=True), ScoringPolicy()).enough is enough


def test_what_is_missing_is_named_with_what_sharing_it_could_do() -> None:
    gaps = judge(Record(0, 0.0, {}, deals_in_goods=True), ScoringPolicy()).gaps
    assert [gap.kind for gap in gaps] == [
        "months",
        "gst_invoices",
        "gst_returns",
        "upi_payments",
        "bank_entries",
        "eway_bills",
    ]
    assert all(gap.use for gap in gaps)


def test_a_firm_without_goods_is_not_asked_for_waybills() -> None:
    rows = {kind: count for kind, count in FULL.items() if kind != "eway_bills"}
    assert judge(Record(9, 0.9, rows, deals_in_goods=False), ScoringPolicy()).gaps == ()


def test_a_full_file_that_is_too_old_is_told_so() -> None:
    judged = judge(Record(9, 0.0, FULL, deals_in_goods=True), ScoringPolicy())
    assert not judged.enough
    assert [gap.kind for gap in judged.gaps] == ["freshness"]


def test_the_policy_document_sets_the_bars() -> None:
    strict = ScoringPolicy.from_document({"least_months": 6})
    assert strict == ScoringPolicy(least_months=6)
    assert ScoringPolicy.from_document(strict.document()) == strict
    assert not judge(Record(5, 0.9, FULL, deals_in_goods=True), strict).enough


def test_without_consent_the_only_gap_is_consent() -> None:
    assert withheld(NO_CONSENT).gaps == (NO_CONSENT,)
