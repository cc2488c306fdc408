"""Who signs for the house: a key here or a signer elsewhere, and the bytes of both."""

import pytest
from eth_account import Account
from hypothesis import given
from hypothesis import strategies as st

from tests.wallets.chain.anvil import ACCOUNTS, KEYS, Anvil
from wallets.chain.signer import ExternalSigner, SignerUnavailable, sender_of, signer_of
from wallets.engine import outbound

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
OWNER = ACCOUNTS[0]


def test_an_external_signer_signs_and_is_not_believed_blindly(chain: Anvil) -> None:
    wanted = outbound.Outbound(1, chain.node.nonce(OWNER), outbound.Fees(10**11, 10**9), 21_000, ACCOUNTS[1], "0x")
    signer = sender_of("", chain.url, OWNER)
    raw = signer.sign_transaction(wanted)
    assert raw == signer_of(KEYS[0]).sign_transaction(wanted)
    assert chain.node.send_raw(raw) == outbound.hash_of(raw)
    with pytest.raises(SignerUnavailable, match=r"another key|refused"):
        ExternalSigner(chain.url, "0x" + "99" * 20).sign_transaction(wanted)
    with pytest.raises(SignerUnavailable, match="does not answer"):
        ExternalSigner("http://127.0.0.1:9", OWNER).sign_transaction(wanted)


@given(st.integers(0, 2**40), st.integers(1, 2**50), st.integers(21_000, 2**30), st.binary(max_size=70))
def test_our_bytes_are_those_of_the_library(nonce: int, most: int, gas: int, data: bytes) -> None:
    wanted = outbound.Outbound(10, nonce, outbound.Fees(most, most // 3), gas, ACCOUNTS[1], f"0x{data.hex()}")
    signed = Account.from_key(KEYS[0]).sign_transaction({
        "type": 2, "chainId": 10, "nonce": nonce, "maxFeePerGas": most, "maxPriorityFeePerGas": most // 3, "gas": gas,
        "to": Account.from_key(KEYS[1]).address, "value": 0, "data": data, "accessList": [],
    })  # fmt: skip
    raw = signer_of(KEYS[0]).sign_transaction(wanted)
    assert raw == f"0x{signed.raw_transaction.hex()}"
    assert wanted.signature_of(raw) == signer_of(KEYS[0]).sign(wanted.digest)
    with pytest.raises(outbound.NotTheTransaction):
        outbound.Outbound(10, nonce + 1, wanted.fees, gas, ACCOUNTS[1], wanted.data).signature_of(raw)
