"""Event logs of contracts: which events we know, and their values. A log is read only in the exact shape of its event.

Topic 0 is never enough: ERC-20 and ERC-721 share Transfer, Compound v2 and Uniswap v2 share Mint. What tells them
apart is the number of topics, and who emitted the log (`contracts.py`).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from wallets.engine.addresses import keccak

WORD = 64
"""Hex digits of one ABI word."""
STATIC = re.compile(r"(address|bool|u?int\d+|bytes32)", re.ASCII)
Value = int | str | bool


class UnreadableLog(ValueError):
    """Topics or data do not have the shape of the event."""


@dataclass(frozen=True)
class EventAbi:
    """`signature` with the parameters in order; `names` of all; `indexed` are the names that are topics."""

    key: str
    signature: str
    names: tuple[str, ...]
    indexed: tuple[str, ...]

    @property
    def types(self) -> tuple[str, ...]:
        """Types in order."""
        return tuple(self.signature.partition("(")[2].rstrip(")").split(","))

    @property
    def topic(self) -> str:
        """Topic 0: Keccak-256 of the signature."""
        return f"0x{keccak(self.signature.encode()).hex()}"

    def read(self, topics: Sequence[str], data: str) -> dict[str, Value]:
        """Values by name; those of dynamic type are left out. Raises UnreadableLog."""
        if len(topics) != len(self.indexed) + 1:
            raise UnreadableLog(f"{self.key} has {len(self.indexed) + 1} topics, the log {len(topics)}")
        types = dict(zip(self.names, self.types, strict=True))
        words = dict(zip(self.indexed, (topic[2:] for topic in topics[1:]), strict=True))
        plain = [name for name in self.names if name not in self.indexed]
        if len(data) - 2 < WORD * len(plain):
            raise UnreadableLog(f"{self.key}: the data is too short")
        words |= {name: data[2 + WORD * place : 2 + WORD * (place + 1)] for place, name in enumerate(plain)}
        return {name: _value(types[name], word) for name, word in words.items() if STATIC.fullmatch(types[name])}

    def write(self, values: Mapping[str, Value]) -> tuple[tuple[str, ...], str]:
        """Topics and data of the event with these values; values that are left out are zero."""
        words = {name: _word(values.get(name, 0)) for name in self.names}
        topics = (self.topic, *(f"0x{words[name]}" for name in self.indexed))
        return topics, "0x" + "".join(words[name] for name in self.names if name not in self.indexed)


def _value(kind: str, word: str) -> Value:
    try:
        number = int(word, 16)
    except ValueError as error:
        raise UnreadableLog("a word is not hexadecimal") from error
    if len(word) != WORD:
        raise UnreadableLog("a word is not 32 bytes long")
    if kind == "address":
        if number >> 160:
            raise UnreadableLog("an address is longer than 20 bytes")
        return f"0x{word[24:].lower()}"
    if kind == "bool":
        return bool(number)
    if kind == "bytes32":
        return f"0x{word.lower()}"
    return number - (1 << 256) if kind.startswith("int") and number >> 255 else number


def _word(value: Value) -> str:
    if isinstance(value, str):
        return value[2:].lower().rjust(WORD, "0")
    return f"{int(value) % (1 << 256):064x}"


def _event(key: str, signature: str, parameters: str) -> EventAbi:
    """`parameters`: the names in order, those that are topics starred."""
    names = parameters.split()
    bare = tuple(name.rstrip("*") for name in names)
    return EventAbi(key, signature, bare, tuple(name.rstrip("*") for name in names if name.endswith("*")))


EVENTS = (
    _event("erc20.Transfer", "Transfer(address,address,uint256)", "from* to* amount"),
    _event("erc721.Transfer", "Transfer(address,address,uint256)", "from* to* token*"),
    _event("erc20.Approval", "Approval(address,address,uint256)", "owner* spender* amount"),
    _event("erc721.ApprovalForAll", "ApprovalForAll(address,address,bool)", "owner* spender* approved"),
    _event("erc1155.TransferSingle", "TransferSingle(address,address,address,uint256,uint256)",
           "operator* from* to* token amount"),
    _event("erc1155.TransferBatch", "TransferBatch(address,address,address,uint256[],uint256[])",
           "operator* from* to* tokens amounts"),
    _event("permit2.Approval", "Approval(address,address,address,uint160,uint48)",
           "owner* token* spender* amount expiration"),
    _event("permit2.Permit", "Permit(address,address,address,uint160,uint48,uint48)",
           "owner* token* spender* amount expiration nonce"),
    _event("weth.Deposit", "Deposit(address,uint256)", "user* amount"),
    _event("weth.Withdrawal", "Withdrawal(address,uint256)", "user* amount"),
    _event("aave_v3.Supply", "Supply(address,address,address,uint256,uint16)", "asset* by user* amount referral*"),
    _event("aave.Withdraw", "Withdraw(address,address,address,uint256)", "asset* user* to* amount"),
    _event("aave_v3.Borrow", "Borrow(address,address,address,uint256,uint8,uint256,uint16)",
           "asset* by user* amount mode rate referral*"),
    _event("aave_v3.Repay", "Repay(address,address,address,uint256,bool)", "asset* user* by* amount receipt"),
    _event("aave.LiquidationCall", "LiquidationCall(address,address,address,uint256,uint256,address,bool)",
           "collateral* asset* user* amount seized liquidator receipt"),
    _event("aave_v3.FlashLoan", "FlashLoan(address,address,address,uint256,uint8,uint256,uint16)",
           "target* by asset* amount mode premium referral*"),
    _event("aave_v2.Deposit", "Deposit(address,address,address,uint256,uint16)", "asset* by user* amount referral*"),
    _event("aave_v2.Borrow", "Borrow(address,address,address,uint256,uint256,uint256,uint16)",
           "asset* by user* amount mode rate referral*"),
    _event("aave_v2.Repay", "Repay(address,address,address,uint256)", "asset* user* by* amount"),
    _event("comet.Supply", "Supply(address,address,uint256)", "by* user* amount"),
    _event("comet.Withdraw", "Withdraw(address,address,uint256)", "user* to* amount"),
    _event("comet.SupplyCollateral", "SupplyCollateral(address,address,address,uint256)", "by* user* asset* amount"),
    _event("comet.WithdrawCollateral", "WithdrawCollateral(address,address,address,uint256)",
           "user* to* asset* amount"),
    _event("comet.AbsorbDebt", "AbsorbDebt(address,address,uint256,uint256)", "by* user* amount usd"),
    _event("comet.AbsorbCollateral", "AbsorbCollateral(address,address,address,uint256,uint256)",
           "by* user* asset* amount usd"),
    _event("ctoken.Mint", "Mint(address,uint256,uint256)", "user amount shares"),
    _event("ctoken.Redeem", "Redeem(address,uint256,uint256)", "user amount shares"),
    _event("ctoken.Borrow", "Borrow(address,uint256,uint256,uint256)", "user amount owed total"),
    _event("ctoken.RepayBorrow", "RepayBorrow(address,address,uint256,uint256,uint256)", "by user amount owed total"),
    _event("ctoken.LiquidateBorrow", "LiquidateBorrow(address,address,uint256,address,uint256)",
           "by user amount collateral shares"),
    _event("lido.Submitted", "Submitted(address,uint256,address)", "user* amount referral"),
    _event("lido.TransferShares", "TransferShares(address,address,uint256)", "from* to* shares"),
    _event("lido.WithdrawalRequested", "WithdrawalRequested(uint256,address,address,uint256,uint256)",
           "request* by* user* amount shares"),
    _event("lido.WithdrawalClaimed", "WithdrawalClaimed(uint256,address,address,uint256)", "request* user* to* amount"),
    _event("lido.TokenRebased", "TokenRebased(uint256,uint256,uint256,uint256,uint256,uint256,uint256)",
           "report* elapsed shares_before ether_before shares_after ether_after fees"),
    _event("rocketpool.DepositReceived", "DepositReceived(address,uint256,uint256)", "user* amount time"),
    _event("reth.TokensMinted", "TokensMinted(address,uint256,uint256,uint256)", "user* shares amount time"),
    _event("reth.TokensBurned", "TokensBurned(address,uint256,uint256,uint256)", "user* shares amount time"),
    _event("beacon.DepositEvent", "DepositEvent(bytes,bytes,bytes,bytes,bytes)",
           "pubkey credentials amount signature place"),
    _event("staking.Staked", "Staked(address,uint256)", "user* amount"),
    _event("staking.Withdrawn", "Withdrawn(address,uint256)", "user* amount"),
    _event("staking.RewardPaid", "RewardPaid(address,uint256)", "user* amount"),
    _event("masterchef.Deposit", "Deposit(address,uint256,uint256)", "user* pool* amount"),
    _event("masterchef.Withdraw", "Withdraw(address,uint256,uint256)", "user* pool* amount"),
    _event("erc4626.Deposit", "Deposit(address,address,uint256,uint256)", "by* user* amount shares"),
    _event("erc4626.Withdraw", "Withdraw(address,address,address,uint256,uint256)", "by* to* user* amount shares"),
    _event("uniswap_v2.PairCreated", "PairCreated(address,address,address,uint256)", "token0* token1* pair count"),
    _event("uniswap_v2.Mint", "Mint(address,uint256,uint256)", "by* amount0 amount1"),
    _event("uniswap_v2.Swap", "Swap(address,uint256,uint256,uint256,uint256,address)", "by* in0 in1 out0 out1 user*"),
    _event("uniswap_v2.Burn", "Burn(address,uint256,uint256,address)", "by* amount0 amount1 user*"),
    _event("uniswap_v2.Sync", "Sync(uint112,uint112)", "reserve0 reserve1"),
    _event("uniswap_v3.PoolCreated", "PoolCreated(address,address,uint24,int24,address)",
           "token0* token1* fee* spacing pool"),
    _event("uniswap_v3.Mint", "Mint(address,address,int24,int24,uint128,uint256,uint256)",
           "by owner* lower* upper* liquidity amount0 amount1"),
    _event("uniswap_v3.Burn", "Burn(address,int24,int24,uint128,uint256,uint256)",
           "owner* lower* upper* liquidity amount0 amount1"),
    _event("uniswap_v3.Swap", "Swap(address,address,int256,int256,uint160,uint128,int24)",
           "by* user* amount0 amount1 price liquidity tick"),
    _event("uniswap_v3.IncreaseLiquidity", "IncreaseLiquidity(uint256,uint128,uint256,uint256)",
           "token* liquidity amount0 amount1"),
    _event("uniswap_v3.DecreaseLiquidity", "DecreaseLiquidity(uint256,uint128,uint256,uint256)",
           "token* liquidity amount0 amount1"),
    _event("chainlink.AnswerUpdated", "AnswerUpdated(int256,uint256,uint256)", "answer* round* updated"),
    _event("eas.Attested", "Attested(address,address,bytes32,bytes32)", "recipient* attester* uid schema*"),
    _event("eas.Revoked", "Revoked(address,address,bytes32,bytes32)", "recipient* attester* uid schema*"),
    _event("erc4337.UserOperationEvent",
           "UserOperationEvent(bytes32,address,address,uint256,bool,uint256,uint256)",
           "hash* user* paymaster* nonce success cost gas"),
)  # fmt: skip


@cache
def by_topic() -> dict[tuple[str, int], tuple[EventAbi, ...]]:
    """Events by topic 0 and number of topics."""
    found: dict[tuple[str, int], tuple[EventAbi, ...]] = {}
    for event in EVENTS:
        place = (event.topic, len(event.indexed) + 1)
        found[place] = (*found.get(place, ()), event)
    return found


@cache
def by_key() -> dict[str, EventAbi]:
    """Events by our name of them."""
    return {event.key: event for event in EVENTS}
