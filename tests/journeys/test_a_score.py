"""A stranger's first minutes: sign in, ask for a score, see why; the good, the struggling and the ring."""

import time

import pytest

from tests.journeys.callers import Caller
from tests.product import Product

pytestmark = pytest.mark.integration


def scored(product: Product, first_name: str) -> dict[str, object]:
    caller = Caller(product.address, first_name)
    return caller.await_score(caller.request_score(caller.business()["gstin"]))


def test_a_score_comes_within_two_seconds_and_its_points_add_up(running_product: Product) -> None:
    priya = Caller(running_product.address, "priya")
    gstin = priya.business()["gstin"]
    priya.await_score(priya.request_score(gstin))
    started = time.monotonic()
    score = priya.await_score(priya.request_score(gstin))
    assert time.monotonic() - started < 2.0
    assert score["status"] == "complete"
    total = score["base_points"] + sum(part["points"] for part in score["shap_waterfall"])
    assert abs(total - score["credit_score"]) <= 0.5 or score["credit_score"] in {300, 900}
    assert score["score_low"] <= score["credit_score"] <= score["score_high"]
    assert 1 <= len(score["top_reasons"]) <= 6


def test_the_young_manufacturer_stands_above_the_struggling_firm_which_is_no_suspect(running_product: Product) -> None:
    priya, rahul = scored(running_product, "priya"), scored(running_product, "rahul")
    assert priya["credit_score"] > rahul["credit_score"]
    assert priya["fraud_flag"] is False
    assert rahul["fraud_flag"] is False


def test_the_firm_in_the_ring_is_flagged_and_held(running_product: Product) -> None:
    imran = scored(running_product, "imran")
    assert imran["fraud_flag"] is True
    assert float(imran["recommended_wc_amount"] or 0) == 0.0


def test_a_score_can_be_replayed_to_the_same_bytes(running_product: Product) -> None:
    caller = Caller(running_product.address, "priya")
    caller.await_score(caller.request_score(caller.business()["gstin"]))
    business = caller.business()
    analyst = Caller(running_product.address, "vikram")
    answer = analyst.post("audit/replay", {"business": business["id"], "as_of": _now()})
    assert answer.status_code == 200, answer.text
    assert answer.json()["identical"] is True


def _now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def test_the_ring_of_the_demo_appears_in_the_topology_with_its_members_and_its_money(running_product: Product) -> None:
    imran = Caller(running_product.address, "imran").business()
    deepa = Caller(running_product.address, "deepa")
    rings = deepa.get("fraud/rings").json()["results"]
    mine = next(ring for ring in rings if imran["gstin"] in {member["gstin"] for member in ring["members"]})
    assert mine["suspect"] is True
    detail = deepa.get(f"fraud/rings/{mine['id']}").json()
    payments = [payment for lap in detail["laps"] for payment in lap["payments"]]
    assert len(payments) >= 3
    graph = deepa.get("fraud/graph?flagged=true").json()
    assert mine["id"] in {node["ring"] for node in graph["nodes"]}
    assert graph["links"]
