"""Who signs for the house. The key of development comes from the environment and is never stored or logged."""

import hashlib
import json
from functools import lru_cache
from importlib import import_module
from typing import Protocol

import requests

from creditiq.kernel import outgoing
from wallets.engine.addresses import checksum
from wallets.engine.outbound import NotTheTransaction, Outbound


class SignerUnavailable(Exception):
    """The external signer did not sign; the sentence says why and holds nothing secret."""


class TransactionSigner(Protocol):
    """Signs the house's transactions. Whoever keeps the key, only signed bytes come out."""

    @property
    def address(self) -> str:
        """Lower-case address that sends."""
        ...

    def sign_transaction(self, outbound: Outbound) -> str:
        """The bytes to send, in hex. Raises SignerUnavailable."""
        ...


class Signer(Protocol):
    """A key that signs and stays where it is; an external signer answers the same questions."""

    @property
    def address(self) -> str:
        """Lower-case address of the key."""
        ...

    def sign(self, digest: bytes) -> str:
        """Signature of a 32-byte digest: r, s and v (27 or 28) in hex."""
        ...

    def sign_token(self, signing_input: str) -> bytes:
        """ES256K signature of a token: r and s, 64 bytes."""
        ...


class EnvironmentKey:
    """`Signer` with a key of the environment."""

    def __init__(self, key: str) -> None:
        self._key = import_module("eth_keys").keys.PrivateKey(bytes.fromhex(key.removeprefix("0x")))

    @property
    def address(self) -> str:
        return str(self._key.public_key.to_address())

    def sign(self, digest: bytes) -> str:
        made = self._key.sign_msg_hash(digest)
        return f"0x{made.r:064x}{made.s:064x}{27 + made.v:02x}"

    def sign_token(self, signing_input: str) -> bytes:
        made = self._key.sign_msg_hash(hashlib.sha256(signing_input.encode()).digest())
        return bytes(made.to_bytes()[:64])

    def sign_transaction(self, outbound: Outbound) -> str:
        return outbound.signed(self.sign(outbound.digest))


class ExternalSigner:
    """`TransactionSigner` of another process (Web3Signer, Clef, a gateway to an HSM) by `eth_signTransaction`.

    What comes back is believed only when it is the very transaction that was asked for, signed by the configured
    address.
    """

    def __init__(self, url: str, address: str) -> None:
        self._url = url
        self._session = outgoing.session_for(url)
        self.address = address.lower()

    def sign_transaction(self, outbound: Outbound) -> str:
        asked = {
            "from": checksum(self.address), "nonce": hex(outbound.nonce), "gas": hex(outbound.gas), "type": "0x2",
            "maxFeePerGas": hex(outbound.fees.most), "maxPriorityFeePerGas": hex(outbound.fees.tip), "value": "0x0",
            "data": outbound.data, "chainId": hex(outbound.chain_id), **({"to": outbound.to} if outbound.to else {}),
        }  # fmt: skip
        body = {"jsonrpc": "2.0", "id": 1, "method": "eth_signTransaction", "params": [asked]}
        try:
            headers = {"Content-Type": "application/json"}
            answer = self._session.post(self._url, data=json.dumps(body), headers=headers).json()
        except (OSError, ValueError, requests.RequestException) as error:
            raise SignerUnavailable(f"The signer does not answer ({type(error).__name__}).") from error
        return self._checked(outbound, answer.get("result") if isinstance(answer, dict) else None)

    def _checked(self, outbound: Outbound, result: object) -> str:
        raw = result.get("raw") if isinstance(result, dict) else result
        if not isinstance(raw, str) or not raw.startswith("0x"):
            raise SignerUnavailable("The signer refused.")
        try:
            signature = outbound.signature_of(raw)
        except (NotTheTransaction, ValueError) as error:
            raise SignerUnavailable(f"The signer is not to be trusted: {error}.") from error
        if signed_by(outbound.digest, signature) != self.address:
            raise SignerUnavailable("The signer signed with another key.")
        return raw


def signed_by(digest: bytes, signature: str) -> str:
    """Address that made a signature over a digest; empty for none."""
    eth_keys = import_module("eth_keys")
    try:
        content = bytes.fromhex(signature.removeprefix("0x"))
        made = eth_keys.keys.Signature(content[:64] + bytes([content[64] - 27]))
        return str(made.recover_public_key_from_msg_hash(digest).to_address())
    except (ValueError, IndexError, eth_keys.exceptions.BadSignature, eth_keys.exceptions.ValidationError):
        return ""


@lru_cache(maxsize=2)
def signer_of(key: str) -> Signer | None:
    """The signer of a key of the settings; None when there is none."""
    return EnvironmentKey(key) if key else None


@lru_cache(maxsize=4)
def sender_of(key: str, url: str, address: str) -> TransactionSigner | None:
    """Who signs transactions by the settings: the external signer, else the key of development; None for neither."""
    if url and address:
        return ExternalSigner(url, address)
    return EnvironmentKey(key) if key else None
