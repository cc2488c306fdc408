import pytest

from lending.engine.products import USUAL, ProductTerms, UnsoundProduct


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
