"""What counts as a card number, and that every door at which people write as they please refuses one."""

import inspect
from importlib import import_module
from pkgutil import walk_packages

import pytest
from django import forms
from django.core.exceptions import ValidationError
from rest_framework import serializers

from creditiq.kernel.cards import card_numbers, no_card_number
from tests.architecture.sources import ROOT

APPS = ("accounts", "fraud", "lending", "scoring", "wallets")
FREE = {"note", "reason", "text", "answer", "finding", "question", "details", "comment"}


@pytest.mark.parametrize(
    "text",
    [
        "4111111111111111",
        "my card is 4111 1111 1111 1111, please",
        "5500-0000-0000-0004.",
        "loan 12 4111 1111 1111 1111",
        "378282246310005",
        "6304000000000000",
        "4000000000006",
        "4000000000000000006",
    ],
)
def test_a_card_number_is_found_however_it_is_grouped(text: str) -> None:
    assert list(card_numbers(text))
    with pytest.raises(ValidationError, match="card number, ending in"):
        no_card_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "4111111111111112",
        "411111111111",
        "0000000000000000",
        "paid 2026-11-20 of ₹4,11,111",
        "UTR 123456789012",
        "41111111111111111111",
        "0x4111111111111111",
        "C-000123",
    ],
)
def test_other_numbers_may_be_written(text: str) -> None:
    no_card_number(text)


def doors() -> dict[str, forms.Field | serializers.Field]:
    """Free-text fields of every form and of every serializer that takes something in, by where they stand."""
    found: dict[str, forms.Field | serializers.Field] = {}
    for app in APPS:
        names = [module.name for module in walk_packages([str(ROOT / app)], f"{app}.")]
        for name in (name for name in names if name.startswith((f"{app}.forms", f"{app}.api"))):
            for owner, kind in inspect.getmembers(import_module(name), inspect.isclass):
                if kind.__module__ != name:
                    continue
                fields = getattr(kind, "base_fields", None) or getattr(kind, "_declared_fields", {})
                found |= {f"{name}.{owner}.{key}": field for key, field in fields.items() if key in FREE}
    return found


def test_every_free_text_refuses_a_card_number() -> None:
    texts = {
        place: field
        for place, field in doors().items()
        if isinstance(field, forms.CharField | serializers.CharField) and (field.max_length or 0) >= 200
    }
    assert len(texts) > 50
    assert [place for place, field in texts.items() if no_card_number not in field.validators] == []


def test_the_answer_names_the_field() -> None:
    class Door(serializers.Serializer[object]):
        note = serializers.CharField(validators=(no_card_number,))

    door = Door(data={"note": "4111 1111 1111 1111"})
    assert not door.is_valid()
    assert "ending in 1111" in str(door.errors["note"][0])
