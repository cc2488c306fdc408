"""How our calls to your server are signed, how you check that, and when we try again. Python alone; take it with you.

The headers are those of Standard Webhooks: `webhook-id`, `webhook-timestamp` (seconds since 1970) and
`webhook-signature`: `v1,` and the base64 of HMAC-SHA256 over `<id>.<timestamp>.<body>`, the key being what follows
`whsec_` of your secret, base64-decoded. While a secret is being changed there are two signatures with a space between.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping

MARK = "whsec_"
VERSION = "v1,"
TOLERANCE_SECONDS = 300
WAITS_SECONDS = (10, 60, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 72_000)
"""Between one try and the next: eleven tries in 71.5 hours, then we give up."""
GIVEN_UP_AFTER_SECONDS = 3 * 86_400


class NotFromUs(ValueError):
    """The call is not signed with your secret, or it is older than five minutes: answer 400 and do nothing."""


def signature(*, secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """The signature of one message.

    >>> signature(secret="whsec_" + "A" * 32, message_id="msg_1", timestamp=1, body=b"{}")
    'v1,OmiNie3fi8ZEZmbPlxeTQD55tTTpVS4mgkAkQDtSVQg='
    """
    key = base64.b64decode(secret.removeprefix(MARK))
    digest = hmac.digest(key, f"{message_id}.{timestamp}.".encode() + body, hashlib.sha256)
    return VERSION + base64.b64encode(digest).decode()


def verify(*, secret: str, headers: Mapping[str, str], body: bytes, now: float) -> None:
    """Raise NotFromUs unless we signed exactly these bytes within five minutes of `now` (seconds since 1970).

    `headers` has lower-case names. Check before you parse the body, and keep `webhook-id`:
    the same id is the same news.
    """
    try:
        message_id, timestamp = headers["webhook-id"], int(headers["webhook-timestamp"])
        given = headers["webhook-signature"].split(" ")
        expected = signature(secret=secret, message_id=message_id, timestamp=timestamp, body=body)
    except (KeyError, ValueError, binascii.Error) as error:
        raise NotFromUs("the signature headers are missing or malformed") from error
    if abs(now - timestamp) > TOLERANCE_SECONDS:
        raise NotFromUs("the call is too old, or your clock is wrong")
    if not any(hmac.compare_digest(one.encode(), expected.encode()) for one in given):
        raise NotFromUs("the signature is not ours")


def wait_after(tries: int) -> int | None:
    """Seconds until the next try after so many; None when we give up.

    >>> wait_after(1), wait_after(10), wait_after(11), sum(WAITS_SECONDS) < GIVEN_UP_AFTER_SECONDS
    (10, 72000, None, True)
    """
    return WAITS_SECONDS[tries - 1] if tries <= len(WAITS_SECONDS) else None
