"""Every parameter agrees with its oracle; transforms do what the page says."""

import math

import pytest

from tests.wallets.engine.parameters.oracles import ORACLES, Plain
from tests.wallets.engine.parameters.stories import AS_OF, random_story
from wallets.engine.chains.demo_wallet import demo_evidence
from wallets.engine.evidence import Evidence
from wallets.engine.ledger import Ledger, reconstruct
from wallets.engine.onchain_model import serving
from wallets.engine.parameters.catalogue import PARAMETERS
from wallets.engine.parameters.transforms import log_ramp, plateau, ramp

HISTORIES = {
    "demo": demo_evidence("0x" + "ab" * 20, AS_OF),
    **{f"random {seed}": random_story(seed).evidence() for seed in range(4)},
}
LEDGERS = {name: reconstruct(evidence) for name, evidence in HISTORIES.items()}


def test_the_24_parameters_have_an_oracle_and_a_rule_each() -> None:
    rules = [rule.key for rule in serving().rules]
    assert rules == list(PARAMETERS) == list(ORACLES)
    assert len(rules) == 24


@pytest.mark.parametrize("key", PARAMETERS)
@pytest.mark.parametrize(
    ("evidence", "ledger"), [(HISTORIES[name], LEDGERS[name]) for name in HISTORIES], ids=HISTORIES
)
def test_a_parameter_agrees_with_its_oracle(key: str, evidence: Evidence, ledger: Ledger) -> None:
    rule = next(rule for rule in serving().rules if rule.key == key)
    reading = PARAMETERS[key](ledger, rule)
    expected = ORACLES[key](Plain(evidence))
    assert set(reading.values) == set(expected)
    for name, value in expected.items():
        assert reading.values[name] == (value if value is None else pytest.approx(value, rel=1e-9, abs=1e-9)), name
    assert reading.score is None or 0 <= reading.score <= 1
    assert 0 <= reading.coverage <= 1


@pytest.mark.parametrize(
    ("x", "expected"), [(-1, 0.0), (0, 0.0), (0.2, 0.25), (0.4, 0.5), (0.65, 0.75), (0.9, 1.0), (5, 1.0)]
)
def test_a_ramp_is_linear_between_its_anchors(x: float, expected: float) -> None:
    assert ramp(x, (0, 0.4, 0.9)) == pytest.approx(expected)
    assert ramp(-x, (0, -0.4, -0.9)) == pytest.approx(expected)


def test_a_log_ramp_is_linear_in_the_logarithm() -> None:
    assert log_ramp(math.sqrt(30 * 365), (30, 365, 1460)) == pytest.approx(0.25)
    assert log_ramp(math.sqrt(51) - 1, (0, 50, 5000)) == pytest.approx(0.25)
    assert log_ramp(-3, (30, 365, 1460)) == 0


def test_the_plateau_is_one_inside_and_zero_at_four_times_either_way() -> None:
    inside, outside = (math.log(0.9), math.log(1.5)), math.log(4)
    assert [plateau(math.log(x), inside, outside) for x in (0.9, 1.0, 1.5)] == [1, 1, 1]
    assert plateau(math.log(4), inside, outside) == pytest.approx(0)
    assert plateau(math.log(0.25), inside, outside) == pytest.approx(0)
    assert plateau(math.log(math.sqrt(1.5 * 4)), inside, outside) == pytest.approx(0.5)
