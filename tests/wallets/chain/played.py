"""Fourteen months of a made-up freelancer on a local chain, with the real contracts of Aave, Uniswap and WETH.

Protocols and tokens lie at the addresses they have on Ethereum, so that the registry knows them; the people, amounts
and prices are made up. The dollar token and the price feed are small contracts of our own.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass

import vyper
from eth_account import Account
from eth_utils import keccak

from tests.npm import folder
from tests.wallets.chain.aave import PRICE, Market, market
from tests.wallets.chain.anvil import ACCOUNTS, Anvil, Deployed
from tests.wallets.chain.uniswap import V2

KEY = "0x" + keccak(b"CreditIQ local chain: this key is public and must never hold anything").hex()
WHO = str(Account.from_key(KEY).address).lower()
BANK = ACCOUNTS[0]
WETH, DAI = "0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2", "0x6b175474e89094c44da98b954eedeac495271d0f"
FEEDS = {
    "0x5f4ec3df9cbd43714fe2740f5e3616155c5b8419": 2_000,
    "0xaed0c38402a5d19df6e4c03f4e2dced6e29c1ee9": 1,
}
"""Chainlink's feeds for ether and DAI in US dollars, and what they say here."""
UNIT, DAY, MONTHS = 10**18, 86_400, 14
SPAN = (MONTHS * 30 + 5) * DAY
"""Seconds before its end at which the chain is to be born."""
MOST = 2**256 - 1
TOKEN = """
event Transfer:
    sender: indexed(address)
    receiver: indexed(address)
    amount: uint256

event Approval:
    owner: indexed(address)
    spender: indexed(address)
    amount: uint256

balanceOf: public(HashMap[address, uint256])
allowance: public(HashMap[address, HashMap[address, uint256]])
totalSupply: public(uint256)

@external
@view
def decimals() -> uint8:
    return 18

@external
@view
def symbol() -> String[3]:
    return "DAI"

@external
@view
def name() -> String[3]:
    return "DAI"

@external
def mint(to: address, amount: uint256):
    self.balanceOf[to] += amount
    self.totalSupply += amount
    log Transfer(sender=empty(address), receiver=to, amount=amount)

@internal
def _move(sender: address, to: address, amount: uint256):
    self.balanceOf[sender] -= amount
    self.balanceOf[to] += amount
    log Transfer(sender=sender, receiver=to, amount=amount)

@external
def transfer(to: address, amount: uint256) -> bool:
    self._move(msg.sender, to, amount)
    return True

@external
def transferFrom(sender: address, to: address, amount: uint256) -> bool:
    self.allowance[sender][msg.sender] -= amount
    self._move(sender, to, amount)
    return True

@external
def approve(spender: address, amount: uint256) -> bool:
    self.allowance[msg.sender][spender] = amount
    log Approval(owner=msg.sender, spender=spender, amount=amount)
    return True
"""
FEED = """
answer: public(int256)

@external
def write(answer: int256):
    self.answer = answer

@external
@view
def decimals() -> uint8:
    return 8

@external
@view
def latestRoundData() -> (uint80, int256, uint256, uint256, uint80):
    return 1, self.answer, block.timestamp, block.timestamp, 1
"""


@dataclass(frozen=True)
class Stage:
    """Everything the story needs."""

    chain: Anvil
    dollar: Deployed
    ether: Deployed
    exchange: V2
    loans: Market


def play(chain: Anvil, until: int, say: Callable[[str], None] = lambda _: None) -> str:
    """The wallet's address, once its months up to `until` (seconds since 1970) have been played."""
    stage = _built(chain)
    say("Uniswap v2, Aave v3, WETH, a dollar token and price feeds are deployed")
    chain.ask("anvil_impersonateAccount", WHO)
    chain.ask("anvil_setBalance", WHO, hex(4 * UNIT))
    for token in (stage.dollar, stage.ether):
        token.send("approve", stage.exchange.router.address, MOST, sender=WHO)
        token.send("approve", stage.loans.pool.address, MOST, sender=WHO)
    for month in range(MONTHS):
        for part in range(4):
            at = until - (MONTHS - month) * 30 * DAY + (1 + 7 * part) * DAY
            chain.ask("evm_setNextBlockTimestamp", hex(at))
            _week(stage, month, part)
    chain.ask("evm_setNextBlockTimestamp", hex(until - 60))
    chain.ask("evm_mine")
    say(f"{MONTHS} months of {WHO} are played, {chain.node.nonce(WHO)} transactions of its own")
    return WHO


def _built(chain: Anvil) -> Stage:
    dollar = _placed(chain, TOKEN, DAI)
    for address, dollars in FEEDS.items():
        _placed(chain, FEED, address).send("write", dollars * 10**8)
    path = folder("canonical-weth", "1.4.0") / "build" / "contracts" / "WETH9.json"
    built = json.loads(path.read_text())
    chain.ask("anvil_setCode", WETH, built["deployedBytecode"])
    ether = Deployed(chain, WETH, built["abi"])
    exchange = V2(chain)
    exchange.pair(ether, dollar)
    dollar.send("mint", BANK, 10_000_000 * UNIT)
    chain.ask("anvil_setBalance", BANK, hex(10_000 * UNIT))
    ether.send("deposit", value=3_000 * UNIT)
    exchange.provide(ether, dollar, (500 * UNIT, 1_000_000 * UNIT), BANK)
    loans = market(chain, (ether, dollar))
    loans.oracle.send("setAssetPrice", WETH, 2_000 * PRICE)
    loans.oracle.send("setAssetPrice", DAI, PRICE)
    dollar.send("approve", loans.pool.address, MOST)
    loans.pool.send("supply", DAI, 1_000_000 * UNIT, BANK, 0)
    return Stage(chain, dollar, ether, exchange, loans)


def _placed(chain: Anvil, source: str, address: str) -> Deployed:
    made = vyper.compile_code(source, output_formats=["abi", "bytecode_runtime"])
    chain.ask("anvil_setCode", address, made["bytecode_runtime"])
    return Deployed(chain, address, made["abi"])


def _week(stage: Stage, month: int, part: int) -> None:
    chain, dollar, pool = stage.chain, stage.dollar, stage.loans.pool
    for number in range(2):
        chain.transact(WHO, _party(f"shop {(month + part + number) % 9}"), value=UNIT // 200)
    dollar.send("transfer", _party(f"landlord {month % 2}"), (180 + 5 * part) * UNIT, sender=WHO) if part else None
    if part == 0:
        dollar.send("transfer", WHO, (1_400 + 37 * (month % 5)) * UNIT)
        chain.transact(BANK, WHO, value=UNIT // 10)
    if part == 1 and month % 2 == 0:
        route = [DAI, WETH]
        stage.exchange.router.send("swapExactTokensForTokens", 300 * UNIT, 0, route, WHO, 2**40, sender=WHO)
    if (part, month) == (2, 3):
        pool.send("supply", WETH, UNIT // 5, WHO, 0, sender=WHO)
    if part == 3 and month in {4, 8}:
        pool.send("borrow", DAI, 120 * UNIT, 2, 0, WHO, sender=WHO)
    if part == 3 and month in {6, 11}:
        pool.send("repay", DAI, 121 * UNIT, 2, WHO, sender=WHO)


def _party(name: str) -> str:
    return f"0x{keccak(name.encode())[-20:].hex()}"
