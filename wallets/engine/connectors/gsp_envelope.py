"""How the GST network wraps what it says: AES-256 under keys under keys, and an HMAC over the payload.

The application key (32 octets, ours, new for every sign-in) travels under the network's RSA key (PKCS #1 v1.5). The
session key comes back under it; every answer brings a key of its own (`rek`) under the session key, `data` under that,
and `hmac`: HMAC-SHA256 of the payload, which is JSON in base64, under `rek`. The block mode is ECB because the network
says so: what keeps an answer whole is the HMAC, which is demanded and compared before anything is read.
Format: developer.gst.gov.in, taxpayer APIs, “authentication” and “encryption”.
"""

import base64
import hmac
from collections.abc import Mapping

from cryptography import x509
from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from wallets.engine.connectors.protocol import SourceTrouble, Trouble, text_in

KEY = 32
_CERTIFICATE = b"-----BEGIN CERTIFICATE-----"


def public_key(pem: bytes) -> RSAPublicKey:
    """The network's key from a certificate or a public key in PEM. Raises ValueError."""
    key = x509.load_pem_x509_certificate(pem).public_key() if _CERTIFICATE in pem else load_pem_public_key(pem)
    if not isinstance(key, RSAPublicKey):
        raise ValueError("the key of the GST network is an RSA key")
    return key


def sealed_key(app_key: bytes, pem: bytes) -> str:
    """The application key for the network's eyes."""
    return _text(public_key(pem).encrypt(app_key, PKCS1v15()))


def enciphered(plain: bytes, key: bytes) -> str:
    """AES-256 with PKCS #7 padding, as base64."""
    pad = padding.PKCS7(algorithms.AES.block_size).padder()
    cipher = Cipher(algorithms.AES(key), modes.ECB()).encryptor()
    return _text(cipher.update(pad.update(plain) + pad.finalize()) + cipher.finalize())


def deciphered(text: str, key: bytes) -> bytes:
    """What was enciphered. Raises SourceTrouble(ALTERED): another key and a changed text look the same."""
    try:
        raw = base64.b64decode(text, validate=True)
        cipher = Cipher(algorithms.AES(key), modes.ECB()).decryptor()
        pad = padding.PKCS7(algorithms.AES.block_size).unpadder()
        return pad.update(cipher.update(raw) + cipher.finalize()) + pad.finalize()
    except ValueError as error:
        raise SourceTrouble(Trouble.ALTERED) from error


def signed(payload: bytes, key: bytes) -> str:
    """HMAC-SHA256 as base64."""
    return _text(hmac.digest(key, payload, "sha256"))


def session_key(sek: str, app_key: bytes) -> bytes:
    """The key of a session. Raises SourceTrouble(ALTERED)."""
    return _key(deciphered(sek, app_key))


def opened(answer: Mapping[str, object], key: bytes) -> bytes:
    """The JSON that an answer wraps, under the key of the session. Raises SourceTrouble(ALTERED, UNREADABLE)."""
    own = _key(deciphered(text_in(answer, "rek"), key))
    payload = deciphered(text_in(answer, "data"), own)
    if not hmac.compare_digest(signed(payload, own).encode(), text_in(answer, "hmac").encode()):
        raise SourceTrouble(Trouble.ALTERED, "hmac")
    try:
        return base64.b64decode(payload, validate=True)
    except ValueError as error:
        raise SourceTrouble(Trouble.UNREADABLE) from error


def wrapped(content: bytes, *, key: bytes, own: bytes) -> dict[str, object]:
    """The other way: an answer's members as the network makes them, `own` being the key of this answer."""
    payload = base64.b64encode(content)
    return {"data": enciphered(payload, own), "rek": enciphered(own, key), "hmac": signed(payload, own)}


def _key(octets: bytes) -> bytes:
    if len(octets) != KEY:
        raise SourceTrouble(Trouble.ALTERED, "key")
    return octets


def _text(octets: bytes) -> str:
    return base64.b64encode(octets).decode()
