from copy import deepcopy
from decimal import Decimal

import pytest

from lending.engine.policy import DEFAULT_DOCUMENT, LendingPolicy, MalformedPolicy


def test_the_default_document_holds_the_caps_and_tenors_of_the_policy_page():
    bands = LendingPolicy.from_document(DEFAULT_DOCUMENT).bands

    assert {
        name: (int(t.working_capital), int(t.term_loan), t.working_capital_months, t.term_months)
        for name, t in bands.items()
    } == {
        "very_low_risk": (5_000_000, 10_000_000, 12, 84),
        "low_risk": (2_500_000, 5_000_000, 12, 60),
        "medium_risk": (1_000_000, 2_500_000, 12, 36),
        "high_risk": (500_000, 0, 12, 0),
    }


@pytest.mark.parametrize(
    ("section", "entry", "value"),
    [
        ("risk", "lgd", None),
        ("risk", "lgd", "a lot"),
        ("risk", "lgd", 0.65),
        ("floor", "filing_gaps", "2"),
        ("floor", "vintage_months", True),
        ("guarantee", "fees", "0.55"),
        ("guarantee", "fees", [["1000000"]]),
    ],
)
def test_a_malformed_entry_is_named(section, entry, value):
    document = deepcopy(DEFAULT_DOCUMENT)
    document[section][entry] = value

    with pytest.raises(MalformedPolicy, match=entry):
        LendingPolicy.from_document(document)


def test_a_missing_section_is_named():
    with pytest.raises(MalformedPolicy, match="bands"):
        LendingPolicy.from_document({})


def test_the_guarantee_fee_follows_the_slab_of_the_amount():
    policy = LendingPolicy.from_document(DEFAULT_DOCUMENT)

    assert policy.guarantee(Decimal(1_000_000)).fee == Decimal("0.37")
    assert policy.guarantee(Decimal(1_000_001)).fee == Decimal("0.55")
    assert policy.guarantee(Decimal(50_000_001)) is None
