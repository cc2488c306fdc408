from decimal import Decimal

import pytest

from lending.engine.receipts import UnreadableReceipt, answer, read_receipt

SOUND = {"date": "2026-03-20", "amount": "100.00", "dues": [{"due": "2026-02-05", "interest": "60"}]}


def test_a_receipt_is_read_with_the_usual_order_and_answered():
    document = {**SOUND, "dues": [*SOUND["dues"], {"component": "fee", "amount": Decimal("30.50")}]}

    found = answer(read_receipt(document))

    assert found == {
        "allocations": [
            {"due": "2026-02-05", "component": "interest", "amount": "60.00"},
            {"due": "2026-03-20", "component": "fee", "amount": "30.50"},
        ],
        "left": [],
        "surplus": "9.50",
        "dpd_after": 0,
        "sma_after": None,
    }


def test_components_that_are_not_named_follow_in_the_usual_order():
    order = read_receipt({**SOUND, "order": ["penal", "principal"]}).waterfall.components

    assert [component.value for component in order] == ["penal", "principal", "interest", "fee"]


@pytest.mark.parametrize(
    ("field", "document"),
    [
        ("file", []),
        ("date", {**SOUND, "date": "20.03.2026"}),
        ("amount", {**SOUND, "amount": "-1"}),
        ("amount", {**SOUND, "amount": "1.005"}),
        ("amount", {**SOUND, "amount": "NaN"}),
        ("amount", {**SOUND, "amount": "many"}),
        ("amount", {**SOUND, "amount": True}),
        ("paid", {**SOUND, "paid": "1"}),
        ("dues", {**SOUND, "dues": {}}),
        ("dues[0]", {**SOUND, "dues": [1]}),
        ("dues[0].due", {**SOUND, "dues": [{"due": "soon", "fee": 1}]}),
        ("dues[0].fees", {**SOUND, "dues": [{"due": "2026-02-05", "fees": 1}]}),
        ("dues[0].component", {**SOUND, "dues": [{"component": "gift", "amount": 1}]}),
        ("dues[0].amount", {**SOUND, "dues": [{"component": "fee"}]}),
        ("dues[0].fee", {**SOUND, "dues": [{"fee": []}]}),
        ("order", {**SOUND, "order": "fee"}),
        ("order", {**SOUND, "order": ["fee", "fee"]}),
        ("order[1]", {**SOUND, "order": ["fee", "gift"]}),
        ("orientation", {**SOUND, "orientation": "diagonal"}),
        ("future", {**SOUND, "future": "spend"}),
    ],
)
def test_what_cannot_be_read_is_refused_by_the_path_of_its_field(field, document):
    with pytest.raises(UnreadableReceipt) as refusal:
        read_receipt(document)

    assert refusal.value.field == field
