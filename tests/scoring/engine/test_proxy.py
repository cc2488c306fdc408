"""The source system's rules, worked by hand."""

import math

import numpy as np
import pytest

from scoring.engine.proxy import LEAST, MOST, proxy_chances
from scoring.engine.sample import Sample


def of(*rows: dict[str, float], names: tuple[str, ...]) -> Sample:
    matrix = np.array([[row.get(name, math.nan) for name in names] for row in rows])
    count = len(rows)
    return Sample(names, matrix, np.zeros(count), np.arange(count), np.zeros(count, int), np.full(count, "x"))


def test_a_compliant_firm_with_cash_is_told_well() -> None:
    names = ("filing_compliance_rate", "gst_30d_value", "cash_buffer_days", "data_maturity_flag", "months_active_gst")
    good = {"filing_compliance_rate": 0.9, "gst_30d_value": 1.0, "cash_buffer_days": 40, "data_maturity_flag": 1}
    told = proxy_chances(of(good | {"months_active_gst": 24}, names=names))
    assert told == pytest.approx([0.5 - 0.15 - 0.10 - 0.08])


def test_missing_reads_as_zero_as_it_did_there() -> None:
    names = ("filing_compliance_rate", "cash_buffer_days", "data_maturity_flag", "months_active_gst")
    told = proxy_chances(of({}, names=names))
    assert told == pytest.approx([0.5 + 0.20 + 0.10 + 0.12])  # an empty buffer is not "below 5 and above 0"


def test_a_ring_adds_at_most_to_the_cap_and_all_stays_between_the_ends() -> None:
    names = ("fraud_ring_flag", "debit_failure_rate_90d", "upi_hhi_30d")
    worst = {"fraud_ring_flag": 1.0, "debit_failure_rate_90d": 0.5, "upi_hhi_30d": 1.0}
    assert proxy_chances(of(worst, {"fraud_ring_flag": 1.0}, names=names)) == pytest.approx([MOST, MOST])
    best = {"statutory_payment_regularity_score": 1.0, "cash_buffer_days": 90.0, "upi_inbound_outbound_ratio_30d": 5.0}
    assert proxy_chances(of(best, names=tuple(best)))[0] >= LEAST


def test_the_payment_ratio_is_read_as_the_logarithm_it_is_here() -> None:
    names = ("upi_inbound_outbound_ratio_30d",)
    above, below = {names[0]: math.log(1.6)}, {names[0]: math.log(1.4)}
    assert proxy_chances(of(above, below, names=names)).tolist() == pytest.approx([0.4, 0.5])
