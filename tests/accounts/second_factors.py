"""An authenticator app for tests: RFC 6238 by the book, independent of what the product uses."""

import base64
import hmac
import struct
from datetime import datetime

PERIOD = 30


def totp(secret: str, at: datetime, *, later: int = 0) -> str:
    """The code of the app at `at`, or `later` periods after it."""
    counter = struct.pack(">Q", int(at.timestamp()) // PERIOD + later)
    digest = hmac.digest(base64.b32decode(secret), counter, "sha1")
    offset = digest[-1] & 15
    return f"{(struct.unpack_from('>I', digest, offset)[0] & 0x7FFFFFFF) % 10**6:06d}"
