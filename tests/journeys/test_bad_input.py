"""What is wrong is refused with the rule that it breaks, and never with a server error."""

import pytest

from tests.journeys.callers import Caller
from tests.product import Product

pytestmark = pytest.mark.integration
PROBLEM = "application/problem+json"


def test_a_gstin_with_a_wrong_check_digit_is_refused_by_the_rules_name(running_product: Product) -> None:
    priya = Caller(running_product.address, "priya")
    gstin = priya.business()["gstin"]
    wrong = gstin[:-1] + ("A" if gstin[-1] != "A" else "B")
    answer = priya.post("score", {"gstin": wrong})
    assert answer.status_code == 422
    assert answer.headers["Content-Type"] == PROBLEM
    assert answer.json()["errors"][0]["rule"] == "gstin.check_digit"


def test_nobody_gets_a_401_problem(running_product: Product) -> None:
    answer = Caller(running_product.address).get("auth/me")
    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == PROBLEM


def test_somebody_elses_business_and_one_that_does_not_exist_look_the_same(running_product: Product) -> None:
    priya, rahul = (Caller(running_product.address, name) for name in ("priya", "rahul"))
    foreign = priya.get(f"features/{rahul.business()['id']}")
    missing = priya.get("features/00000000-0000-4000-8000-000000000000")
    assert foreign.status_code == missing.status_code == 404
    assert foreign.json()["detail"] == missing.json()["detail"]


def test_json_that_is_none_is_a_problem_and_not_a_crash(running_product: Product) -> None:
    priya = Caller(running_product.address, "priya")
    for body in (b"", b"{", b"[]", b"null", b'{"gstin": null}', b'{"gstin": {"a": 1}}', b"\xff\xfe"):
        answer = priya.session.post(
            f"{priya.base}/score", data=body, headers={"Content-Type": "application/json"}, timeout=10
        )
        assert 400 <= answer.status_code < 500, body
        assert answer.headers["Content-Type"] == PROBLEM
