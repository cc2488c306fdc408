"""A body has a size, a depth and a number of fields."""

import pytest
from django.test import override_settings
from rest_framework.test import APIClient

from tests.accounts.conftest import signed_in
from tests.factories.accounts import OwnerFactory

SIGN_IN = "/api/v1/auth/sign_in"


def post(body: bytes) -> tuple[int, str]:
    answer = APIClient().post(SIGN_IN, data=body, content_type="application/json")
    return answer.status_code, answer.json()["type"].rpartition(":")[2]


def test_json_nested_deeper_than_anybody_needs_is_400() -> None:
    assert post(b"[" * 100_000) == post(b"[" * 65) == (400, "parse_error")


def test_bytes_that_are_no_json_are_400() -> None:
    assert post(b"\xff\xfe{}") == (400, "parse_error")


@override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=100)
def test_more_json_than_a_request_may_hold_is_413() -> None:
    assert post(b'{"email": "' + b"x" * 100 + b'"}') == (413, "too_large")
    assert post(b'{"email": "x"}')[0] == 422


@pytest.mark.django_db
@override_settings(DATA_UPLOAD_MAX_NUMBER_FIELDS=3)
def test_more_fields_than_a_form_may_have_are_400() -> None:
    answer = signed_in(OwnerFactory()).post("/api/v1/evidence/uploads", dict.fromkeys("abcdef", "x"), "multipart")
    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "application/problem+json")


@pytest.mark.parametrize("half", [rb"\ud800", rb"\uDFFF"])
def test_half_a_surrogate_pair_is_400_and_a_whole_one_is_a_character(half: bytes) -> None:
    assert post(b'{"email": "' + half + b'"}') == (400, "parse_error")
    assert post(rb'{"email": "\ud83d\ude00"}')[0] == 422
