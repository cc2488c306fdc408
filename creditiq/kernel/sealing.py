"""Texts that only a key opens: AES-256-GCM, written `gcm1$<key id>$<base64 of nonce and ciphertext>`.

What is sealed is bound to its key id and its place (`app.model.field`): a text moved to another column does not open.
"""

import base64
import os
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

FORMAT = "gcm1"
MARK = f"{FORMAT}$"
NONCE = 12
"""Octets: the length GCM is made for (NIST SP 800-38D §8.2)."""
KEY = 32


class Unreadable(ValueError):
    """The text was changed, was moved, or its key is not ours; what it said is not guessed."""


@dataclass(frozen=True)
class Keyring:
    """Keys by id; new texts are sealed with `current`."""

    current: str
    keys: Mapping[str, bytes]

    @classmethod
    def read(cls, written: str) -> "Keyring":
        """From `id:base64,id:base64`, the current key first. Raises ValueError for anything else."""
        keys: dict[str, bytes] = {}
        for part in written.split(","):
            name, _, text = part.strip().partition(":")
            key = base64.b64decode(text, validate=True)
            if not name.isalnum() or len(key) != KEY or name in keys:
                raise ValueError("field keys are written id:base64, 32 bytes each, every id once")
            keys[name] = key
        return cls(next(iter(keys)), keys)


def new_key() -> bytes:
    """32 random octets."""
    return os.urandom(KEY)


def is_sealed(text: str) -> bool:
    """Whether the text is written in this format."""
    return text.startswith(MARK)


def key_id(sealed: str) -> str:
    """Which key a sealed text names."""
    return sealed.split("$", 2)[1]


def seal(plain: bytes, *, ring: Keyring, place: str) -> str:
    """The text under the current key; every call gives another one, because the nonce is new."""
    nonce = os.urandom(NONCE)
    hidden = AESGCM(ring.keys[ring.current]).encrypt(nonce, plain, _bound(ring.current, place))
    return f"{MARK}{ring.current}${base64.b64encode(nonce + hidden).decode()}"


def unseal(sealed: str, *, ring: Keyring, place: str) -> bytes:
    """What was sealed. Raises Unreadable."""
    try:
        written, name, text = sealed.split("$")
        raw = base64.b64decode(text, validate=True)
        if written != FORMAT:
            raise Unreadable("not a sealed text")
        return AESGCM(ring.keys[name]).decrypt(raw[:NONCE], raw[NONCE:], _bound(name, place))
    except (InvalidTag, KeyError, ValueError) as error:
        raise Unreadable(f"what is kept in {place} cannot be opened") from error


def _bound(name: str, place: str) -> bytes:
    return f"{name}|{place}".encode()
