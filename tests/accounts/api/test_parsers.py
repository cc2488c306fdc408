"""A body of JSON has a size and a depth."""

from django.test import override_settings
from rest_framework.test import APIClient

SIGN_IN = "/api/v1/auth/sign_in"


def post(body: bytes) -> tuple[int, str]:
    answer = APIClient().post(SIGN_IN, data=body, content_type="application/json")
    return answer.status_code, answer.json()["type"].rpartition(":")[2]


def test_json_nested_deeper_than_python_reads_is_400() -> None:
    assert post(b"[" * 100_000) == (400, "parse_error")


def test_bytes_that_are_no_json_are_400() -> None:
    assert post(b"\xff\xfe{}") == (400, "parse_error")


@override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=100)
def test_more_json_than_a_request_may_hold_is_413() -> None:
    assert post(b'{"email": "' + b"x" * 100 + b'"}') == (413, "too_large")
    assert post(b'{"email": "x"}')[0] == 422
