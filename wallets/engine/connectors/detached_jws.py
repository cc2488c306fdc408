"""Signatures of the Account Aggregator ecosystem: RS256, over a body that travels beside them or inside them.

`x-jws-signature` is a detached JWS with the payload unencoded (RFC 7797: `b64` false and critical); a signed consent is
a compact JWS (RFC 7515). No other algorithm is taken, whatever a header says.
"""

import base64
import json
from binascii import Error as NotBase64

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from wallets.engine.connectors.protocol import SourceTrouble, Trouble

ALGORITHM = "RS256"


def private_key(pem: bytes) -> RSAPrivateKey:
    """The key that signs. Raises ValueError."""
    key = load_pem_private_key(pem, password=None)
    if not isinstance(key, RSAPrivateKey):
        raise ValueError("the signing key is an RSA key")
    return key


def public_key(pem: bytes) -> RSAPublicKey:
    """The key that proves. Raises ValueError."""
    key = load_pem_public_key(pem)
    if not isinstance(key, RSAPublicKey):
        raise ValueError("the key of the aggregator is an RSA key")
    return key


def detached(body: bytes, *, key: RSAPrivateKey, key_id: str) -> str:
    """The signature of a body, for `x-jws-signature`."""
    head = _b64(json.dumps({"alg": ALGORITHM, "kid": key_id, "b64": False, "crit": ["b64"]}).encode())
    return f"{head}..{_b64(key.sign(head.encode() + b'.' + body, PKCS1v15(), SHA256()))}"


def verify_detached(signature: str, body: bytes, *, key: RSAPublicKey) -> None:
    """Raise SourceTrouble(ALTERED) unless the body is what the key's holder signed."""
    head, payload, proof = _parts(signature)
    if payload:
        raise SourceTrouble(Trouble.ALTERED, "jws")
    _verify(head, body if _head(head).get("b64") is False else _b64(body).encode(), proof, key)


def compact(payload: bytes, *, key: RSAPrivateKey, key_id: str) -> str:
    """A signed text that carries what it signs."""
    head = _b64(json.dumps({"alg": ALGORITHM, "kid": key_id}).encode())
    body = _b64(payload)
    return f"{head}.{body}.{_b64(key.sign(f'{head}.{body}'.encode(), PKCS1v15(), SHA256()))}"


def verified(text: str, *, key: RSAPublicKey) -> bytes:
    """What such a text carries. Raises SourceTrouble(ALTERED)."""
    head, payload, proof = _parts(text)
    if _head(head).get("crit"):
        raise SourceTrouble(Trouble.ALTERED, "jws")
    _verify(head, payload.encode(), proof, key)
    return _bytes(payload)


def signature_of(text: str) -> str:
    """The third part of a compact JWS: how a request names the consent it acts under."""
    return _parts(text)[2]


def _verify(head: str, payload: bytes, proof: str, key: RSAPublicKey) -> None:
    try:
        key.verify(_bytes(proof), head.encode() + b"." + payload, PKCS1v15(), SHA256())
    except InvalidSignature as error:
        raise SourceTrouble(Trouble.ALTERED, "signature") from error


def _head(text: str) -> dict[str, object]:
    """The header, once it is one that we understand: RS256, nothing critical but `b64`."""
    try:
        head = json.loads(_bytes(text))
    except ValueError as error:
        raise SourceTrouble(Trouble.ALTERED, "jws") from error
    if not isinstance(head, dict) or head.get("alg") != ALGORITHM or head.get("crit", ["b64"]) != ["b64"]:
        raise SourceTrouble(Trouble.ALTERED, "jws")
    return head


def _parts(text: str) -> list[str]:
    parts = text.split(".")
    if len(parts) != 3:
        raise SourceTrouble(Trouble.ALTERED, "jws")
    _head(parts[0])
    return parts


def _b64(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (NotBase64, ValueError) as error:
        raise SourceTrouble(Trouble.ALTERED, "base64") from error
