"""Canonical bytes are the base of every digest in the product."""

import hashlib
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creditiq.kernel.hashing import canonical_json, chain_hash, digest, merkle_root

plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.text(), plain, max_size=6))
def test_the_order_of_keys_never_changes_the_bytes(value: dict[str, object]) -> None:
    backwards = dict(reversed(value.items()))
    assert canonical_json(value) == canonical_json(backwards)


def test_decimals_and_moments_have_one_form() -> None:
    moment = datetime(2026, 11, 20, 10, 42, tzinfo=UTC)
    assert canonical_json({"amount": Decimal("1200.50"), "at": moment}) == (
        b'{"amount":"1200.50","at":"2026-11-20T10:42:00.000000Z"}'
    )


def test_a_value_that_is_not_a_number_is_refused() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical_json(float("nan"))


def test_a_chain_commits_to_everything_before_it() -> None:
    first = chain_hash("", {"act": 1})
    assert chain_hash(first, {"act": 2}) != chain_hash(chain_hash("", {"act": 9}), {"act": 2})


def test_the_merkle_root_of_three_leaves_follows_rfc_6962() -> None:
    def leaf(content: bytes) -> bytes:
        return hashlib.sha256(b"\x00" + content).digest()

    def node(left: bytes, right: bytes) -> bytes:
        return hashlib.sha256(b"\x01" + left + right).digest()

    expected = node(node(leaf(b"a"), leaf(b"b")), leaf(b"c")).hex()
    assert merkle_root([b"a", b"b", b"c"]) == expected


def test_equal_values_have_equal_digests() -> None:
    assert digest({"a": 1, "b": [2]}) == digest({"b": [2], "a": 1})
