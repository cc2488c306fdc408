"""The network values that are not about rings, each against an independent calculation."""

import math

import networkx
import numpy as np
import polars as pl
import pytest

from fraud.engine import paper
from fraud.engine.centrality import pagerank_score
from fraud.engine.exposure import compliance_average, direct_exposure, fraud_exposure, traded_value
from fraud.engine.layout import force_layout
from fraud.engine.policy import DAY, FraudPolicy
from fraud.engine.population import NETWORK, screen_population
from fraud.engine.receivables import Bucket, receivables_gap
from fraud.engine.smurfing import structuring
from tests.fraud.engine.payments import AS_OF, edges_of, frames_of

LAKH = 100_000 * 100


def test_pagerank_agrees_with_networkx() -> None:
    draw = np.random.default_rng(2)
    tail, head = draw.integers(0, 30, (2, 90))
    value = draw.integers(1, 10**9, 90)
    graph = networkx.DiGraph()
    graph.add_nodes_from(range(34))
    for one, other, weight in zip(tail.tolist(), head.tolist(), value.tolist(), strict=True):
        before = graph.get_edge_data(one, other, {"weight": 0})["weight"]
        graph.add_edge(one, other, weight=before + weight)
    expected = networkx.pagerank(graph, alpha=0.85, tol=1e-12, max_iter=500)
    found = pagerank_score(tail, head, value, 34)
    assert found.tolist() == pytest.approx([34 * expected[node] for node in range(34)], rel=1e-8)


def test_pagerank_does_not_shrink_as_the_network_grows() -> None:
    hub = np.array([1, 2, 3]), np.array([0, 0, 0]), np.array([5, 5, 5])
    small, large = pagerank_score(*hub, 10), pagerank_score(*hub, 1000)
    assert small.mean() == pytest.approx(large.mean()) == pytest.approx(1)
    assert pagerank_score(*(np.zeros(0, np.int64) for _ in range(3)), 0).tolist() == []


def test_structuring_is_the_binomial_excess_of_the_band() -> None:
    bills = np.array([42, 46, 46, 47, 48, 49, 49.99, 50, 53, 120]) * 1_000 * 100
    found = structuring(bills.astype(np.int64))
    assert (found.under, found.beside, found.bills) == (6, 3, 10)
    assert found.index == pytest.approx((6 - 9 / 3) / math.sqrt(9 * (1 / 3) * (2 / 3)))
    assert found.share == pytest.approx(0.6)


def test_structuring_without_bills_near_the_line_is_missing() -> None:
    assert structuring(np.array([9 * LAKH])).index is None
    assert structuring(np.zeros(0, np.int64)).share == 0.0


def test_receivables_are_compared_month_by_month() -> None:
    assert receivables_gap([Bucket(100, 0), Bucket(300, 300)]) == pytest.approx(0.25)
    assert receivables_gap([Bucket(100, 900)]) == -1
    assert receivables_gap([Bucket(0, 50)]) is None


def test_receipts_of_all_rails_count_and_settlements_only_once() -> None:
    frames = frames_of(edges_of([(1, 2, 100, 5.0)]), [1, 2])
    at = {"occurred_at": AS_OF - DAY, "received_at": AS_OF - DAY}
    invoice = {"business": 2, "direction": "out", "counterparty_gstin": None, "kind": "B2CS", "cancelled": False}
    tax = {"taxable_paise": 900, "igst_paise": 100, "cgst_paise": 0, "sgst_paise": 0}
    note = invoice | {"kind": "CDNR"} | tax | {"taxable_paise": 400}
    void = invoice | tax | {"cancelled": True}
    receipt = {"business": 2, "reference": "N1", "direction": "credit", "purpose": "receipt", "counterparty": None}
    bank = [receipt | {"mode": mode, "amount_paise": 100} | at for mode in ("FT", "CASH", "UPI")]
    upi = [
        {"business": 2, "direction": "in", "status": status, "kind": kind, "amount_paise": 50} | at
        for status, kind in (("success", "P2M"), ("success", "P2P"), ("failed_technical", "P2M"))
    ]
    frames["gst_invoices"] = pl.DataFrame([invoice | tax | at, note | at, void | at])
    frames["bank_entries"] = pl.DataFrame(bank)
    frames["upi_payments"] = pl.DataFrame(upi)
    invoiced, received = 1_000 - 500, 100 + 100 + 50
    assert paper.receivables_gaps(frames, AS_OF) == {2: pytest.approx((invoiced - received) / invoiced)}


def test_a_return_filed_on_its_due_day_is_on_time_and_an_unfiled_one_is_late() -> None:
    frames = frames_of(edges_of([(1, 2, 100, 5.0)]), [1, 2])
    due = AS_OF - 40 * DAY
    filed = [due + DAY // 2, due + DAY // 2 + 1, None, AS_OF + 1]
    rows = [{"business": 1, "due_at": due, "filed_at": at, "occurred_at": due, "received_at": due} for at in filed]
    frames["gst_returns"] = pl.DataFrame(rows)
    assert paper.filing_rates(frames, AS_OF) == {1: 0.25}


def test_exposure_reaches_two_hops_and_never_passes_one() -> None:
    partners = {2: 60, 3: 40}
    assert direct_exposure(partners, {2: True}) == pytest.approx(0.6)
    assert fraud_exposure(partners, {}, {2: 1.0, 3: None}, 0.5) == pytest.approx(0.3)
    assert fraud_exposure(partners, {2: True, 3: True}, {2: 1.0, 3: 1.0}, 0.5) == pytest.approx(1)
    assert fraud_exposure({}, {}, {}, 0.5) is None
    assert compliance_average({2: 1}, {2: None}) is None
    assert traded_value({(1, 2): 5, (2, 3): 7}) == {1: {2: 5}, 2: {1: 5, 3: 7}, 3: {2: 7}}


def test_missing_is_missing_and_nothing_else() -> None:
    scan = screen_population(frames_of(edges_of([(1, 2, 100, 5.0)]), [1, 2, 3]), AS_OF, FraudPolicy())
    silent = dict(zip(NETWORK, scan.network[3], strict=True))
    assert {name for name, value in silent.items() if value is not None} == {"pagerank_score"}
    paying = dict(zip(NETWORK, scan.network[1], strict=True))
    assert paying["fraud_ring_flag"] == paying["cycle_velocity"] == paying["counterparty_fraud_exposure"] == 0.0
    assert paying["counterparty_compliance_avg"] is None


def test_an_empty_population_has_an_empty_screening() -> None:
    assert screen_population(frames_of(edges_of([]), []), AS_OF, FraudPolicy()).network == {}


def test_the_same_network_is_drawn_the_same_and_partners_near_each_other() -> None:
    tail, head = np.array([0, 1, 2, 3]), np.array([1, 2, 0, 4])
    points = force_layout(tail, head, 6)
    assert np.array_equal(points, force_layout(tail, head, 6))
    assert np.isfinite(points).all()
    assert np.linalg.norm(points[0] - points[1]) < np.linalg.norm(points[0] - points[3])


def test_the_policy_document_is_read_strictly() -> None:
    assert FraudPolicy.from_document({"suspect_confidence": "0.7"}).suspect_confidence == 0.7
    with pytest.raises(ValueError, match="unknown fraud policy keys: windows"):
        FraudPolicy.from_document({"windows": 1})
