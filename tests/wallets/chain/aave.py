"""Aave v3 on the test chain, its pool at the address it has on Ethereum, so that the contract registry knows it."""

import json
from dataclasses import dataclass
from pathlib import Path

from eth_utils import to_bytes

from tests.npm import folder
from tests.wallets.chain.anvil import ACCOUNTS, Anvil, Deployed
from wallets.engine.addresses import ZERO

POOL = "0x87870bca3f3fd6335c3f4ce8392d69350b4fa4e2"
RAY = 10**27
PRICE = 10**8
"""One US dollar in the oracle's units."""


@dataclass(frozen=True)
class Market:
    """A pool with two reserves: `collateral` lends 75 % of its worth, liquidated at 80 %; `cash` is borrowed."""

    pool: Deployed
    oracle: Deployed
    collateral: Deployed
    cash: Deployed


def artifact(name: str) -> Path:
    """A compiled contract of the package."""
    root = folder("@aave/core-v3", "1.19.3") / "artifacts" / "contracts"
    return next(root.rglob(f"{name}.sol/{name}.json"), None) or next(root.rglob(f"{name}.json"))


def _id(name: str) -> bytes:
    return to_bytes(text=name).ljust(32, b"\0")


def market(chain: Anvil, listed: tuple[Deployed, Deployed] | None = None) -> Market:
    """Deploy all of it; `listed` are collateral and cash where the test brings tokens of its own."""
    provider = chain.deploy(artifact("PoolAddressesProvider"), "test", ACCOUNTS[0])
    provider.send("setACLAdmin", ACCOUNTS[0])
    access = chain.deploy(artifact("ACLManager"), provider.address)
    provider.send("setACLManager", access.address)
    for role in ("addPoolAdmin", "addAssetListingAdmin", "addRiskAdmin"):
        access.send(role, ACCOUNTS[0])
    provider.send("setAddress", _id("POOL"), POOL)
    pool = _pool(chain, provider)
    oracle = chain.deploy(artifact("PriceOracle"))
    provider.send("setPriceOracle", oracle.address)
    logic = chain.deploy(artifact("ConfiguratorLogic"))
    built = chain.deploy(artifact("PoolConfigurator"), links={"ConfiguratorLogic": logic.address})
    provider.send("setPoolConfiguratorImpl", built.address)
    configurator = Deployed(chain, provider.call("getPoolConfigurator"), built.abi)
    collateral, cash = listed or [chain.deploy(artifact("MintableERC20"), name, name, 18) for name in ("GOLD", "CASH")]
    _list(chain, provider, configurator, (collateral, cash))
    for token, price in ((collateral, 100), (cash, 1)):
        oracle.send("setAssetPrice", token.address, price * PRICE)
    return Market(pool, oracle, collateral, cash)


def _pool(chain: Anvil, provider: Deployed) -> Deployed:
    links = {
        name: chain.deploy(artifact(name)).address
        for name in ("BorrowLogic", "BridgeLogic", "EModeLogic", "LiquidationLogic", "PoolLogic", "SupplyLogic")
    }
    links["FlashLoanLogic"] = chain.deploy(artifact("FlashLoanLogic"), links=links).address
    built = chain.deploy(artifact("Pool"), provider.address, links=links)
    chain.ask("anvil_setCode", POOL, chain.node.code(built.address))
    pool = Deployed(chain, POOL, json.loads(artifact("Pool").read_text())["abi"])
    pool.send("initialize", provider.address)
    return pool


def _list(chain: Anvil, provider: Deployed, configurator: Deployed, tokens: tuple[Deployed, ...]) -> None:
    tokens_of = [chain.deploy(artifact(name), POOL) for name in ("AToken", "StableDebtToken", "VariableDebtToken")]
    slopes = (RAY * 8 // 10, 0, RAY * 4 // 100, RAY * 6 // 10, RAY // 50, RAY * 6 // 10, RAY // 50, RAY // 50, RAY // 5)
    rates = chain.deploy(artifact("DefaultReserveInterestRateStrategy"), provider.address, *slopes)
    implementations = tuple(row.address for row in tokens_of)
    configurator.send(
        "initReserves",
        [
            (*implementations, 18, rates.address, token.address, ACCOUNTS[0], ZERO, "a", "a", "v", "v", "s", "s", b"")
            for token in tokens
        ],
    )
    for token in tokens:
        configurator.send("configureReserveAsCollateral", token.address, 7_500, 8_000, 10_500)
        configurator.send("setReserveBorrowing", token.address, True)
