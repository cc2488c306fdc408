"""A loan on the real Aave, from the first deposit to a liquidation, as a wallet's evidence tells it."""

import pytest
import vyper

from accounts.models import User
from tests.wallets.chain.aave import PRICE, Market, market
from tests.wallets.chain.anvil import ACCOUNTS, Anvil
from tests.wallets.chain.conftest import AT
from wallets import services
from wallets.engine.evidence import Evidence
from wallets.engine.ledger import reconstruct
from wallets.models import Wallet
from wallets.selectors.wallets import stored_evidence

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
LENDER, WHO, LIQUIDATOR = ACCOUNTS
UNIT = 10**18
MOST = 2**256 - 1
FORGER = """
event Repay:
    reserve: indexed(address)
    user: indexed(address)
    repayer: indexed(address)
    amount: uint256
    use_a_tokens: bool

@external
def repay(user: address):
    log Repay(reserve=self, user=user, repayer=user, amount=10**24, use_a_tokens=False)
"""


def borrowed(chain: Anvil) -> Market:
    """100 GOLD at 100 USD deposited, 6,000 CASH borrowed, 1,000 repaid: a health factor of 1.6."""
    made = market(chain)
    for token, who, amount in (
        (made.cash, LENDER, 50_000),
        (made.cash, LIQUIDATOR, 50_000),
        (made.collateral, WHO, 100),
    ):
        token.send("mint", who, amount * UNIT)
        token.send("approve", made.pool.address, MOST, sender=who)
    made.cash.send("approve", made.pool.address, MOST, sender=WHO)
    made.pool.send("supply", made.cash.address, 50_000 * UNIT, LENDER, 0, sender=LENDER)
    made.pool.send("supply", made.collateral.address, 100 * UNIT, WHO, 0, sender=WHO)
    chain.mine(3)
    made.pool.send("borrow", made.cash.address, 6_000 * UNIT, 2, 0, WHO, sender=WHO)
    chain.mine(3)
    made.pool.send("repay", made.cash.address, 1_000 * UNIT, 2, WHO, sender=WHO)
    return made


def liquidate(made: Market) -> None:
    """GOLD falls to 60 USD, the health factor to 0.96; a stranger pays 1,000 and takes collateral."""
    made.pool.chain.mine(3)
    made.oracle.send("setAssetPrice", made.collateral.address, 60 * PRICE)
    made.pool.send(
        "liquidationCall", made.collateral.address, made.cash.address, WHO, 1_000 * UNIT, False, sender=LIQUIDATOR
    )


def told(wallet: Wallet, by: User) -> Evidence:
    services.ask_sync(wallet_id=wallet.uuid, by=by, at=AT)
    services.sync_wallet(wallet_id=wallet.pk, at=AT)
    return stored_evidence(wallet)


def keys(evidence: Evidence) -> list[str]:
    return [row.key for row in reconstruct(evidence).decoded if row.key.startswith("aave")]


def test_a_loan_and_its_liquidation_are_read_from_the_registered_pool(chain: Anvil, wallet: Wallet, asha: User) -> None:
    made = borrowed(chain)
    liquidate(made)
    evidence = told(wallet, asha)
    assert sorted(keys(evidence)) == [
        "aave.LiquidationCall", "aave_v3.Borrow", "aave_v3.Repay", "aave_v3.Supply",
    ]  # fmt: skip
    factors = [row.factor for row in sorted(evidence.health, key=lambda row: row.at)]
    assert factors[0] == pytest.approx(1.333, abs=0.01)  # at the borrowing
    assert factors[1] == pytest.approx(1.6, abs=0.01)  # after the repayment
    assert factors[-1] == pytest.approx(made.pool.call("getUserAccountData", WHO)[5] / 10**18, abs=0.001)
    assert {row.stream: row.complete for row in evidence.streams}["health"] == 1.0


def test_a_forged_repayment_changes_nothing(chain: Anvil, wallet: Wallet, asha: User) -> None:
    borrowed(chain)
    honest = keys(told(wallet, asha))
    built = vyper.compile_code(FORGER, output_formats=["abi", "bytecode"])
    chain.deploy(built).send("repay", WHO, sender=LIQUIDATOR)
    evidence = told(wallet, asha)
    assert keys(evidence) == honest
    assert sum(row.key == "aave_v3.Repay" for row in reconstruct(evidence).decoded) == 1
