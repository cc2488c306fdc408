"""Loans that are open are played along the prices of the past; who owes nothing is not stressed."""

from dataclasses import replace

import pytest

from wallets.engine.chains.demo_wallet import USDC, WETH, demo_evidence
from wallets.engine.evidence import HealthRow, PriceRow
from wallets.engine.ledger import reconstruct
from wallets.engine.price_paths import WINDOW, stress
from wallets.engine.pricing import DAY

AS_OF = 1_795_000_000
ME = "0x" + "ab" * 20
DEMO = demo_evidence(ME, AS_OF)
ETHER, DOLLAR = f"eip155:1/{WETH}", f"eip155:1/{USDC}"


def priced(ether: list[float], factor: float) -> object:
    """The demo's open loan with a price of ether for each of the last days, and a factor of now."""
    prices = [PriceRow(ETHER, AS_OF - (len(ether) - 1 - day) * DAY, str(usd), "test") for day, usd in enumerate(ether)]
    dollars = [PriceRow(DOLLAR, row.at, "1", "test") for row in prices]
    health = (HealthRow("eip155:1", ME, "aave-v3", AS_OF, factor),)
    return reconstruct(replace(DEMO, prices=(*prices, *dollars), health=health))


def test_steady_prices_leave_the_factor_where_it_is() -> None:
    (found,) = stress(priced([2_000.0] * 100, 1.5))
    assert (found.factor, found.lowest, found.liquidated) == (1.5, 1.5, 0.0)
    assert (found.fall, found.protocol) == (pytest.approx(1 / 3), "aave-v3")
    assert found.paths == 100 - WINDOW


def test_a_fall_of_the_past_is_played_again() -> None:
    ether = [2_000.0] * 40 + [1_000.0] * 60
    (found,) = stress(priced(ether, 1.5))
    assert found.lowest == pytest.approx(0.75)
    assert found.liquidated == pytest.approx(WINDOW / (100 - WINDOW))


def test_a_rise_harms_nobody() -> None:
    (found,) = stress(priced([1_000.0 + 10 * day for day in range(100)], 1.2))
    assert (found.lowest, found.liquidated) == (pytest.approx(1.2), 0.0)


def test_an_old_factor_moves_with_the_prices_since() -> None:
    ether = [2_000.0] * 90 + [1_500.0] * 10
    ledger = priced(ether, 2.0)
    row = replace(ledger.evidence.health[0], at=AS_OF - 50 * DAY)
    (found,) = stress(reconstruct(replace(ledger.evidence, health=(row,))))
    assert found.factor == pytest.approx(1.5)


def test_without_a_debt_a_factor_or_a_past_nothing_is_said() -> None:
    assert stress(priced([2_000.0] * WINDOW, 1.5)) == ()
    assert stress(reconstruct(replace(DEMO, health=()))) == ()
    repaid = replace(DEMO, logs=tuple(log for log in DEMO.logs if "b3d084820fb1a9de" not in log.topics[0]))
    assert stress(reconstruct(repaid)) == ()


def test_the_demo_has_one_open_loan() -> None:
    (found,) = stress(reconstruct(DEMO))
    assert found.factor > 1
    assert found.paths > 500
    assert 0 <= found.liquidated <= 1
