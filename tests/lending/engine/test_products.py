from decimal import Decimal

import pytest

from lending.engine.agreements import agreement, read, written
from lending.engine.classification import AssetClass
from lending.engine.products import USUAL, ProductTerms, UnsoundProduct
from tests.lending.engine.loans import repaid


def test_a_document_is_read_and_written_back_the_same():
    terms = ProductTerms.from_document({**USUAL, "multiple": "1.00"})

    assert terms.document() == {**USUAL, "multiple": "1"}
    assert ProductTerms.from_document(terms.document()) == terms


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("least_amount", {"least_amount": "0"}),
        ("least_amount", {"least_amount": "some"}),
        ("least_amount", {"least_amount": "-1"}),
        ("least_amount", {"least_amount": None}),
        ("most_amount", {"most_amount": "10"}),
        ("least_months", {"least_months": 0}),
        ("least_months", {"least_months": "12"}),
        ("most_months", {"most_months": 601}),
        ("rate_type", {"rate_type": "mixed"}),
        ("benchmark", {"rate_type": "floating"}),
        ("benchmark", {"benchmark": 1}),
        ("method", {"method": "gift"}),
        ("step", {"method": "step"}),
        ("every", {"every": 2}),
        ("multiple", {"multiple": "0.001"}),
        ("allocation", {"allocation": ["fee"]}),
        ("cooling_off_days", {"cooling_off_days": 0}),
        ("moratorium_months", {"moratorium_months": 84}),
        ("fee_percent", {"fee_percent": "101"}),
        ("secured", {"secured": "no"}),
        ("colour", {"colour": "red"}),
    ],
)
def test_a_document_that_is_no_product_is_refused_by_the_name_of_its_entry(field, change):
    with pytest.raises(UnsoundProduct) as refusal:
        ProductTerms.from_document({**USUAL, **change})

    assert refusal.value.field == field


def test_a_product_may_meet_the_dues_of_bad_loans_in_another_order():
    other = ["principal", "interest", "fee", "penal"]
    terms = ProductTerms.from_document(USUAL | {"npa_allocation": other})
    agreed = agreement("1", repaid(100_000, 12, 12).terms, terms, Decimal(12))

    again = read(written(agreed))

    assert again == agreed
    assert [str(part) for part in again.allocation.waterfall(AssetClass.SUBSTANDARD).components] == other
    assert again.allocation.waterfall(AssetClass.STANDARD).components[0] == "interest"
    before = {key: value for key, value in written(agreed).items() if key != "npa_allocation"}
    assert read(before).allocation.by_class == {}
    assert ProductTerms.from_document({key: value for key, value in USUAL.items() if key != "npa_allocation"})
