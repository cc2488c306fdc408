"""Who signs for the house. The key of development comes from the environment and is never stored or logged."""

import hashlib
from functools import lru_cache
from importlib import import_module
from typing import Protocol


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
