"""How financial data travels through an Account Aggregator that must not read it (ReBIT KeyMaterial, Curve25519).

Both ends make a key pair and a nonce of 32 octets for one exchange. The secret of the two keys (X25519, RFC 7748) goes
through HKDF-SHA256 with the first 20 octets of nonce ⊕ nonce as salt; AES-256-GCM with the last 12 as its nonce. Two
nonces give one key and one nonce, so a remote nonce that was seen before, or is our own, is refused.
"""

import base64
from binascii import Error as NotBase64
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

from wallets.engine.connectors.protocol import SourceTrouble, Trouble, table_in, text_in

NONCE, KEY, SALT = 32, 32, 20


@dataclass(frozen=True)
class Own:
    """Our end of one exchange: 32 octets each."""

    private: bytes = field(repr=False)
    nonce: bytes

    def material(self, expires_at: datetime) -> dict[str, object]:
        """What the other end needs of it; the key is written as X.509 SubjectPublicKeyInfo in base64."""
        public = X25519PrivateKey.from_private_bytes(self.private).public_key()
        written = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return {
            "cryptoAlg": "ECDH",
            "curve": "Curve25519",
            "params": "",
            "DHPublicKey": {
                "expiry": instant(expires_at),
                "Parameters": "",
                "KeyValue": base64.b64encode(written).decode(),
            },
            "Nonce": base64.b64encode(self.nonce).decode(),
        }


def instant(at: datetime) -> str:
    """A moment as the ecosystem writes it."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03}Z"


def nonce_in(material: Mapping[str, object]) -> bytes:
    """The other end's nonce. Raises SourceTrouble."""
    nonce = _bytes(text_in(material, "Nonce"))
    if len(nonce) != NONCE:
        raise SourceTrouble(Trouble.ALTERED, "nonce")
    return nonce


def opened(text: str, *, own: Own, material: Mapping[str, object], seen: Collection[bytes] = ()) -> bytes:
    """What the other end sealed for us. `seen`: nonces of earlier exchanges. Raises SourceTrouble(ALTERED)."""
    nonce = nonce_in(material)
    if nonce == own.nonce or nonce in seen:
        raise SourceTrouble(Trouble.ALTERED, "nonce")
    raw = _bytes(text)
    try:
        return _cipher(own, material).decrypt(_both(own.nonce, nonce)[SALT:], raw, None)
    except InvalidTag as error:
        raise SourceTrouble(Trouble.ALTERED, "data") from error


def sealed(plain: bytes, *, own: Own, material: Mapping[str, object]) -> str:
    """The other way: what the bank's end does."""
    iv = _both(own.nonce, nonce_in(material))[SALT:]
    return base64.b64encode(_cipher(own, material).encrypt(iv, plain, None)).decode()


def _cipher(own: Own, material: Mapping[str, object]) -> AESGCM:
    theirs = _public(text_in(table_in(material, "DHPublicKey"), "KeyValue"))
    try:
        secret = X25519PrivateKey.from_private_bytes(own.private).exchange(theirs)
    except ValueError as error:  # a point of small order: everybody would know the secret
        raise SourceTrouble(Trouble.ALTERED, "key") from error
    salt = _both(own.nonce, nonce_in(material))[:SALT]
    return AESGCM(HKDF(algorithm=SHA256(), length=KEY, salt=salt, info=None).derive(secret))


def _public(text: str) -> X25519PublicKey:
    """A public key: 32 octets as they are, or X.509; both are in use."""
    raw = _bytes(text)
    try:
        key = X25519PublicKey.from_public_bytes(raw) if len(raw) == KEY else load_der_public_key(raw)
    except ValueError as error:
        raise SourceTrouble(Trouble.ALTERED, "key") from error
    if not isinstance(key, X25519PublicKey):
        raise SourceTrouble(Trouble.ALTERED, "key")
    return key


def _both(one: bytes, other: bytes) -> bytes:
    return bytes(left ^ right for left, right in zip(one, other, strict=True))


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (NotBase64, ValueError) as error:
        raise SourceTrouble(Trouble.ALTERED, "base64") from error
