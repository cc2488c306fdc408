"""A call is ours when the bytes, the time and the secret say so, and in no other case."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.engine.webhooks import (
    GIVEN_UP_AFTER_SECONDS,
    TOLERANCE_SECONDS,
    WAITS_SECONDS,
    NotFromUs,
    signature,
    verify,
    wait_after,
)

SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()
OTHER = "whsec_" + base64.b64encode(bytes(32)).decode()
BODY = b'{"type":"score.issued"}'
AT = 1_795_000_000


def signed(body: bytes = BODY, secret: str = SECRET, at: int = AT) -> dict[str, str]:
    said = signature(secret=secret, message_id="msg_1", timestamp=at, body=body)
    return {"webhook-id": "msg_1", "webhook-timestamp": str(at), "webhook-signature": said}


@given(st.binary(max_size=400), st.integers(-TOLERANCE_SECONDS, TOLERANCE_SECONDS))
def test_what_we_sign_verifies_within_five_minutes(body: bytes, late: int) -> None:
    verify(secret=SECRET, headers=signed(body), body=body, now=AT + late)


@pytest.mark.parametrize("late", [-TOLERANCE_SECONDS - 1, TOLERANCE_SECONDS + 1, 86_400])
def test_a_repeated_call_is_too_old(late: int) -> None:
    with pytest.raises(NotFromUs, match="too old"):
        verify(secret=SECRET, headers=signed(), body=BODY, now=AT + late)


@pytest.mark.parametrize(
    "changed",
    [
        {"webhook-id": "msg_2"},
        {"webhook-timestamp": str(AT + 1)},
        {"webhook-timestamp": "soon"},
        {"webhook-signature": ""},
        {"webhook-signature": "v1,AAAA"},
        {"webhook-signature": signed(secret=OTHER)["webhook-signature"]},
        {"webhook-signature": signed()["webhook-signature"].replace("v1,", "v1a,")},
    ],
)
def test_whatever_is_changed_is_not_from_us(changed: dict[str, str]) -> None:
    with pytest.raises(NotFromUs):
        verify(secret=SECRET, headers=signed() | changed, body=BODY, now=AT)


def test_another_body_or_no_headers_are_not_from_us() -> None:
    with pytest.raises(NotFromUs):
        verify(secret=SECRET, headers=signed(), body=BODY + b" ", now=AT)
    with pytest.raises(NotFromUs, match="missing"):
        verify(secret=SECRET, headers={}, body=BODY, now=AT)


def test_either_of_two_secrets_opens_a_call_while_they_change() -> None:
    both = " ".join((signed()["webhook-signature"], signed(secret=OTHER)["webhook-signature"]))
    for secret in (SECRET, OTHER):
        verify(secret=secret, headers=signed() | {"webhook-signature": both}, body=BODY, now=AT)


def test_we_try_ever_later_and_for_three_days() -> None:
    waits = [wait_after(tries) for tries in range(1, len(WAITS_SECONDS) + 2)]
    assert waits[:-1] == sorted(waits[:-1])
    assert waits[-1] is None
    assert 0.95 * GIVEN_UP_AFTER_SECONDS < sum(WAITS_SECONDS) <= GIVEN_UP_AFTER_SECONDS
