"""Uniswap on the test chain, its factories at the addresses they have on Ethereum, so that the registry knows them."""

import json
from pathlib import Path

from eth_utils import keccak

from tests.npm import folder
from tests.wallets.chain.anvil import ACCOUNTS, Anvil, Deployed

FACTORY_V2 = "0x5c69bee701ef814a2b6a3edd4b1652cb9cc5aa6f"
FACTORY_V3 = "0x1f98431c8ad98523631ae4a59f267346ea31f984"
LATER = 2**40


def _v2(name: str, package: str = "v2-core", version: str = "1.0.1") -> Path:
    return folder(f"@uniswap/{package}", version) / "build" / f"{name}.json"


def _v3(package: str, path: str) -> Path:
    version = {"v3-core": "1.0.1", "v3-periphery": "1.4.4"}[package]
    return folder(f"@uniswap/{package}", version) / "artifacts" / "contracts" / path


def _abi(path: Path) -> list[dict[str, object]]:
    return json.loads(path.read_text())["abi"]


class V2:
    """Factory, router and wrapped ether of Uniswap v2."""

    def __init__(self, chain: Anvil) -> None:
        self.chain = chain
        built = chain.deploy(_v2("UniswapV2Factory"), ACCOUNTS[0])
        chain.ask("anvil_setCode", FACTORY_V2, chain.node.code(built.address))
        self.factory = Deployed(chain, FACTORY_V2, built.abi)
        self.weth = chain.deploy(folder("canonical-weth", "1.4.0") / "build" / "contracts" / "WETH9.json")
        router = _v2("UniswapV2Router02", "v2-periphery", "1.1.0-beta.0")
        self.router = chain.deploy(router, FACTORY_V2, self.weth.address)

    def pair(self, one: Deployed, other: Deployed) -> Deployed:
        """The pair of two tokens, made when there is none."""
        self.factory.send("createPair", one.address, other.address)
        return Deployed(
            self.chain, self.factory.call("getPair", one.address, other.address), _abi(_v2("UniswapV2Pair"))
        )

    def provide(self, one: Deployed, other: Deployed, amounts: tuple[int, int], sender: str) -> None:
        for token, amount in zip((one, other), amounts, strict=True):
            token.send("approve", self.router.address, amount, sender=sender)
        self.router.send("addLiquidity", one.address, other.address, *amounts, 0, 0, sender, LATER, sender=sender)

    def swap(self, path: tuple[Deployed, ...], amount: int, sender: str) -> None:
        path[0].send("approve", self.router.address, amount, sender=sender)
        route = [token.address for token in path]
        self.router.send("swapExactTokensForTokens", amount, 0, route, sender, LATER, sender=sender)


class V3:
    """Factory, pool, positions and router of Uniswap v3."""

    def __init__(self, chain: Anvil, weth: str) -> None:
        self.chain = chain
        built = chain.deploy(_v3("v3-core", "UniswapV3Factory.sol/UniswapV3Factory.json"))
        code = chain.node.code(built.address).replace(built.address[2:], FACTORY_V3[2:])  # it knows where it lives
        chain.ask("anvil_setCode", FACTORY_V3, code)
        self.factory = Deployed(chain, FACTORY_V3, built.abi)
        self._spacing(3_000, 60)
        path = "NonfungiblePositionManager.sol/NonfungiblePositionManager.json"
        self.positions = chain.deploy(_v3("v3-periphery", path), FACTORY_V3, weth, ACCOUNTS[0])
        self.router = chain.deploy(_v3("v3-periphery", "SwapRouter.sol/SwapRouter.json"), FACTORY_V3, weth)

    def _spacing(self, fee: int, spacing: int) -> None:
        """What the constructor wrote; the code alone was copied. `feeAmountTickSpacing` is at slot 4 of the factory."""
        slot = "0x" + keccak(fee.to_bytes(32, "big") + (4).to_bytes(32, "big")).hex()
        self.chain.ask("anvil_setStorageAt", FACTORY_V3, slot, f"0x{spacing:064x}")

    def pool(self, one: Deployed, other: Deployed) -> str:
        """A pool at the price of one to one."""
        ends = sorted((one.address, other.address))
        self.positions.send("createAndInitializePoolIfNecessary", *ends, 3_000, 2**96)
        return str(self.factory.call("getPool", *ends, 3_000))

    def provide(self, one: Deployed, other: Deployed, amount: int, sender: str) -> None:
        ends = sorted((one.address, other.address))
        for token in (one, other):
            token.send("approve", self.positions.address, amount, sender=sender)
        wanted = (*ends, 3_000, -600, 600, amount, amount, 0, 0, sender, LATER)
        self.positions.send("mint", wanted, sender=sender)

    def swap(self, one: Deployed, other: Deployed, amount: int, sender: str) -> None:
        one.send("approve", self.router.address, amount, sender=sender)
        wanted = (one.address, other.address, 3_000, sender, LATER, amount, 0, 0)
        self.router.send("exactInputSingle", wanted, sender=sender)
