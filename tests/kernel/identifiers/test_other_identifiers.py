from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creditiq.kernel.identifiers import gstin, ifsc, pan, udyam, vpa
from creditiq.kernel.identifiers.errors import InvalidIdentifier

MODULES = [gstin, ifsc, pan, udyam, vpa]


@pytest.mark.parametrize("module", MODULES, ids=lambda m: m.__name__.rpartition(".")[2])
@given(text=st.text(max_size=20))
def test_any_text_is_parsed_or_refused_with_a_rule_of_its_own_kind(module: ModuleType, text: str) -> None:
    kind = module.__name__.rpartition(".")[2]
    if module.is_valid(text):
        assert module.parse(text).text.lower() == text.lower()
    else:
        with pytest.raises(InvalidIdentifier) as raised:
            module.parse(text)
        assert raised.value.rule.startswith(f"{kind}.")


@pytest.mark.parametrize(
    ("module", "text", "rule"),
    [
        (pan, "AAPFU0939", "pan.length"),
        (pan, "AAPFU09390", "pan.pattern"),
        (pan, "AAPXU0939F", "pan.holder"),
        (pan, "AAPFU0939F\n", "pan.length"),
        (ifsc, "HDFC00001", "ifsc.length"),
        (ifsc, "HDFC1000012", "ifsc.pattern"),
        (vpa, "a@ybl", "vpa.pattern"),
        (vpa, "asha@1bl", "vpa.pattern"),
        (udyam, "UDYAM-MH-18-001234", "udyam.pattern"),
    ],
)
def test_a_broken_identifier_names_the_rule_it_breaks(module: ModuleType, text: str, rule: str) -> None:
    with pytest.raises(InvalidIdentifier) as raised:
        module.parse(text)
    assert raised.value.rule == rule


@given(st.from_regex(r"[A-Za-z0-9._-]{2,20}@[A-Za-z][A-Za-z0-9]{1,10}", fullmatch=True))
def test_addresses_that_differ_in_case_only_are_the_same_address(text: str) -> None:
    assert vpa.parse(text) == vpa.parse(text.swapcase())
